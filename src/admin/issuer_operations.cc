// Issuers of identity tokens: whom the organization trusts, and what their tokens may name.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "admin/answers.h"
#include "admin/call.h"
#include "federation/issuer_store.h"

namespace insula::admin {
namespace {

using federation::Issuer;
using federation::IssuerPtr;
using federation::SignatureAlgorithm;

// What an issuer may be without, and how it is then.
struct Default {
  std::string_view parameter;
  void (*set)(Issuer& issuer);
};
constexpr std::array kDefaults = {
    Default{"EnvironmentClaim", [](Issuer& issuer) { issuer.environment_claim.clear(); }},
    Default{"ServiceClaim", [](Issuer& issuer) { issuer.service_claim.clear(); }},
    Default{"TenantClaim", [](Issuer& issuer) { issuer.tenant_claim.clear(); }},
    Default{"Tenants", [](Issuer& issuer) { issuer.tenants.reset(); }},
    Default{"Algorithms", [](Issuer& issuer) { issuer.algorithms = {SignatureAlgorithm::kRS256}; }},
    Default{"Keys", [](Issuer& issuer) { issuer.keys.clear(); }},
};

Result<std::vector<TenantId>> KnownTenants(const Call& call, std::vector<std::string> names) {
  std::vector<TenantId> tenants;
  for (std::string& name : names) {
    tenants.emplace_back(std::move(name));
    if (auto known = call.organization.ShowTenant(tenants.back()); !known.ok()) return std::move(known).error();
  }
  return tenants;
}

Result<std::vector<SignatureAlgorithm>> KnownAlgorithms(const std::vector<std::string>& names) {
  std::vector<SignatureAlgorithm> algorithms;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto algorithm = FromName<SignatureAlgorithm>(names[i]);
    if (!algorithm)
      return Invalid(fmt::format("Algorithms[{}] is one of {}, not '{}'", i,
                                 fmt::join(federation::kAlgorithmNames, ", "), names[i]));
    algorithms.push_back(*algorithm);
  }
  return algorithms;
}

// Sets what the call says; everything else stays.
Result<void> ReadSettings(const Call& call, Issuer& issuer) {
  INSULA_ASSIGN(auto audiences, call.OptionalTexts("Audiences"));
  if (audiences) issuer.audiences = *std::move(audiences);
  const std::pair<std::string_view, std::string*> texts[] = {{"EnvironmentClaim", &issuer.environment_claim},
                                                             {"ServiceClaim", &issuer.service_claim},
                                                             {"TenantClaim", &issuer.tenant_claim},
                                                             {"Keys", &issuer.keys}};
  for (const auto& [name, setting] : texts) {
    INSULA_ASSIGN(auto text, call.OptionalText(name));
    if (text) *setting = *std::move(text);
  }
  INSULA_ASSIGN(auto tenants, call.OptionalTexts("Tenants"));
  if (tenants) {
    INSULA_ASSIGN(issuer.tenants, KnownTenants(call, *std::move(tenants)));
  }
  INSULA_ASSIGN(const auto algorithms, call.OptionalTexts("Algorithms"));
  if (algorithms) {
    INSULA_ASSIGN(issuer.algorithms, KnownAlgorithms(*algorithms));
  }
  return {};
}

// Gives back their defaults to those that Unset names.
Result<void> Unset(const Call& call, Issuer& issuer) {
  INSULA_ASSIGN(const auto names, call.OptionalTexts("Unset"));
  if (!names) return {};
  for (const std::string& name : *names) {
    const auto* found = std::ranges::find(kDefaults, name, &Default::parameter);
    if (found == kDefaults.end()) {
      std::vector<std::string_view> known;
      for (const Default& each : kDefaults) known.push_back(each.parameter);
      return Invalid(fmt::format("Unset takes {}, not '{}'", fmt::join(known, ", "), name));
    }
    if (!call.parameters.Member(name).is_null()) return Invalid(fmt::format("{} is both given and unset", name));
    found->set(issuer);
  }
  return {};
}

Task<Result<std::string>> CreateIdentityIssuer(Call& call) {
  Issuer issuer;
  for (const Default& each : kDefaults) each.set(issuer);
  INSULA_CO_ASSIGN(issuer.url, call.Text("Issuer"));
  INSULA_CO_TRY(ReadSettings(call, issuer));
  INSULA_CO_ASSIGN(const IssuerPtr created, co_await call.services.issuers.Create(std::move(issuer)));
  co_return Answer("Issuer", *created);
}

Task<Result<std::string>> UpdateIdentityIssuer(Call& call) {
  INSULA_CO_ASSIGN(std::string url, call.Text("Issuer"));
  const auto change = [&call](Issuer& issuer) -> Result<void> {
    INSULA_TRY(Unset(call, issuer));
    return ReadSettings(call, issuer);
  };
  INSULA_CO_ASSIGN(const IssuerPtr updated, co_await call.services.issuers.Update(std::move(url), change));
  co_return Answer("Issuer", *updated);
}

Result<IssuerPtr> FindIssuer(const Call& call) {
  INSULA_ASSIGN(const std::string url, call.Text("Issuer"));
  IssuerPtr issuer = call.services.issuers.Find(url);
  if (issuer == nullptr) return Error(ErrorCode::kNotFound, fmt::format("there is no issuer {}", url));
  return issuer;
}

Task<Result<std::string>> DescribeIdentityIssuer(Call& call) {
  INSULA_CO_ASSIGN(const IssuerPtr issuer, FindIssuer(call));
  co_return Answer("Issuer", *issuer);
}

Task<Result<std::string>> ListIdentityIssuers(Call& call) {
  std::vector<Issuer> issuers;
  for (const IssuerPtr& issuer : call.services.issuers.List()) issuers.push_back(*issuer);
  co_return ListAnswer("Issuers", issuers);
}

Task<Result<std::string>> DeleteIdentityIssuer(Call& call) {
  INSULA_CO_ASSIGN(const IssuerPtr issuer, FindIssuer(call));
  INSULA_CO_TRY(co_await call.services.issuers.Delete(issuer->url));
  co_return Answer("Issuer", *issuer);
}

}  // namespace

std::span<const AdminOperation> IssuerOperations() {
  static constexpr std::string_view kCreate[] = {"Issuer",      "Audiences", "EnvironmentClaim", "ServiceClaim",
                                                 "TenantClaim", "Tenants",   "Algorithms",       "Keys"};
  static constexpr std::string_view kUpdate[] = {"Issuer",       "Audiences",   "EnvironmentClaim",
                                                 "ServiceClaim", "TenantClaim", "Tenants",
                                                 "Algorithms",   "Keys",        "Unset"};
  static constexpr std::string_view kOne[] = {"Issuer"};

  static constexpr AdminOperation kOperations[] = {
      {"CreateIdentityIssuer", CreateIdentityIssuer, kCreate},  {"UpdateIdentityIssuer", UpdateIdentityIssuer, kUpdate},
      {"DescribeIdentityIssuer", DescribeIdentityIssuer, kOne}, {"ListIdentityIssuers", ListIdentityIssuers, {}},
      {"DeleteIdentityIssuer", DeleteIdentityIssuer, kOne},
  };
  return kOperations;
}

}  // namespace insula::admin
