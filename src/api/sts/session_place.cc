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

// Names of a context, as far as they are known.
struct Names {
  std::optional<EnvironmentName> environment;
  std::optional<ServiceName> service;
  std::optional<TenantId> tenant;
};

// Keeps what is known; false if `named` contradicts it.
template <class Name>
bool Narrow(std::optional<Name>* known, const std::optional<std::string>& named) {
  if (!named) return true;
  if (!*known) known->emplace(*named);
  return (*known)->value() == *named;
}

std::optional<Names> NamesOfRole(const tenancy::Catalog& catalog, const access::Scope& scope) {
  if (const auto* names = std::get_if<ContextNames>(&scope))
    return Names{names->environment, names->service, names->tenant};
  const auto owner = catalog.OwnerOf(std::get<AccountId>(scope));
  if (!owner) return std::nullopt;
  Names names;
  if (!owner->environment.value().empty()) names.environment = owner->environment;
  names.tenant = owner->tenant;
  return names;
}

}  // namespace

Result<SessionPlace> PlaceSession(const tenancy::Catalog& catalog, const tenancy::Context* caller,
                                  const iam::Realm& realm, const iam::Role& role,
                                  const std::vector<access::SessionTag>& tags) {
  std::optional<Names> names = NamesOfRole(catalog, realm.scope);
  if (!names) return NoContext();
  if (const ContextNames* own = caller == nullptr ? nullptr : tenancy::NamesOf(*caller)) {
    const bool agrees = Narrow(&names->environment, own->environment.value()) &&
                        Narrow(&names->service, own->service.value()) &&
                        (!own->tenant || Narrow(&names->tenant, own->tenant->value()));
    if (!agrees) return NoContext();
  }
  const NamedByTags named(role, tags);
  const bool agrees = Narrow(&names->environment, named("environment", "insula:EnvironmentTag")) &&
                      Narrow(&names->service, named("service", "insula:ServiceTag")) &&
                      Narrow(&names->tenant, named("tenant", "insula:TenantTag"));
  if (!agrees || !names->environment || !names->service) return NoContext();

  const ContextNames placed{*names->environment, *names->service, names->tenant};
  const Result<tenancy::Context> context = catalog.ContextOf(placed);
  if (!context.ok()) return NoContext();
  return SessionPlace{placed, names->tenant ? tenancy::AccountOf(*context) : AccountId{}};
}

}  // namespace insula::api::sts
