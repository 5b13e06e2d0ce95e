#include "storage/rocks/tokens.h"

#include "model/encoded_item.h"
#include "storage/rocks/key_format.h"

namespace insula::storage::rocks {
namespace {

constexpr char kTokenVersion = 2;
constexpr char kTokenVersionWithoutSizes = 1;

std::string BucketPrefix(WallTime time) {
  const auto lifetime_us = std::chrono::microseconds(kTokenLifetime).count();
  std::string key = SystemPrefix(SystemRow::kToken);
  AppendBigEndian64(static_cast<std::uint64_t>(time.time_since_epoch().count() / lifetime_us), &key);
  return key;
}

}  // namespace

std::string TokenRowKey(WallTime committed_at, std::string_view token) {
  std::string key = BucketPrefix(committed_at);
  key.append(token);
  return key;
}

std::string TokenRowValue(const TokenRecord& record) {
  std::string value(1, kTokenVersion);
  AppendVarint(static_cast<std::uint64_t>(record.committed_at.time_since_epoch().count()), &value);
  AppendVarint(record.sizes.size(), &value);
  for (const std::uint64_t size : record.sizes) AppendVarint(size, &value);
  value.append(record.fingerprint);
  return value;
}

Result<TokenRecord> TokenRecordFrom(std::string_view value) {
  if (value.size() < 2 || (value.front() != kTokenVersion && value.front() != kTokenVersionWithoutSizes)) {
    return Error(ErrorCode::kCorruption, "a request token's record is damaged");
  }
  const bool has_sizes = value.front() == kTokenVersion;
  value.remove_prefix(1);
  TokenRecord record;
  record.committed_at = WallTime(std::chrono::microseconds(ConsumeVarint(&value)));
  for (std::uint64_t left = has_sizes ? ConsumeVarint(&value) : 0; left > 0; --left) {
    record.sizes.push_back(ConsumeVarint(&value));
  }
  record.fingerprint = value;
  return record;
}

std::string FirstLiveTokenRowKey(WallTime now) { return BucketPrefix(now - kTokenLifetime); }

}  // namespace insula::storage::rocks
