// GetCallerIdentity and GetAccessKeyInfo: who somebody is, which whoever asks may know of itself whatever its policies
// say. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#include <algorithm>
#include <string>

#include "api/query/parameters.h"
#include "api/scope_context.h"
#include "api/sts/sts_actions.h"
#include "operations/core/permission.h"

namespace insula::api::sts {
namespace {

bool IsKeyId(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

const AccountId* AccountOfOwner(const access::Owner& owner, const StsParts& parts,
                                std::optional<tenancy::Context>* kept) {
  const auto keep = [&](Result<tenancy::Context> context) -> const AccountId* {
    if (!context.ok()) return nullptr;
    kept->emplace(*std::move(context));
    return &tenancy::AccountOf(**kept);
  };
  if (const auto* who = std::get_if<access::ContextPrincipal>(&owner)) return keep(parts.catalog.ContextOf(who->names));
  if (const auto* who = std::get_if<access::OperatorPrincipal>(&owner)) {
    return keep(parts.catalog.OperatorContextOf(who->account));
  }
  return keep(ContextOf(parts.catalog, std::get<access::UserPrincipal>(owner).scope));
}

}  // namespace

Task<Result<void>> GetCallerIdentity(const StsParts&, const query::Query& query, query::Answer& answer) {
  const operations::Caller& caller = *query.caller;
  const policy::Grants root = operations::RootOf(tenancy::AccountOf(caller.context));
  const policy::Principal& principal = caller.grants == nullptr ? root.principal : caller.grants->principal;
  query::Element result = answer.Result();
  result.Text("Arn", principal.arn);
  result.Text("UserId", principal.userid);
  result.Text("Account", principal.account);
  co_return Result<void>();
}

// Of one's own account alone: whose other keys are is nobody's business.
Task<Result<void>> GetAccessKeyInfo(const StsParts& parts, const query::Query& query, query::Answer& answer) {
  query::Parameters parameters(query.form);
  const std::string id = parameters.Required(
      "AccessKeyId", {.length_min = 16, .length_max = 128, .pattern = R"([\w]*)", .matches = IsKeyId});
  INSULA_CO_TRY(parameters.Check());
  const AccountId& own = tenancy::AccountOf(query.caller->context);
  std::optional<tenancy::Context> kept;
  const Result<access::AccessKey> key = parts.credentials.Describe(id);
  const AccountId* account = key.ok() ? AccountOfOwner(key->owner, parts, &kept) : nullptr;
  if (query.caller->access_key_id == id) account = &own;
  if (account == nullptr || *account != own) co_return ValidationError("Invalid access key ID");
  answer.Result().Text("Account", account->value());
  co_return Result<void>();
}

}  // namespace insula::api::sts
