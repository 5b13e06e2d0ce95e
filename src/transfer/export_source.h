// The items that a full export writes, page by page in key order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/engine.h"

namespace insula::transfer {

struct ItemPage {
  std::vector<EncodedItem> items;
  std::uint64_t next = 0;  // the next page's cursor
  bool more = false;
};

// Used by one job.
class ExportSource {
 public:
  ExportSource(storage::Engine& engine, storage::TableRef table) : engine_(engine), table_(std::move(table)) {}
  // The first page has cursor 0.
  Task<Result<ItemPage>> Read(std::uint64_t cursor);

 private:
  storage::Engine& engine_;
  storage::TableRef table_;
  std::optional<AttributeMap> start_;
};

}  // namespace insula::transfer
