#include "api/sts/session_place.h"

#include <optional>
#include <string_view>
#include <utility>

#include "policy/small_letters.h"

namespace insula::api::sts {
namespace {

Error NoContext() {
  return Error(ErrorCode::kAccessDenied, "The session would not belong to an active tenant or service context");
}

template <class Tags>
std::optional<std::string> ValueOf(const Tags& tags, std::string_view key) {
  for (const auto& tag : tags) {
    if (policy::EqualInSmallLetters(tag.key, key)) return tag.value;
  }
  return std::nullopt;
}

// What the session's tags say of a part of the context.
class NamedByTags {
 public:
  NamedByTags(const iam::Role& role, const std::vector<access::SessionTag>& tags) : role_(role), tags_(tags) {}

  std::optional<std::string> operator()(std::string_view part, std::string_view setting) const {
    return ValueOf(tags_, ValueOf(role_.tags, setting).value_or(std::string(part)));
  }

 private:
  const iam::Role& role_;
  const std::vector<access::SessionTag>& tags_;
};

// Keeps what is known; false if `named` contradicts it.
template <class Name>
bool Narrow(std::optional<Name>* known, const std::optional<std::string>& named) {
  if (!named) return true;
  if (!*known) known->emplace(*named);
  return (*known)->value() == *named;
}

std::optional<ContextParts> PartsOf(const tenancy::Catalog& catalog, const access::Scope& scope) {
  if (const auto* names = std::get_if<ContextNames>(&scope)) {
    return ContextParts{names->environment, names->service, names->tenant};
  }
  const auto owner = catalog.OwnerOf(std::get<AccountId>(scope));
  if (!owner) return std::nullopt;
  ContextParts parts;
  if (!owner->environment.value().empty()) parts.environment = owner->environment;
  parts.tenant = owner->tenant;
  return parts;
}

template <class Name>
std::optional<std::string> NameText(const std::optional<Name>& name) {
  return name ? std::optional(name->value()) : std::nullopt;
}

}  // namespace

ContextParts PartsOf(const tenancy::Context& caller) {
  const ContextNames* names = tenancy::NamesOf(caller);
  return names == nullptr ? ContextParts{} : ContextParts{names->environment, names->service, names->tenant};
}

Result<SessionPlace> PlaceSession(const tenancy::Catalog& catalog, const ContextParts& known, const iam::Realm& realm,
                                  const iam::Role& role, const std::vector<access::SessionTag>& tags) {
  std::optional<ContextParts> parts = PartsOf(catalog, realm.scope);
  if (!parts) return NoContext();
  const NamedByTags named(role, tags);
  const bool agrees = Narrow(&parts->environment, NameText(known.environment)) &&
                      Narrow(&parts->service, NameText(known.service)) &&
                      Narrow(&parts->tenant, NameText(known.tenant)) &&
                      Narrow(&parts->environment, named("environment", "insula:EnvironmentTag")) &&
                      Narrow(&parts->service, named("service", "insula:ServiceTag")) &&
                      Narrow(&parts->tenant, named("tenant", "insula:TenantTag"));
  if (!agrees || !parts->environment || !parts->service) return NoContext();

  const ContextNames placed{*parts->environment, *parts->service, parts->tenant};
  const Result<tenancy::Context> context = catalog.ContextOf(placed);
  if (!context.ok()) return NoContext();
  return SessionPlace{placed, parts->tenant ? tenancy::AccountOf(*context) : AccountId{}};
}

}  // namespace insula::api::sts
