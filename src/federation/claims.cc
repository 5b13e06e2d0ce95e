#include "federation/claims.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace insula::federation {
namespace {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;

constexpr std::size_t kClaimMax = 255;                 // of a subject or audience, in bytes
constexpr std::size_t kNameMax = 63;                   // of an environment, a service or a tenant
constexpr std::chrono::seconds kClockSkewMax{300};     // the issuer's clock may be ahead of ours
constexpr std::int64_t kSecondsMax = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::string_view kTags = "https://aws.amazon.com/tags";
constexpr std::string_view kFlatTag = "https://aws.amazon.com/tags/principal_tags/";
constexpr std::string_view kFlatTransitive = "https://aws.amazon.com/tags/transitive_tag_keys";
constexpr std::string_view kSourceIdentity = "https://aws.amazon.com/source_identity";

Error InvalidClaim(std::string message) { return {ErrorCode::kInvalidIdentityToken, std::move(message)}; }
Error Missing(std::string_view claim) { return InvalidClaim(fmt::format("Missing a required claim: {}", claim)); }
Error Rejected(std::string message) { return {ErrorCode::kIdpRejectedClaim, std::move(message)}; }

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

// The text of a claim that has one, of at most `bytes_max`. It goes into answers and logs: none has control characters.
std::optional<std::string_view> TextOf(Object claims, std::string_view name, std::size_t bytes_max) {
  std::string_view text;
  if (claims[name].get(text) != simdjson::SUCCESS || text.empty() || text.size() > bytes_max) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), IsControl)) return std::nullopt;
  return text;
}

bool Has(Object claims, std::string_view name) { return claims[name].error() == simdjson::SUCCESS; }

