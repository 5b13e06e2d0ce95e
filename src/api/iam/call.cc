#include "api/iam/call.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "operations/core/permission.h"

namespace insula::api::iam_service {
namespace {

// "roleName" of "RoleName", as messages have it.
std::string MemberOf(std::string_view parameter) {
  std::string member(parameter);
  member[0] = iam::Lower(member[0]);
  return member;
}

constexpr query::TextRule kMarker{.length_min = 1, .length_max = 320};

iam::Realm RealmOf(const operations::Caller& caller) {
  const AccountId& account = tenancy::AccountOf(caller.context);
  const ContextNames* names = tenancy::NamesOf(caller.context);
  return {names != nullptr ? access::Scope(*names) : access::Scope(account), account};
}

}  // namespace

Call::Call(iam::Identities& identities, const query::Query& query, WallTime now, query::Answer& answer)
    : iam(identities),
      realm(RealmOf(*query.caller)),
      parameters(query.form),
      query_(query),
      now_(now),
      answer_(answer) {}

std::string Call::Name(std::string_view parameter, std::size_t length_max) {
  const bool given = query_.form.Find(parameter).has_value();
  std::string name = parameters.Required(parameter);
  if (given) constraints.Name(MemberOf(parameter), name, length_max);
  return name;
}

Result<std::string> Call::UserNameOrOwn() {
  if (std::optional<std::string> name = parameters.Optional("UserName")) {
    constraints.Name("userName", *name, iam::kNameMax);
    return *std::move(name);
  }
  const policy::Grants* grants = query_.caller->grants.get();
  if (grants != nullptr && grants->principal.type == policy::PrincipalType::kUser) return grants->principal.username;
  return ValidationError("Must specify userName when calling with non-User credentials");
}

std::string Call::Arn(std::string_view parameter) {
  const bool given = query_.form.Find(parameter).has_value();
  std::string arn = parameters.Required(parameter);
  if (given) constraints.Arn(MemberOf(parameter), arn);
  return arn;
}

std::optional<std::string> Call::OptionalArn(std::string_view parameter) {
  std::optional<std::string> arn = parameters.Optional(parameter);
  if (arn) constraints.Arn(MemberOf(parameter), *arn);
  return arn;
}

std::string Call::Path() { return parameters.Optional("Path").value_or("/"); }

std::string Call::PathPrefix() {
  std::string prefix = parameters.Optional("PathPrefix").value_or("/");
  constraints.PathPrefix("pathPrefix", prefix);
  return prefix;
}

iam::Tags Call::Tags() {
  iam::Tags tags;
  for (query::Form member : parameters.Structures("Tags", iam::kTagsMax)) {
    parameters.Of(std::move(member), [&] {
      std::string key = parameters.Required("Key");
      tags.push_back({std::move(key), parameters.Required("Value")});
    });
  }
  return tags;
}

std::vector<std::string> Call::TagKeys() { return parameters.Texts("TagKeys", {}, iam::kTagsMax); }

iam::PageRequest Call::Page() {
  iam::PageRequest page;
  page.marker = parameters.Optional("Marker", kMarker);
  page.max_items =
      static_cast<std::size_t>(parameters.Number("MaxItems", 1, iam::kPageItemsMax).value_or(iam::kPageItemsDefault));
  return page;
}

std::string Call::OneOf(std::string_view parameter, const std::vector<std::string_view>& values) {
  std::string value = parameters.Optional(parameter).value_or(std::string(values.front()));
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    constraints.Violated(MemberOf(parameter), value,
                         fmt::format("Member must satisfy enum value set: [{}]", fmt::join(values, ", ")));
  }
  return value;
}

Result<void> Call::Check() const {
  INSULA_TRY(parameters.Check());
  return constraints.Verdict();
}

Result<void> Call::Authorize(std::string_view resource, AskedOfIam asked) const {
  return AuthorizeAs(fmt::format("iam:{}", query_.action), resource, std::move(asked));
}

Result<void> Call::AuthorizeAs(std::string_view action, std::string_view resource, AskedOfIam asked) const {
  const operations::Caller& caller = *query_.caller;
  return operations::MustBeAllowed(caller, policy::Action(action), {resource, realm.account.value(), true},
                                   IamFacts(caller, asked), now_);
}

Result<void> Call::AuthorizeOnPolicy(std::string_view arn, AskedOfIam asked) const {
  const iam::ManagedPolicyPtr policy = iam::PolicyWithArn(*iam.Of(realm.scope), realm, arn);
  if (policy != nullptr) asked.resource_tags = policy->tags;
  return Authorize(arn, std::move(asked));
}

void Call::EndPage(const std::optional<std::string>& marker) {
  query::Element end = result();
  end.Boolean("IsTruncated", marker.has_value());
  if (marker) end.Text("Marker", *marker);
}

}  // namespace insula::api::iam_service
