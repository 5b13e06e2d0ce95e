#include "storage/rocks/table_counters.h"

#include <algorithm>

#include "model/encoded_item.h"
#include "storage/rocks/varint.h"

namespace insula::storage::rocks {
namespace {

constexpr char kPlain = 1;
constexpr char kWithExcess = 2;

// Counters never go below zero but for a bug; a row that says so is kept readable.
std::uint64_t NotNegative(std::int64_t value) { return value < 0 ? 0 : static_cast<std::uint64_t>(value); }

// Small numbers of either sign as small numbers.
std::uint64_t ZigZag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

bool HasExcess(const TableCounters::Index& index) { return index.vector_excess != 0; }

}  // namespace

TableCounters::Index& TableCounters::OfIndex(std::uint16_t id) {
  for (Index& index : indexes) {
    if (index.id == id) return index;
  }
  indexes.push_back({id});
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
    index.vector_excess += delta.vector_excess;
  }
}

void AppendCounters(const TableCounters& counters, std::string* out) {
  const bool with_excess = std::ranges::any_of(counters.indexes, HasExcess);
  out->push_back(with_excess ? kWithExcess : kPlain);
  AppendVarint(NotNegative(counters.items), out);
  AppendVarint(NotNegative(counters.bytes), out);
  AppendVarint(NotNegative(counters.written_halves), out);
  AppendVarint(counters.change_sequence, out);
  AppendVarint(counters.indexes.size(), out);
  for (const TableCounters::Index& index : counters.indexes) {
    AppendVarint(index.id, out);
    AppendVarint(NotNegative(index.items), out);
    AppendVarint(NotNegative(index.bytes), out);
    if (with_excess) AppendVarint(ZigZag(index.vector_excess), out);
  }
}

Result<TableCounters> CountersFrom(std::string_view bytes) {
  const Error damaged(ErrorCode::kCorruption, "a table's counters are damaged");
  if (bytes.empty() || (bytes.front() != kPlain && bytes.front() != kWithExcess)) return damaged;
  const bool with_excess = bytes.front() == kWithExcess;
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
    std::uint64_t excess = 0;
    if (!TakeVarint(&bytes, &id) || !TakeSigned(&bytes, &index.items) || !TakeSigned(&bytes, &index.bytes) ||
        (with_excess && !TakeVarint(&bytes, &excess))) {
      return damaged;
    }
    index.id = static_cast<std::uint16_t>(id);
    index.vector_excess = UnZigZag(excess);
    counters.indexes.push_back(index);
  }
  if (!bytes.empty()) return damaged;
  return counters;
}

}  // namespace insula::storage::rocks
