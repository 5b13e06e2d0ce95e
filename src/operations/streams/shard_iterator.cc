#include "operations/streams/shard_iterator.h"

#include <fmt/format.h>

#include <chrono>

#include "model/encoded_item.h"
#include "wire/base64.h"

namespace insula::operations {
namespace {

using access::TokenPurpose;

constexpr std::chrono::minutes kLifetime{15};
constexpr std::string_view kVersion = "|1|";
constexpr std::size_t kSealBytes = 28;  // nonce and tag

Error Invalid() { return ValidationError("Invalid ShardIterator"); }

// A token of another kind, or of another caller, has another one.
std::string BindingOf(const tenancy::Context& context, std::string_view stream_arn) {
  return fmt::format("shard-iterator/{}/{}", tenancy::KeyOf(context), stream_arn);
}

}  // namespace

//   position := incarnation generation lane-number after made-at-us      each a varint
std::string SealShardIterator(const ShardPosition& position, const tenancy::Context& context,
                              const access::TokenKeys& keys) {
  std::string plain;
  AppendVarint(position.incarnation.value(), &plain);
  AppendVarint(position.shard.generation, &plain);
  AppendVarint(LaneNumberOf(position.shard), &plain);
  AppendVarint(position.after, &plain);
  AppendVarint(static_cast<std::uint64_t>(position.made_at.time_since_epoch().count()), &plain);
  std::string iterator = position.stream_arn;
  iterator += kVersion;
  const std::string binding = BindingOf(context, position.stream_arn);
  wire::AppendBase64(keys.Seal(TokenPurpose::kShardIterator, binding, plain), &iterator);
  return iterator;
}

Result<ShardPosition> OpenShardIterator(std::string_view iterator, const tenancy::Context& context,
                                        const access::TokenKeys& keys, WallTime now) {
  const std::size_t version = iterator.rfind(kVersion);
  if (version == std::string_view::npos) return Invalid();
  const std::string_view text = iterator.substr(version + kVersion.size());
  if (text.empty() || !wire::CheckBase64(text).ok()) return Invalid();
  const std::string sealed = wire::DecodeBase64(text);
  if (sealed.size() <= kSealBytes) return Invalid();
  ShardPosition position;
  position.stream_arn = iterator.substr(0, version);
  const Result<std::string> plain =
      keys.Open(TokenPurpose::kShardIterator, BindingOf(context, position.stream_arn), sealed);
  if (!plain.ok()) return Invalid();
  std::string_view rest = *plain;
  position.incarnation = Incarnation(ConsumeVarint(&rest));
  const std::uint64_t generation = ConsumeVarint(&rest);
  const std::optional<Shard> shard = ShardOf(generation, ConsumeVarint(&rest));
  if (!shard) return Invalid();
  position.shard = *shard;
  position.after = ConsumeVarint(&rest);
  position.made_at = WallTime(std::chrono::microseconds(ConsumeVarint(&rest)));
  if (position.made_at + kLifetime <= now) {
    return Error(ErrorCode::kExpiredIterator,
                 "The shard iterator has expired: an iterator can be used for 15 minutes after it was returned");
  }
  return position;
}

}  // namespace insula::operations
