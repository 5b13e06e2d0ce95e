// Access keys: made for a context or an operator, listed without secrets, switched and deleted at once.
#include <fmt/format.h>

#include "admin/answers.h"
#include "admin/call.h"

namespace insula::admin {
namespace {

using access::AccessKey;
using access::KeyStatus;

Result<access::Owner> OperatorOwner(const Call& call, std::optional<std::string> account, bool admin) {
  access::OperatorPrincipal who;
  who.admin = admin;
  if (account.has_value()) {
    who.account = AccountId(*account);
    if (!call.services.catalog.OperatorContextOf(who.account).ok())
      return Error{ErrorCode::kNotFound, fmt::format("there is no account {}", *account)};
  }
  return access::Owner(who);
}

Result<access::Owner> ContextOwner(const Call& call, ContextNames names, bool act_for_tenants) {
  INSULA_TRY(call.organization.ShowService(names.environment, names.service));
  if (names.tenant) {
    if (act_for_tenants) return Invalid("a key of one tenant can't act for others: leave out Tenant or ActForTenants");
    INSULA_ASSIGN(const auto info, call.organization.ShowTenant(*names.tenant));
    bool placed = false;
    for (const auto& placement : info.placements) placed = placed || placement.record.names == names;
    if (!placed)
      return Error{ErrorCode::kFailedPrecondition,
                   fmt::format("tenant {} has no place in service {} of {}: place it first", names.tenant->value(),
                               names.service.value(), names.environment.value())};
  }
  return access::Owner(access::ContextPrincipal{std::move(names), act_for_tenants, false});
}

Result<access::Owner> OwnerOf(const Call& call) {
  INSULA_ASSIGN(auto account, call.OptionalText("Account"));
  INSULA_ASSIGN(const bool admin, call.Switch("Admin"));
  INSULA_ASSIGN(const bool act_for_tenants, call.Switch("ActForTenants"));
  INSULA_ASSIGN(ContextNames names, call.Filter());
  const bool context = !names.environment.value().empty() || !names.service.value().empty() || names.tenant;
  if (account.has_value() || admin) {
    if (context || act_for_tenants) return Invalid("a key is either an operator's or a context's");
    return OperatorOwner(call, std::move(account), admin);
  }
  if (names.environment.value().empty() || names.service.value().empty())
    return Invalid("whose key? Environment and Service (and Tenant), or Account, or Admin");
  return ContextOwner(call, std::move(names), act_for_tenants);
}

std::string KeyAnswer(const AccessKey& key, std::string_view secret) {
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("AccessKey");
  json.BeginObject();
  WriteMembers(key, &json);
  if (!secret.empty()) json.StringField("SecretAccessKey", secret);
  json.EndObject();
  json.EndObject();
  return body;
}

Task<Result<std::string>> CreateCredentials(Call& call) {
  access::NewAccessKey request;
  INSULA_CO_ASSIGN(request.owner, OwnerOf(call));
  INSULA_CO_ASSIGN(auto description, call.OptionalText("Description"));
  request.description = description.value_or("");
  INSULA_CO_ASSIGN(auto created, co_await call.services.credentials.Create(std::move(request)));
  co_return KeyAnswer(created.key, created.secret.view());
}

Task<Result<std::string>> ListCredentials(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames names, call.KnownFilter());
  access::KeyFilter filter;
  filter.environment = names.environment.value();
  filter.service = names.service.value();
  filter.tenant = TextOf(names.tenant);
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("AccessKeys");
  json.BeginArray();
  for (const AccessKey& key : call.services.credentials.List(filter)) {
    json.BeginObject();
    WriteMembers(key, &json);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  co_return body;
}

// The last key that may administer must stay: without one nobody can make another.
Result<void> CheckNotTheLastAdmin(const Call& call, std::string_view id) {
  bool is_admin = false;
  int others = 0;
  for (const AccessKey& key : call.services.credentials.List({})) {
    const auto* who = std::get_if<access::OperatorPrincipal>(&key.owner);
    if (who == nullptr || !who->admin) continue;
    if (key.id == id) {
      is_admin = true;
    } else if (key.status == KeyStatus::kActive) {
      ++others;
    }
  }
  if (is_admin && others == 0)
    return Error{ErrorCode::kFailedPrecondition, "this is the last active key of an operator; make another one first"};
  return {};
}

Task<Result<std::string>> SetStatus(Call& call, KeyStatus status) {
  INSULA_CO_ASSIGN(std::string id, call.Text("AccessKeyId"));
  if (status == KeyStatus::kInactive) INSULA_CO_TRY(CheckNotTheLastAdmin(call, id));
  INSULA_CO_ASSIGN(const AccessKey key, co_await call.services.credentials.SetStatus(std::move(id), status));
  co_return KeyAnswer(key, "");
}

Task<Result<std::string>> ActivateCredentials(Call& call) { return SetStatus(call, KeyStatus::kActive); }
Task<Result<std::string>> DeactivateCredentials(Call& call) { return SetStatus(call, KeyStatus::kInactive); }

Task<Result<std::string>> DeleteCredentials(Call& call) {
  INSULA_CO_ASSIGN(const std::string id, call.Text("AccessKeyId"));
  INSULA_CO_ASSIGN(const AccessKey key, call.services.credentials.Describe(id));
  INSULA_CO_TRY(CheckNotTheLastAdmin(call, id));
  INSULA_CO_TRY(co_await call.services.credentials.Delete(id));
  co_return KeyAnswer(key, "");
}

}  // namespace

std::span<const AdminOperation> CredentialOperations() {
  static constexpr std::string_view kCreate[] = {"Environment", "Service", "Tenant",     "ActForTenants",
                                                 "Account",     "Admin",   "Description"};
  static constexpr std::string_view kList[] = {"Environment", "Service", "Tenant"};
  static constexpr std::string_view kOne[] = {"AccessKeyId"};

  static constexpr AdminOperation kOperations[] = {
      {"CreateCredentials", CreateCredentials, kCreate},  {"ListCredentials", ListCredentials, kList},
      {"ActivateCredentials", ActivateCredentials, kOne}, {"DeactivateCredentials", DeactivateCredentials, kOne},
      {"DeleteCredentials", DeleteCredentials, kOne},
  };
  return kOperations;
}

}  // namespace insula::admin
