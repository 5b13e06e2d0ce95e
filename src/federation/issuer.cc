#include "federation/issuer.h"

#include <fmt/format.h>

#include <algorithm>

namespace insula::federation {
namespace {

constexpr std::size_t kUrlMax = 255;  // AWS's
constexpr std::size_t kAudiencesMax = 100;
constexpr std::size_t kIssuerTextMax = 255;
constexpr std::size_t kTenantsMax = 10'000;

Error InvalidIssuer(std::string why) { return {ErrorCode::kInvalidArgument, std::move(why)}; }

// Printable ASCII without spaces: what stands in a URL as it is.
bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool IsUrl(std::string_view text) {
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && text.size() <= kUrlMax && text.find("://") + 3 < text.size() && IsPlain(text);
}

}  // namespace

Result<void> CheckIssuer(const Issuer& issuer) {
  if (!IsUrl(issuer.url) || issuer.url.find_first_of("?#@") != std::string::npos) {
    return InvalidIssuer("an issuer is a URL of at most 255 characters, without user, query and fragment");
  }
  if (issuer.audiences.empty() || issuer.audiences.size() > kAudiencesMax) {
    return InvalidIssuer("an issuer has from 1 to 100 audiences");
  }
  for (const std::string& audience : issuer.audiences) {
    if (audience.empty() || audience.size() > kIssuerTextMax)
      return InvalidIssuer("an audience has from 1 to 255 characters");
  }
  for (const std::string* claim : {&issuer.environment_claim, &issuer.service_claim, &issuer.tenant_claim}) {
    if (claim->size() > kIssuerTextMax) return InvalidIssuer("the name of a claim has at most 255 characters");
  }
  if (issuer.tenants && issuer.tenants->size() > kTenantsMax)
    return InvalidIssuer("an issuer lists at most 10000 tenants");
  if (issuer.algorithms.empty()) {
    return InvalidIssuer(fmt::format("an issuer signs by at least one of {}", fmt::join(kAlgorithmNames, ", ")));
  }
  if (!issuer.keys.empty() && !issuer.keys.starts_with("file:/") && !IsUrl(issuer.keys)) {
    return InvalidIssuer("an issuer's keys are at file:/PATH or at a URL, or found by OpenID discovery");
  }
  return {};
}

}  // namespace insula::federation
