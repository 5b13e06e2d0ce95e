// A record on its way to the engine.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::transfer {

struct InputRecord;

// A put, and where it came from.
struct Put {
  storage::WriteRequest request;
  std::size_t bytes = 0;    // the item's size
  std::string key;          // of its object
  std::uint64_t index = 0;  // of its record there
  std::string item;         // as JSON, where it is to be shown if the put isn't made
};

// What PutItem checks is checked: the error is the record's own, or what PutItem would say of it. The record's parts
// are moved from, but for its place.
Result<Put> PutOf(InputRecord& record, const tenancy::Table& table);

}  // namespace insula::transfer
