// CreateAccessKey and what else is done with the keys of users. A context's own keys are the operator's business.
#include <array>

#include "api/iam/operations.h"

namespace insula::api::iam_service {
namespace {

std::string_view StatusOf(const access::AccessKey& key) {
  return key.status == access::KeyStatus::kActive ? "Active" : "Inactive";
}

std::string KeyId(Call& call) {
  constexpr query::TextRule kRule{.length_min = 16, .length_max = 128};
  return call.parameters.Required("AccessKeyId", kRule);
}

Task<Result<void>> CreateAccessKey(Call& call) {
  INSULA_CO_ASSIGN(const std::string user, call.UserNameOrOwn());
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(user));
  INSULA_CO_ASSIGN(const access::CreatedKey created, co_await call.iam.access_keys.Create(call.realm, user));
  INSULA_CO_ASSIGN(const iam::UserPtr owner, call.iam.users.Find(call.realm, user));
  query::Element key = call.result().Add("AccessKey");
  key.Text("UserName", owner->name);
  key.Text("AccessKeyId", created.key.id);
  key.Text("Status", StatusOf(created.key));
  key.Text("SecretAccessKey", created.secret.view());
  key.Time("CreateDate", created.key.created);
  co_return Result<void>();
}

Task<Result<void>> ListAccessKeys(Call& call) {
  INSULA_CO_ASSIGN(const std::string user, call.UserNameOrOwn());
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(user));
  INSULA_CO_ASSIGN(const auto page, call.iam.access_keys.List(call.realm, user, request));
  INSULA_CO_ASSIGN(const iam::UserPtr owner, call.iam.users.Find(call.realm, user));
  query::Element keys = call.result().Add("AccessKeyMetadata");
  for (const access::AccessKey& key : page.items) {
    query::Element member = keys.Add("member");
    member.Text("UserName", owner->name);
    member.Text("AccessKeyId", key.id);
    member.Text("Status", StatusOf(key));
    member.Time("CreateDate", key.created);
  }
  call.EndPage(page.marker);
  co_return Result<void>();
}

// The user whose key it is, where the request needn't name it.
Result<std::string> OwnerOf(Call& call, std::string_view key_id) {
  if (std::optional<std::string> given = call.parameters.Optional("UserName")) return *std::move(given);
  INSULA_ASSIGN(const iam::UserPtr owner, call.iam.access_keys.OwnerOf(call.realm, key_id));
  return owner->name;
}

Task<Result<void>> UpdateAccessKey(Call& call) {
  const std::string key_id = KeyId(call);
  const std::string status = call.parameters.Required("Status");
  if (status != "Active" && status != "Inactive" && !status.empty()) {
    call.constraints.Violated("status", status, "Member must satisfy enum value set: [Active, Inactive]");
  }
  INSULA_CO_TRY(call.Check());
  INSULA_CO_ASSIGN(const std::string user, OwnerOf(call, key_id));
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(user));
  co_return co_await call.iam.access_keys.SetStatus(
      call.realm, user, key_id, status == "Active" ? access::KeyStatus::kActive : access::KeyStatus::kInactive);
}

Task<Result<void>> DeleteAccessKey(Call& call) {
  const std::string key_id = KeyId(call);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_ASSIGN(const std::string user, OwnerOf(call, key_id));
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(user));
  co_return co_await call.iam.access_keys.Delete(call.realm, user, key_id);
}

// When a key was used last isn't kept: it is answered as one that was never used.
Task<Result<void>> GetAccessKeyLastUsed(Call& call) {
  const std::string key_id = KeyId(call);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_ASSIGN(const iam::UserPtr owner, call.iam.access_keys.OwnerOf(call.realm, key_id));
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(owner->name));
  call.result().Text("UserName", owner->name);
  query::Element last = call.result().Add("AccessKeyLastUsed");
  last.Text("ServiceName", "N/A");
  last.Text("Region", "N/A");
  co_return Result<void>();
}

}  // namespace

Operations AccessKeyOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreateAccessKey", CreateAccessKey},           Operation{"ListAccessKeys", ListAccessKeys},
      Operation{"UpdateAccessKey", UpdateAccessKey},           Operation{"DeleteAccessKey", DeleteAccessKey},
      Operation{"GetAccessKeyLastUsed", GetAccessKeyLastUsed},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
