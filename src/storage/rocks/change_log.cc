#include "storage/rocks/change_log.h"

#include "model/encoded_item.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/varint.h"

namespace insula::storage::rocks {
namespace {

constexpr char kChangeVersion = 1;
constexpr unsigned char kHasOld = 1;
constexpr unsigned char kHasNew = 2;
constexpr unsigned char kByTimeToLive = 4;

}  // namespace

std::string ChangeRowKey(Incarnation incarnation, std::uint64_t sequence) {
  std::string key;
  AppendBigEndian64(incarnation.value(), &key);
  AppendBigEndian64(sequence, &key);
  return key;
}

std::string ChangeBody(std::string_view key, std::optional<std::string_view> old_item,
                       std::optional<std::string_view> new_item, bool by_time_to_live) {
  std::string body;
  body.reserve(16 + key.size() + (old_item ? old_item->size() : 0) + (new_item ? new_item->size() : 0));
  body.push_back(
      static_cast<char>((old_item ? kHasOld : 0) | (new_item ? kHasNew : 0) | (by_time_to_live ? kByTimeToLive : 0)));
  AppendSized(key, &body);
  if (old_item) AppendSized(*old_item, &body);
  if (new_item) AppendSized(*new_item, &body);
  return body;
}

std::string ChangeHead(WallTime committed_at) {
  std::string head(1, kChangeVersion);
  AppendVarint(static_cast<std::uint64_t>(committed_at.time_since_epoch().count()), &head);
  return head;
}

Result<ChangeRecord> ChangeRecordFrom(std::string_view value) {
  const Error damaged(ErrorCode::kCorruption, "a record of the change log is damaged");
  if (value.empty() || value.front() != kChangeVersion) return damaged;
  value.remove_prefix(1);
  ChangeRecord record;
  std::uint64_t time_us = 0;
  if (!TakeVarint(&value, &time_us) || value.empty()) return damaged;
  record.committed_at = WallTime(std::chrono::microseconds(time_us));
  const auto flags = static_cast<unsigned char>(value.front());
  value.remove_prefix(1);
  if (flags > (kHasOld | kHasNew | kByTimeToLive)) return damaged;
  record.by_time_to_live = (flags & kByTimeToLive) != 0;
  if (!TakeSized(&value, &record.key)) return damaged;
  if (flags & kHasOld && !TakeSized(&value, &record.old_item.emplace())) return damaged;
  if (flags & kHasNew && !TakeSized(&value, &record.new_item.emplace())) return damaged;
  if (!value.empty()) return damaged;
  return record;
}

}  // namespace insula::storage::rocks
