#include "storage/rocks/table_counters.h"

#include "model/encoded_item.h"
#include "storage/rocks/varint.h"

namespace insula::storage::rocks {
namespace {

constexpr char kCountersVersion = 1;

// Counters never go below zero but for a bug; a row that says so is kept readable.
std::uint64_t NotNegative(std::int64_t value) { return value < 0 ? 0 : static_cast<std::uint64_t>(value); }

}  // namespace

TableCounters::Index& TableCounters::OfIndex(std::uint16_t id) {
  for (Index& index : indexes) {
    if (index.id == id) return index;
  }
  indexes.push_back({id, 0, 0});
  return indexes.back();
}

void CountersDelta::AddTo(TableCounters* counters) const {
  counters->items += items;
  counters->bytes += bytes;
  counters->written_halves += written_halves;
  for (const TableCounters::Index& delta : indexes) {
    TableCounters::Index& index = counters->OfIndex(delta.id);
    index.items += delta.items;
    index.bytes += delta.bytes;
  }
}

void AppendCounters(const TableCounters& counters, std::string* out) {
  out->push_back(kCountersVersion);
  AppendVarint(NotNegative(counters.items), out);
  AppendVarint(NotNegative(counters.bytes), out);
  AppendVarint(NotNegative(counters.written_halves), out);
  AppendVarint(counters.change_sequence, out);
  AppendVarint(counters.indexes.size(), out);
  for (const TableCounters::Index& index : counters.indexes) {
    AppendVarint(index.id, out);
    AppendVarint(NotNegative(index.items), out);
    AppendVarint(NotNegative(index.bytes), out);
  }
}

Result<TableCounters> CountersFrom(std::string_view bytes) {
  const Error damaged(ErrorCode::kCorruption, "a table's counters are damaged");
  if (bytes.empty() || bytes.front() != kCountersVersion) return damaged;
  bytes.remove_prefix(1);
  TableCounters counters;
  std::uint64_t count = 0;
  if (!TakeSigned(&bytes, &counters.items) || !TakeSigned(&bytes, &counters.bytes) ||
      !TakeSigned(&bytes, &counters.written_halves) || !TakeVarint(&bytes, &counters.change_sequence) ||
      !TakeVarint(&bytes, &count)) {
    return damaged;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    TableCounters::Index index;
    std::uint64_t id = 0;
    if (!TakeVarint(&bytes, &id) || !TakeSigned(&bytes, &index.items) || !TakeSigned(&bytes, &index.bytes)) {
      return damaged;
    }
    index.id = static_cast<std::uint16_t>(id);
    counters.indexes.push_back(index);
  }
  if (!bytes.empty()) return damaged;
  return counters;
}

}  // namespace insula::storage::rocks
