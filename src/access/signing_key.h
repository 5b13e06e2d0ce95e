// The key that a secret gives for one day, region and service, and the texts signed with it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mutex.h"

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

// The signing key derived last from one secret, kept beside it: a request then costs one HMAC and not five, and finds
// the key in memory that it looks at anyway. One is enough, since a credential's scope changes once a day. Safe from
// any thread.
class SigningKeySlot {
 public:
  SigningKeySlot() = default;
  // A copy is made to be changed: it begins empty.
  SigningKeySlot(const SigningKeySlot&) {}
  SigningKeySlot& operator=(const SigningKeySlot&) = delete;

  // Nothing if it is of another day, region or service.
  std::optional<HmacSha256Key> Find(std::string_view date, std::string_view region, std::string_view service) const;
  void Keep(std::string_view date, std::string_view region, std::string_view service, const HmacSha256Key& key);

 private:
  mutable Mutex mutex_;
  // Short enough, as a rule, to need no memory of their own.
  std::string date_ INSULA_GUARDED_BY(mutex_);
  std::string region_ INSULA_GUARDED_BY(mutex_);
  std::string service_ INSULA_GUARDED_BY(mutex_);
  std::optional<HmacSha256Key> key_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::access
