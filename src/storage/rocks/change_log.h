// The change log: one record per changed item, in a column family of its own, in the same batch as the change.
// Streams, point in time, incremental exports and moves read it.
//
//   key    := incarnation(8) sequence(8)                          big-endian; sequence starts at 1, no gaps
//   value  := version(1)=1 time-us(varint) body
//   body   := flags(1) key old? new?
//   flags  := 1 has old | 2 has new | 4 deleted by the service itself, by time to live
//   key    := length(varint) bytes                                 model/primary_key.h EncodeKey
//   old, new := length(varint) item                                model/encoded_item.h
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/ids.h"

namespace insula::storage::rocks {

struct ChangeRecord {
  WallTime committed_at{};
  std::string_view key;
  std::optional<std::string_view> old_item;  // encoded
  std::optional<std::string_view> new_item;
  bool by_time_to_live = false;
};

std::string ChangeRowKey(Incarnation incarnation, std::uint64_t sequence);
// The part of a record that its writer knows.
std::string ChangeBody(std::string_view key, std::optional<std::string_view> old_item,
                       std::optional<std::string_view> new_item, bool by_time_to_live);
// What stands before the body: a record's value is both.
std::string ChangeHead(WallTime committed_at);
// Views into `value`. Corruption if it is no record.
Result<ChangeRecord> ChangeRecordFrom(std::string_view value);

}  // namespace insula::storage::rocks
