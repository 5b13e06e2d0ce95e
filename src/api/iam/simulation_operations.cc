// SimulatePrincipalPolicy and SimulateCustomPolicy: what policies would say, and why, without anything being done.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
#include <fmt/format.h>

#include <array>
#include <map>

#include "api/iam/operations.h"
#include "api/iam/statement_position.h"
#include "policy/context_entries.h"
#include "policy/explain.h"

namespace insula::api::iam_service {
namespace {

constexpr std::size_t kActionsMax = 200;
constexpr std::size_t kResourcesMax = 200;
constexpr std::size_t kEvaluationsMax = 2000;  // actions times resources

struct Simulation {
  policy::Grants grants;
  policy::NamedPolicy resource_policy;
  policy::ContextEntries context;
  std::vector<std::string> actions;
  std::vector<std::string> resources;
  std::string resource_account;
  std::map<std::string, std::string> texts;  // of policies, by the names that the grants give them
};

// --- what is simulated --------------------------------------------------------------------------------------------

Result<policy::NamedPolicy> Given(Simulation& simulation, std::string name, std::string text,
                                  policy::DocumentKind kind) {
  INSULA_ASSIGN(policy::DocumentPtr document, policy::Document::Parse(text, kind));
  simulation.texts[name] = std::move(text);
  return policy::NamedPolicy{std::move(name), std::move(document)};
}

void AddPolicy(Simulation& simulation, std::string name, const iam::PolicyText& policy) {
  simulation.texts[name] = policy.text;
  simulation.grants.identity.push_back({std::move(name), policy.document});
}

void AddHeld(Simulation& simulation, const iam::Snapshot& now, std::string_view kind, const iam::Entity& holder,
             const iam::HeldPolicies& held) {
  for (const auto& [name, policy] : held.inline_policies) {
    AddPolicy(simulation, fmt::format("{}_{}_{}", kind, holder.name, name), policy);
  }
  for (const std::string& id : held.attached) {
    if (const auto managed = now.PolicyWithId(id)) AddPolicy(simulation, managed->name, managed->Default().policy);
  }
}

void AddBoundary(Simulation& simulation, const iam::Snapshot& now, const std::optional<std::string>& id) {
  const iam::ManagedPolicyPtr policy = id ? now.PolicyWithId(*id) : nullptr;
  if (policy == nullptr) return;
  simulation.texts[policy->name] = policy->Default().policy.text;
  simulation.grants.boundary = policy::NamedPolicy{policy->name, policy->Default().policy.document};
}

policy::Tags TagsOf(const iam::Tags& tags) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const iam::Tag& tag : tags) pairs.emplace_back(tag.key, tag.value);
  return policy::Tags(pairs);
}

void AddUser(Simulation& simulation, const iam::Snapshot& now, const iam::User& user) {
  policy::Principal& principal = simulation.grants.principal;
  principal.type = policy::PrincipalType::kUser;
  principal.unique_id = principal.userid = user.id;
  principal.username = user.name;
  principal.tags = TagsOf(user.tags);
  AddHeld(simulation, now, "user", user, user.policies);
  for (const std::string& id : user.groups) {
    if (const iam::GroupPtr group = now.groups.WithId(id)) AddHeld(simulation, now, "group", *group, group->policies);
  }
  AddBoundary(simulation, now, user.boundary);
}

void AddRole(Simulation& simulation, const iam::Snapshot& now, const iam::Role& role, const std::string& arn) {
  policy::Principal& principal = simulation.grants.principal;
  principal.type = policy::PrincipalType::kAssumedRole;
  principal.source_arn = arn;
  principal.unique_id = role.id;
  principal.userid = role.id + ":simulation";
  principal.tags = TagsOf(role.tags);
  AddHeld(simulation, now, "role", role, role.policies);
  AddBoundary(simulation, now, role.boundary);
}

// The policies and the boundary of whom the ARN names.
Result<void> AddSource(Call& call, const std::string& arn, Simulation& simulation) {
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const std::optional<iam::EntityArn> parsed = iam::ParseArn(arn);
  if (!parsed) return iam::ArnNotParsed();
  simulation.grants.principal.arn = arn;
  if (parsed->account == call.realm.account.value() && parsed->kind == "user") {
    INSULA_ASSIGN(const iam::UserPtr user, iam::Find<iam::User>(*now, call.realm, parsed->name));
    AddUser(simulation, *now, *user);
  } else if (parsed->account == call.realm.account.value() && parsed->kind == "role") {
    INSULA_ASSIGN(const iam::RolePtr role, iam::Find<iam::Role>(*now, call.realm, parsed->name));
    AddRole(simulation, *now, *role, arn);
  } else if (parsed->account == call.realm.account.value() && parsed->kind == "group") {
    INSULA_ASSIGN(const iam::GroupPtr group, iam::Find<iam::Group>(*now, call.realm, parsed->name));
    AddHeld(simulation, *now, "group", *group, group->policies);
  } else {
    return Error(ErrorCode::kInvalidInput, fmt::format("Invalid Entity Arn: {}", arn));
  }
  return {};
}

