// Policy documents: whatever the text, it is refused in words or becomes a document that both walks read alike, that a
// Deny of everything overrules, and that allows nothing by statements that only deny.
//
// The first byte picks the kind of the document; the rest is its text.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "policy/context_entries.h"
#include "policy/evaluate.h"
#include "policy/explain.h"
#include "policy/statement.h"

namespace {

using namespace insula;
using namespace insula::policy;

NamedPolicy Good(std::string_view statement) {
  const std::string json = R"({"Version": "2012-10-17", "Statement": )" + std::string(statement) + "}";
  return {"good", std::move(*Document::Parse(json, DocumentKind::kIdentity))};
}

struct World {
  World() {
    session.principal.type = PrincipalType::kAssumedRole;
    session.principal.arn = "arn:aws:sts::111122223333:assumed-role/Reader/s1";
    session.principal.source_arn = "arn:aws:iam::111122223333:role/Reader";
    session.principal.account = "111122223333";
    session.principal.tags = Tags(std::vector<std::pair<std::string, std::string>>{{"tenant", "acme"}});
    facts.AddSet("dynamodb:LeadingKeys", {"acme", "acme#1"});
    facts.Add("aws:SourceIp", "203.0.113.7");
  }
  Grants session;
  ContextEntries facts;
  NamedPolicy allow_all = Good(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})");
  NamedPolicy deny_all = Good(R"({"Effect": "Deny", "Action": "*", "Resource": "*"})");
};

Verdict Ask(const World& world, const Grants& grants, const NamedPolicy& resource_policy, const Action& action,
            std::string_view resource) {
  const Request request(action, resource, "111122223333", WallTime{}, world.facts);
  const Verdict verdict = Evaluate(grants, resource_policy.document.get(), request);
  INSULA_CHECK(Evaluate(grants, resource_policy.document.get(), request) == verdict);
  INSULA_CHECK(Explain(grants, resource_policy, request).verdict == verdict);
  return verdict;
}

void Check(const World& world, const NamedPolicy& policy, const Action& action, std::string_view resource) {
  const DocumentKind kind = policy.document->kind();
  const bool of_resource = kind == DocumentKind::kResource || kind == DocumentKind::kTrust;
  const NamedPolicy none;
  Grants grants = world.session;
  if (kind == DocumentKind::kIdentity) grants.identity = {policy};
  if (kind == DocumentKind::kServiceControl) {
    grants.identity = {world.allow_all};
    grants.service_control = {{world.allow_all}, {policy}};
  }
  const NamedPolicy& resource_policy = of_resource ? policy : none;
  const Verdict alone = Ask(world, grants, resource_policy, action, resource);
  const auto& statements = policy.document->statements();
  const bool denies_only =
      std::all_of(statements.begin(), statements.end(), [](const Statement& s) { return s.denies; });
  if (denies_only) INSULA_CHECK(!alone.allowed());

  grants.boundary = policy;
  if (!of_resource && alone.allowed()) INSULA_CHECK(Ask(world, grants, resource_policy, action, resource).allowed());
  grants.boundary.reset();
  grants.identity.push_back(world.deny_all);
  INSULA_CHECK(Ask(world, grants, resource_policy, action, resource).decision == Decision::kExplicitlyDenied);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const World world;
  static const Action get_item("dynamodb:GetItem");
  static const Action assume_role("sts:AssumeRole");
  const auto kind = static_cast<DocumentKind>(data[0] % 4);
  const Result<DocumentPtr> document = Document::Parse({reinterpret_cast<const char*>(data) + 1, size - 1}, kind);
  if (!document.ok()) {
    INSULA_CHECK(document.error().code() == ErrorCode::kMalformedPolicyDocument);
    INSULA_CHECK(!document.error().message().empty() && document.error().message().size() < 6 * size + 400);
    return 0;
  }
  INSULA_CHECK(!(*document)->statements().empty());
  (*document)->NamedAccounts();
  (*document)->NamedPrincipals();
  const NamedPolicy policy{"fuzzed", *document};
  Check(world, policy, get_item, "arn:aws:dynamodb:us-east-1:111122223333:table/Orders");
  Check(world, policy, assume_role, "arn:aws:iam::111122223333:role/Target");
  Check(world, policy, get_item, "*");
  return 0;
}
