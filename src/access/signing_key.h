// The key that a secret gives for one day, region and service, and the texts signed with it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/crypto.h"

namespace insula::access {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";

HmacSha256Key DeriveSigningKey(std::string_view secret, std::string_view date, std::string_view region,
                               std::string_view service);

// The signature of a canonical request: 64 hexadecimal digits. `scope` is date/region/service/aws4_request.
std::array<char, 64> SignatureOf(const HmacSha256Key& key, std::string_view timestamp, std::string_view scope,
                                 std::string_view canonical_request);

// "20261123T170134Z", the basic format of ISO 8601.
std::string IsoBasicOf(WallTime time);
std::optional<WallTime> ParseIsoBasic(std::string_view text);
// "Mon, 23 Nov 2026 17:01:34 GMT", the Date header's own format.
std::optional<WallTime> ParseHttpDate(std::string_view text);

// Derived keys of the last few thousand (credential, scope) pairs, so that a request costs one HMAC and not five.
// `owner` tells credentials of one name apart: an entry made for another owner isn't returned. Safe from any thread.
class SigningKeyCache {
 public:
  std::optional<HmacSha256Key> Find(std::string_view name, const void* owner) const;
  // Keeps `owner` alive as long as the entry.
  void Add(std::string_view name, std::shared_ptr<const void> owner, const HmacSha256Key& key);
  std::size_t size() const;

  static constexpr std::size_t kEntriesMax = 32 * 1024;

 private:
  struct Entry {
    std::shared_ptr<const void> owner;
    HmacSha256Key key;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Map = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;
  // Two generations: a full young one becomes the old one, whose entries are moved back when they are used.
  struct Shard {
    std::mutex mutex;
    Map young;  // guarded by mutex
    Map old;    // guarded by mutex
  };
  static constexpr std::size_t kShards = 32;
  static constexpr std::size_t kYoungMax = kEntriesMax / kShards / 2;

  Shard& ShardOf(std::string_view name) const { return shards_[Hash{}(name) % kShards]; }
  static void AddYoung(Shard& shard, std::string_view name, Entry entry);

  mutable std::array<Shard, kShards> shards_;
};

}  // namespace insula::access