// --- what the request says ----------------------------------------------------------------------------------------

bool IsListType(std::string_view type) { return type.ends_with("List"); }

void ReadContext(Call& call, policy::ContextEntries& context) {
  for (query::Form entry : call.parameters.Structures("ContextEntries", iam::kPageItemsMax)) {
    call.parameters.Of(std::move(entry), [&] {
      const std::string key = call.parameters.Required("ContextKeyName", {.length_min = 5, .length_max = 256});
      const std::string type = call.parameters.Optional("ContextKeyType").value_or("string");
      std::vector<std::string> values = call.parameters.Texts("ContextKeyValues");
      if (IsListType(type)) {
        context.AddSet(key, std::move(values));
      } else if (!values.empty()) {
        context.Add(key, std::move(values.front()));
      }
    });
  }
}

struct Inputs {
  std::vector<std::string> policies;
  std::vector<std::string> boundaries;
  std::optional<std::string> resource_policy;
  std::optional<std::string> resource_owner;
  std::optional<std::string> caller_arn;
};

Inputs Read(Call& call, Simulation& simulation) {
  Inputs inputs;
  inputs.policies = call.parameters.Texts("PolicyInputList");
  inputs.boundaries = call.parameters.Texts("PermissionsBoundaryPolicyInputList", {}, 1);
  inputs.resource_policy = call.parameters.Optional("ResourcePolicy");
  inputs.resource_owner = call.parameters.Optional("ResourceOwner");
  inputs.caller_arn = call.parameters.Optional("CallerArn");
  simulation.actions = call.parameters.Texts("ActionNames", {.length_min = 3, .length_max = 128}, kActionsMax);
  if (simulation.actions.empty()) call.parameters.Required("ActionNames");
  simulation.resources = call.parameters.Texts("ResourceArns", {.length_min = 1, .length_max = 2048}, kResourcesMax);
  if (simulation.resources.empty()) simulation.resources.emplace_back("*");
  ReadContext(call, simulation.context);
  return inputs;
}

// "111122223333" of an ARN of that account, or as it is.
std::string AccountIn(const std::string& text) {
  const std::optional<policy::Arn> arn = policy::Arn::Parse(text);
  return arn ? std::string((*arn)[policy::Arn::kAccount]) : text;
}

Result<void> Apply(Call& call, Inputs inputs, Simulation& simulation) {
  if (simulation.actions.size() * simulation.resources.size() > kEvaluationsMax) {
    return Error(ErrorCode::kInvalidInput,
                 fmt::format("At most {} actions on resources are simulated at once", kEvaluationsMax));
  }
  std::size_t number = 0;
  for (std::string& text : inputs.policies) {
    INSULA_ASSIGN(policy::NamedPolicy given, Given(simulation, fmt::format("PolicyInputList.{}", ++number),
                                                   std::move(text), policy::DocumentKind::kIdentity));
    simulation.grants.identity.push_back(std::move(given));
  }
  for (std::string& text : inputs.boundaries) {
    INSULA_ASSIGN(simulation.grants.boundary, Given(simulation, "PermissionsBoundaryPolicyInputList.1", std::move(text),
                                                    policy::DocumentKind::kIdentity));
  }
  if (inputs.resource_policy) {
    INSULA_ASSIGN(simulation.resource_policy, Given(simulation, "ResourcePolicy", *std::move(inputs.resource_policy),
                                                    policy::DocumentKind::kResource));
  }
  policy::Principal& principal = simulation.grants.principal;
  if (inputs.caller_arn) principal.arn = *inputs.caller_arn;
  if (principal.arn.empty()) principal.arn = fmt::format("arn:aws:iam::{}:user/simulation", call.realm.account.value());
  principal.account = call.realm.account.value();
  simulation.resource_account = inputs.resource_owner ? AccountIn(*inputs.resource_owner) : principal.account;
  return {};
}

