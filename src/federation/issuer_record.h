// How an issuer is written in the record store: kind "identity-issuer", name its URL, value JSON.
//
//   {"v":1,"audiences":["saas"],"environment_claim":"env","service_claim":"","tenant_claim":"tenant",
//    "tenants":["acme"],"algorithms":["RS256"],"keys":"","created":MICROSECONDS}
// without "tenants" where it may name any.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "federation/issuer.h"

namespace insula::federation {

inline constexpr std::string_view kIssuerKind = "identity-issuer";

std::string WriteIssuerRecord(const Issuer& issuer);
// Corruption for text that isn't such a record; FailedPrecondition for one of a later version.
Result<Issuer> ReadIssuerRecord(std::string_view url, std::string_view text);

}  // namespace insula::federation
