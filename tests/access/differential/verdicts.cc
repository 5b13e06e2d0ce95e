// What the policy room says of drawn cases: one case of JSON a line in, one verdict a line out. draw.mjs makes the
// cases and compares. A case:
//
//   {"principal": {"type": "user", "arn": …, "source_arn": …, "account": …},
//    "identity": [document…], "boundary": document, "session": [document…], "service_control": [[document…]…],
//    "resource_policy": document, "trust": true,
//    "action": …, "resource": …, "resource_account": …, "context": {key: value or [values]}}
//
// boundary, session, resource_policy and trust may be left out. Each verdict is asked of both walks, which must agree.
#include <simdjson.h>

#include <iostream>
#include <string>
#include <string_view>

#include "base/check.h"
#include "policy/context_entries.h"
#include "policy/evaluate.h"
#include "policy/explain.h"

namespace {

using namespace insula;
using namespace insula::policy;
using Json = simdjson::dom::element;

std::string_view Text(Json json) {
  std::string_view text;
  INSULA_CHECK(json.get(text) == simdjson::SUCCESS);
  return text;
}

// A document that is refused ends the program: those that are drawn are good.
NamedPolicy Policy(Json json, DocumentKind kind) {
  Result<DocumentPtr> document = Document::Parse(simdjson::minify(json), kind);
  if (!document.ok()) {
    std::cerr << document.error().message() << ": " << simdjson::minify(json) << "\n";
    INSULA_CHECK(document.ok());
  }
  return {"", *document};
}

PolicyList Policies(Json json, DocumentKind kind) {
  PolicyList policies;
  for (const Json document : simdjson::dom::array(json)) policies.push_back(Policy(document, kind));
  return policies;
}

PrincipalType TypeOf(std::string_view text) {
  if (text == "user") return PrincipalType::kUser;
  if (text == "assumed-role") return PrincipalType::kAssumedRole;
  INSULA_CHECK(text == "federated-user");
  return PrincipalType::kFederatedUser;
}

Grants GrantsOf(Json json) {
  Grants grants;
  const Json principal = json["principal"];
  grants.principal.type = TypeOf(Text(principal["type"]));
  grants.principal.arn = Text(principal["arn"]);
  grants.principal.source_arn = Text(principal["source_arn"]);
  grants.principal.account = Text(principal["account"]);
  grants.identity = Policies(json["identity"], DocumentKind::kIdentity);
  if (json["boundary"].error() == simdjson::SUCCESS)
    grants.boundary = Policy(json["boundary"], DocumentKind::kIdentity);
  if (json["session"].error() == simdjson::SUCCESS) grants.session = Policies(json["session"], DocumentKind::kIdentity);
  for (const Json level : json["service_control"].get_array()) {
    grants.service_control.push_back(Policies(level, DocumentKind::kServiceControl));
  }
  return grants;
}

void AddContext(Json json, ContextEntries* context) {
  for (const auto& [key, value] : simdjson::dom::object(json)) {
    if (value.is_string()) {
      context->Add(key, std::string(Text(value)));
      continue;
    }
    std::vector<std::string> values;
    for (const Json member : simdjson::dom::array(value)) values.emplace_back(Text(member));
    context->AddSet(key, std::move(values));
  }
}

std::string_view VerdictOn(Json json) {
  const Grants grants = GrantsOf(json);
  NamedPolicy resource_policy;
  if (json["resource_policy"].error() == simdjson::SUCCESS) {
    const bool trust = json["trust"].error() == simdjson::SUCCESS;
    resource_policy = Policy(json["resource_policy"], trust ? DocumentKind::kTrust : DocumentKind::kResource);
  }
  ContextEntries context;
  AddContext(json["context"], &context);
  const Action action(Text(json["action"]));
  const Request request(action, Text(json["resource"]), Text(json["resource_account"]), WallTime{}, context);
  const Verdict verdict = Evaluate(grants, resource_policy.document.get(), request);
  INSULA_CHECK(Explain(grants, resource_policy, request).verdict == verdict);
  switch (verdict.decision) {
    case Decision::kAllowed:
      return "Allowed";
    case Decision::kExplicitlyDenied:
      return "ExplicitlyDenied";
    case Decision::kImplicitlyDenied:
      return "ImplicitlyDenied";
  }
  return "";
}

}  // namespace

int main() {
  simdjson::dom::parser parser;
  for (std::string line; std::getline(std::cin, line);) std::cout << VerdictOn(parser.parse(line)) << "\n";
  return 0;
}