// A NumericDate (RFC 7519): seconds since 1970, with or without a fraction.
std::optional<WallTime> TimeOf(Object claims, std::string_view name) {
  double seconds = 0;
  if (claims[name].get(seconds) != simdjson::SUCCESS) return std::nullopt;
  if (!(seconds >= 0 && seconds <= static_cast<double>(kSecondsMax))) return std::nullopt;
  return WallTime(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

std::int64_t SecondsOf(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

Result<WallTime> ReadTimes(Object claims, WallTime now) {
  const std::optional<WallTime> expires = TimeOf(claims, "exp");
  const std::optional<WallTime> issued = TimeOf(claims, "iat");
  if (!expires) return Missing("exp");
  if (!issued) return Missing("iat");
  if (now >= *expires) {
    return Error(ErrorCode::kExpiredToken,
                 fmt::format("Token expired: current date/time {} must be before the expiration date/time {}",
                             SecondsOf(now), SecondsOf(*expires)));
  }
  std::optional<WallTime> begins = issued;
  if (Has(claims, "nbf")) {
    const std::optional<WallTime> not_before = TimeOf(claims, "nbf");
    if (!not_before) return Missing("nbf");
    begins = std::max(*issued, *not_before);
  }
  if (*begins > now + kClockSkewMax) {
    return InvalidClaim(fmt::format("Token is not valid yet: current date/time {} must not be before {}",
                                    SecondsOf(now), SecondsOf(*begins)));
  }
  return *expires;
}

// The client that the token was issued to, where it names one; else one of those that it is for.
Result<std::string> ReadAudience(Object claims, const Issuer& issuer) {
  const auto registered = [&](std::string_view audience) {
    return std::find(issuer.audiences.begin(), issuer.audiences.end(), audience) != issuer.audiences.end();
  };
  if (!Has(claims, "aud")) return Missing("aud");
  if (Has(claims, "azp")) {
    const auto party = TextOf(claims, "azp", kClaimMax);
    if (party && registered(*party)) return std::string(*party);
    return InvalidClaim("Incorrect token audience");
  }
  if (const auto audience = TextOf(claims, "aud", kClaimMax)) {
    if (registered(*audience)) return std::string(*audience);
    return InvalidClaim("Incorrect token audience");
  }
  simdjson::dom::array audiences;
  if (claims["aud"].get(audiences) == simdjson::SUCCESS) {
    for (const Element element : audiences) {
      std::string_view audience;
      if (element.get(audience) == simdjson::SUCCESS && registered(audience)) return std::string(audience);
    }
  }
  return InvalidClaim("Incorrect token audience");
}

// The name that a claim gives a part of the context; nothing where no claim does.
template <class Name>
Result<std::optional<Name>> ReadName(Object claims, const std::string& claim) {
  if (claim.empty()) return std::optional<Name>();
  const auto text = TextOf(claims, claim, kNameMax);
  if (!text) return Rejected(fmt::format("The claim {} names nothing", claim));
  return std::optional<Name>(Name(std::string(*text)));
}

// A tag's value: a text, or a list of one.
std::optional<std::string> TagValueOf(Element element) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return std::string(text);
  simdjson::dom::array list;
  if (element.get(list) != simdjson::SUCCESS || list.size() != 1) return std::nullopt;
  if (list.at(0).get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

class TagReader {
 public:
  // Both forms that AWS reads: one claim with everything in it, and a claim for each tag.
  Result<std::vector<access::SessionTag>> Read(Object claims) {
    if (Has(claims, kTags)) {
      Object nested;
      if (claims[kTags].get(nested) != simdjson::SUCCESS) return Malformed();
      for (const auto& member : nested) {
        if (member.key == "principal_tags") INSULA_TRY(AddAll(member.value));
        if (member.key == "transitive_tag_keys") INSULA_TRY(AddTransitive(member.value));
      }
    }
    for (const auto& member : claims) {
      if (member.key.starts_with(kFlatTag)) INSULA_TRY(Add(member.key.substr(kFlatTag.size()), member.value));
      if (member.key == kFlatTransitive) INSULA_TRY(AddTransitive(member.value));
    }
    for (const std::string& key : transitive_) {
      const auto tag = std::find_if(tags_.begin(), tags_.end(), [&](const auto& each) { return each.key == key; });
      if (tag == tags_.end()) return Rejected(fmt::format("The transitive tag key {} is no tag's", key));
      tag->transitive = true;
    }
    return std::move(tags_);
  }

 private:
  static Error Malformed() { return Rejected(fmt::format("The claim {} has no session tags", kTags)); }

  Result<void> Add(std::string_view key, Element value) {
    std::optional<std::string> text = TagValueOf(value);
    if (!text) return Malformed();
    tags_.push_back({std::string(key), *std::move(text), false});
    return {};
  }
  Result<void> AddAll(Element tags) {
    Object object;
    if (tags.get(object) != simdjson::SUCCESS) return Malformed();
    for (const auto& member : object) INSULA_TRY(Add(member.key, member.value));
    return {};
  }
  Result<void> AddTransitive(Element keys) {
    simdjson::dom::array list;
    if (keys.get(list) != simdjson::SUCCESS) return Malformed();
    for (const Element key : list) {
      std::string_view text;
      if (key.get(text) != simdjson::SUCCESS) return Malformed();
      transitive_.emplace_back(text);
    }
    return {};
  }

  std::vector<access::SessionTag> tags_;
  std::vector<std::string> transitive_;
};

}  // namespace

bool MayName(const Issuer& issuer, const TenantId& tenant) {
  if (!issuer.tenants) return true;
  return std::find(issuer.tenants->begin(), issuer.tenants->end(), tenant) != issuer.tenants->end();
}

Result<std::string> IssuerOf(std::string_view claims) {
  simdjson::dom::parser parser;
  Object object;
  if (parser.parse(claims.data(), claims.size()).get(object) != simdjson::SUCCESS) return Missing("iss");
  const auto issuer = TextOf(object, "iss", kClaimMax);
  if (!issuer) return Missing("iss");
  return std::string(*issuer);
}

Result<WebIdentityClaims> ReadClaims(std::string_view claims, const IssuerPtr& issuer, WallTime now) {
  simdjson::dom::parser parser;
  Object object;
  if (parser.parse(claims.data(), claims.size()).get(object) != simdjson::SUCCESS) return Missing("iss");
  WebIdentityClaims read;
  read.issuer = issuer;
  const auto provider = TextOf(object, "iss", kClaimMax);
  if (!provider || *provider != issuer->url) return Missing("iss");
  const auto subject = TextOf(object, "sub", kClaimMax);
  if (!subject) return Missing("sub");
  INSULA_ASSIGN(read.expires, ReadTimes(object, now));
  INSULA_ASSIGN(std::string audience, ReadAudience(object, *issuer));
  read.identity = {std::string(*provider), std::string(*subject), std::move(audience)};

  INSULA_ASSIGN(read.environment, ReadName<EnvironmentName>(object, issuer->environment_claim));
  INSULA_ASSIGN(read.service, ReadName<ServiceName>(object, issuer->service_claim));
  INSULA_ASSIGN(read.tenant, ReadName<TenantId>(object, issuer->tenant_claim));
  if (read.tenant && !MayName(*issuer, *read.tenant)) {
    return Rejected(fmt::format("The identity provider may not name the tenant {}", read.tenant->value()));
  }
  INSULA_ASSIGN(read.tags, TagReader().Read(object));
  if (Has(object, kSourceIdentity)) {
    const auto source = TextOf(object, kSourceIdentity, kClaimMax);
    if (!source) return Rejected(fmt::format("The claim {} names nobody", kSourceIdentity));
    read.source_identity = std::string(*source);
  }
  return read;
}

}  // namespace insula::federation
