// Client request tokens: remembered for ten minutes from the transaction they came with, in its own batch.
//
//   token row:  system-prefix bucket(8) key  ->  version(1)=2 time-us(varint) count(varint) size(varint)* fingerprint
//
// Sizes are what the writes were charged for, one each: a repetition costs reading as much. Version 1 had none.
// A bucket is ten minutes of commit time, so that old tokens are one range.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace insula::storage::rocks {

inline constexpr std::chrono::minutes kTokenLifetime{10};

struct TokenRecord {
  WallTime committed_at{};
  std::string fingerprint;
  std::vector<std::uint64_t> sizes{};
};

std::string TokenRowKey(WallTime committed_at, std::string_view token);
std::string TokenRowValue(const TokenRecord& record);
Result<TokenRecord> TokenRecordFrom(std::string_view value);
// Tokens before it have expired.
std::string FirstLiveTokenRowKey(WallTime now);

}  // namespace insula::storage::rocks
