// Marks that writes leave behind in their own commit, so that work of many writes that was interrupted finds out which
// of them were made: each is then made once, whatever others have written to the same items since.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage {

// Of one write of a job. Left also where the put changes nothing; not where its condition fails.
struct WriteMark {
  std::uint64_t job = 0;     // whatever tells jobs on one table apart
  std::uint64_t number = 0;  // of the write within it
};

// Safe from any thread.
class WriteMarks {
 public:
  virtual ~WriteMarks() = default;
  // The numbers of the job's writes that were made since its marks were last forgotten, in order.
  virtual Task<Result<std::vector<std::uint64_t>>> Find(tenancy::TableRef table, std::uint64_t job) = 0;
  // Idempotent; Refusal::kTableGone for a table that is gone, and its marks with it. No write of the job may be on its
  // way. Not durable at once: a crash may bring them back.
  virtual Task<Result<void>> Forget(tenancy::TableRef table, std::uint64_t job) = 0;
};

}  // namespace insula::storage
