// Whether an engine's files still hold what was written to them. Nothing that a request does: an operator asks.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "model/ids.h"

namespace insula::storage {

// Safe from any thread.
class FileCheck {
 public:
  virtual ~FileCheck() = default;

  // Reads each file of the store's data, all of it, and compares it with its checksums: those of rows and indexes, and
  // of change logs. A line for each one that is damaged or can't be read, with its name. What goes while it is read
  // isn't damaged. Takes as long as reading the store at the rate of background work does; ServiceUnavailable once the
  // engine is stopping.
  virtual Task<Result<std::vector<std::string>>> FindDamagedFiles(StoreId store) = 0;
};

}  // namespace insula::storage