// --- what it comes to ---------------------------------------------------------------------------------------------

std::string_view DecisionText(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::kAllowed:
      return "allowed";
    case policy::Decision::kExplicitlyDenied:
      return "explicitDeny";
    case policy::Decision::kImplicitlyDenied:
      break;
  }
  return "implicitDeny";
}

void WritePosition(query::Element to, const char* name, Position position) {
  query::Element element = to.Add(name);
  element.Number("Line", static_cast<std::int64_t>(position.line));
  element.Number("Column", static_cast<std::int64_t>(position.column));
}

void WriteStatements(query::Element to, const Simulation& simulation, const policy::Explanation& explanation) {
  query::Element statements = to.Add("MatchedStatements");
  for (const policy::MatchedStatement& matched : explanation.statements) {
    const auto text = simulation.texts.find(matched.policy);
    if (text == simulation.texts.end()) continue;
    const StatementPosition position = FindStatement(text->second, matched.index);
    query::Element member = statements.Add("member");
    member.Text("SourcePolicyId", matched.policy);
    member.Text("SourcePolicyType", matched.type == policy::PolicyType::kResource ? "Resource Policy" : "IAM Policy");
    WritePosition(member, "StartPosition", position.start);
    WritePosition(member, "EndPosition", position.end);
  }
}

// Whether the boundary by itself would let the request pass.
bool BoundaryAllows(const Simulation& simulation, const policy::Request& request) {
  policy::Grants alone;
  alone.principal = simulation.grants.principal;
  alone.identity.push_back(*simulation.grants.boundary);
  return policy::Evaluate(alone, nullptr, request).allowed();
}

void WriteResult(query::Element to, const Simulation& simulation, const policy::Request& request) {
  const policy::Explanation explanation = policy::Explain(simulation.grants, simulation.resource_policy, request);
  to.Text("EvalActionName", request.action.text());
  to.Text("EvalResourceName", request.resource);
  to.Text("EvalDecision", DecisionText(explanation.verdict.decision));
  WriteStatements(to, simulation, explanation);
  query::Element missing = to.Add("MissingContextValues");
  for (const std::string& key : explanation.missing_keys) missing.Text("member", key);
  if (simulation.grants.boundary) {
    to.Add("PermissionsBoundaryDecisionDetail")
        .Boolean("AllowedByPermissionsBoundary", BoundaryAllows(simulation, request));
  }
}

Task<Result<void>> Simulate(Call* call, Inputs inputs, Simulation* simulation, iam::PageRequest page, WallTime now) {
  INSULA_CO_TRY(Apply(*call, std::move(inputs), *simulation));
  const std::size_t count = simulation->actions.size() * simulation->resources.size();
  const std::size_t first =
      page.marker ? std::min<std::size_t>(std::strtoull(page.marker->c_str(), nullptr, 10), count) : 0;
  const std::size_t last = std::min(count, first + page.max_items);
  query::Element results = call->result().Add("EvaluationResults");
  for (std::size_t i = first; i < last; ++i) {
    const policy::Action action(simulation->actions[i / simulation->resources.size()]);
    const std::string& resource = simulation->resources[i % simulation->resources.size()];
    const policy::Request request(action, resource, simulation->resource_account, now, simulation->context);
    WriteResult(results.Add("member"), *simulation, request);
  }
  call->EndPage(last < count ? std::optional(std::to_string(last)) : std::nullopt);
  co_return Result<void>();
}

Task<Result<void>> SimulatePrincipalPolicy(Call& call) {
  Simulation simulation;
  const std::string source = call.Arn("PolicySourceArn");
  Inputs inputs = Read(call, simulation);
  const iam::PageRequest page = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize(source));
  INSULA_CO_TRY(AddSource(call, source, simulation));
  co_return co_await Simulate(&call, std::move(inputs), &simulation, page, call.now());
}

Task<Result<void>> SimulateCustomPolicy(Call& call) {
  Simulation simulation;
  Inputs inputs = Read(call, simulation);
  if (inputs.policies.empty()) call.parameters.Required("PolicyInputList");
  const iam::PageRequest page = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  co_return co_await Simulate(&call, std::move(inputs), &simulation, page, call.now());
}

}  // namespace

Operations SimulationOperations() {
  static constexpr std::array kOperations = {
      Operation{"SimulatePrincipalPolicy", SimulatePrincipalPolicy},
      Operation{"SimulateCustomPolicy", SimulateCustomPolicy},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
