// Which policies together allow what: the rules of evaluate.h, one table a rule, each case asked of the explaining
// walk, too.
#include "policy/evaluate.h"

#include <gtest/gtest.h>

#include <optional>

#include "policy/testing/cases.h"

namespace insula::policy {
namespace {

using testing::Policy;

constexpr std::string_view kAllow = R"({"Effect": "Allow", "Action": "*", "Resource": "*"})";
constexpr std::string_view kDeny = R"({"Effect": "Deny", "Action": "dynamodb:Get*", "Resource": "*"})";
constexpr std::string_view kNothing = R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})";

std::string Naming(std::string_view principal, std::string_view effect = "Allow") {
  return R"({"Effect": ")" + std::string(effect) + R"(", "Principal": {"AWS": ")" + std::string(principal) +
         R"("}, "Action": "dynamodb:*", "Resource": "*"})";
}

// A GetItem of the account's table.
Verdict GetItem(const Grants& grants, std::optional<std::string> resource_policy = std::nullopt,
                std::string_view resource_account = testing::kAccount) {
  const Action action("dynamodb:GetItem");
  const ContextEntries facts;
  const Request request(action, testing::kTable, resource_account, WallTime{}, facts);
  NamedPolicy policy;
  if (resource_policy) policy = Policy("resource", *resource_policy, DocumentKind::kResource);
  const Verdict verdict = Evaluate(grants, policy.document.get(), request);
  EXPECT_EQ(Explain(grants, policy, request).verdict, verdict);
  return verdict;
}

Verdict Allowed(PolicyType type) { return {Decision::kAllowed, type}; }
Verdict Explicitly(PolicyType type) { return {Decision::kExplicitlyDenied, type}; }
Verdict Implicitly(PolicyType type) { return {Decision::kImplicitlyDenied, type}; }

Grants WithPolicies(std::string_view identity, Principal principal = testing::SessionPrincipal()) {
  Grants grants;
  grants.principal = std::move(principal);
  grants.identity = {Policy("identity", identity)};
  return grants;
}

TEST(Evaluate, IdentityPolicies) {
  EXPECT_EQ(GetItem(WithPolicies(kAllow)), Allowed(PolicyType::kIdentity));
  EXPECT_EQ(GetItem(WithPolicies(kNothing)), Implicitly(PolicyType::kIdentity));
  EXPECT_EQ(GetItem(Grants{}), Implicitly(PolicyType::kResource)) << "of no account, and so of another";
  Grants grants = WithPolicies(kAllow);
  grants.identity.push_back(Policy("other", kDeny));
  EXPECT_EQ(GetItem(grants), Explicitly(PolicyType::kIdentity));
  std::swap(grants.identity[0], grants.identity[1]);
  EXPECT_EQ(GetItem(grants), Explicitly(PolicyType::kIdentity));
}

TEST(Evaluate, NotActionAndNotResource) {
  struct Case {
    std::string_view statement;
    bool allowed;
  };
  const Case cases[] = {
      {R"({"Effect": "Allow", "NotAction": "dynamodb:PutItem", "Resource": "*"})", true},
      {R"({"Effect": "Allow", "NotAction": ["iam:*", "dynamodb:get*"], "Resource": "*"})", false},
      {R"({"Effect": "Allow", "NotAction": "*", "Resource": "*"})", false},
      {R"({"Effect": "Allow", "Action": "DynamoDB:GETITEM", "Resource": "*"})", true},
      {R"({"Effect": "Allow", "Action": "*:*Item", "Resource": "*"})", true},
      {R"({"Effect": "Allow", "Action": "dynamodb:GetItems", "Resource": "*"})", false},
      {R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:dynamodb:*:*:table/Other"})", true},
      {R"({"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:dynamodb:*:*:table/Other", "arn:aws:dynamodb:*:*:table/O*"]})",
       false},
      {R"({"Effect": "Allow", "Action": "*", "NotResource": "*"})", false},
      {R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:dynamodb:*:*:table/${aws:username}"})", false},
      {R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:dynamodb:eu-west-1:*:table/${aws:username}"})",
       true},
      {R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:dynamodb:*:${aws:PrincipalAccount}:table/Orders"})",
       true},
  };
  for (const Case& c : cases) EXPECT_EQ(GetItem(WithPolicies(c.statement)).allowed(), c.allowed) << c.statement;
}

TEST(Evaluate, AnActionOnNoResourceIsAllowedByTheStarAlone) {
  const Action action("dynamodb:ListTables");
  const ContextEntries facts;
  const Request request(action, "*", testing::kAccount, WallTime{}, facts);
  const auto allowed = [&](std::string_view statement) {
    return Evaluate(WithPolicies(statement), nullptr, request).allowed();
  };
  EXPECT_TRUE(allowed(kAllow));
  EXPECT_FALSE(allowed(R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:dynamodb:*:*:*"})"));
  EXPECT_TRUE(allowed(R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:dynamodb:*:*:*"})"));
}

TEST(Evaluate, BoundaryAndSessionPoliciesLimit) {
  struct Case {
    std::string_view boundary, session;  // empty: none
    Verdict verdict;
  };
  const Case cases[] = {
      {kAllow, kAllow, Allowed(PolicyType::kIdentity)},      {kAllow, "", Allowed(PolicyType::kIdentity)},
      {kNothing, kAllow, Implicitly(PolicyType::kBoundary)}, {kAllow, kNothing, Implicitly(PolicyType::kSession)},
      {"", kNothing, Implicitly(PolicyType::kSession)},      {kNothing, kNothing, Implicitly(PolicyType::kBoundary)},
      {kDeny, kNothing, Explicitly(PolicyType::kBoundary)},  {kNothing, kDeny, Explicitly(PolicyType::kSession)},
  };
  for (const Case& c : cases) {
    Grants grants = WithPolicies(kAllow);
    if (!c.boundary.empty()) grants.boundary = Policy("boundary", c.boundary);
    if (!c.session.empty()) grants.session = {Policy("session", c.session)};
    EXPECT_EQ(GetItem(grants), c.verdict) << c.boundary << " " << c.session;
  }
  Grants grants = WithPolicies(kAllow);
  grants.session = PolicyList{};
  EXPECT_EQ(GetItem(grants), Implicitly(PolicyType::kSession)) << "no policy of a session that needs one";
  grants.session = {Policy("one", kNothing), Policy("other", kAllow)};
  EXPECT_TRUE(GetItem(grants).allowed()) << "one of them is enough";
  grants = WithPolicies(kNothing);
  grants.boundary = Policy("boundary", kAllow);
  grants.session = {Policy("session", kAllow)};
  EXPECT_EQ(GetItem(grants), Implicitly(PolicyType::kIdentity)) << "neither gives anything";
}

TEST(Evaluate, EachLevelOfServiceControlPoliciesMustAllow) {
  Grants grants = WithPolicies(kAllow);
  grants.service_control = {
      {Policy("root", kAllow)}, {Policy("unit", kNothing), Policy("unit2", kAllow)}, {Policy("account", kAllow)}};
  EXPECT_TRUE(GetItem(grants).allowed());
  grants.service_control[1].pop_back();
  EXPECT_EQ(GetItem(grants), Implicitly(PolicyType::kServiceControl));
  EXPECT_EQ(GetItem(grants, Naming(testing::kSession)), Implicitly(PolicyType::kServiceControl))
      << "whatever a resource's policy says";
  grants.service_control[2] = {Policy("account", kDeny)};
  EXPECT_EQ(GetItem(grants), Explicitly(PolicyType::kServiceControl));
  grants.service_control = {{}};
  EXPECT_EQ(GetItem(grants), Implicitly(PolicyType::kServiceControl)) << "a level without policies";
}

// What a resource's policy passes within the account, by whom it names: three implicit denies, each alone.
TEST(Evaluate, WhatAResourcePolicyPasses) {
  struct Case {
    std::string_view names;
    Principal principal;
    bool identity, boundary, session;  // which implicit denies don't matter
  };
  const Principal user = testing::UserPrincipal();
  const Principal session = testing::SessionPrincipal();
  const Principal federated = testing::FederatedPrincipal();
  const Case cases[] = {
      {testing::kUser, user, true, true, true},
      {"AIDAEXAMPLEEXAMPLE00", user, true, true, true},
      {"*", user, true, true, false},
      {"111122223333", user, false, false, false},
      {"arn:aws:iam::111122223333:root", user, false, false, false},
      {"arn:aws:iam::111122223333:user/bob", user, false, false, false},
      {testing::kSession, session, true, true, true},
      {testing::kRole, session, true, false, false},
      {"AROAEXAMPLEEXAMPLE00", session, true, false, false},
      {"*", session, true, true, false},
      {"111122223333", session, false, false, false},
      {"arn:aws:sts::111122223333:assumed-role/Reader/s2", session, false, false, false},
      {testing::kFederated, federated, true, true, true},
      {testing::kUser, federated, true, false, false},
      {"AIDAEXAMPLEEXAMPLE00", federated, true, false, false},
  };
  for (const Case& c : cases) {
    const std::string who = std::string(c.names) + " for " + c.principal.arn;
    const auto verdict = [&](std::string_view identity, std::string_view boundary, std::string_view session_policy) {
      Grants grants = WithPolicies(identity, c.principal);
      grants.boundary = Policy("boundary", boundary);
      grants.session = {Policy("session", session_policy)};
      return GetItem(grants, Naming(c.names));
    };
    EXPECT_TRUE(verdict(kAllow, kAllow, kAllow).allowed()) << who;
    EXPECT_EQ(verdict(kNothing, kAllow, kAllow),
              c.identity ? Allowed(PolicyType::kResource) : Implicitly(PolicyType::kIdentity))
        << who;
    EXPECT_EQ(verdict(kAllow, kNothing, kAllow).allowed(), c.boundary) << who;
    EXPECT_EQ(verdict(kAllow, kAllow, kNothing).allowed(), c.session) << who;
    EXPECT_EQ(verdict(kNothing, kNothing, kAllow).allowed(), c.identity && c.boundary) << who;
    // An explicit deny passes nothing.
    EXPECT_EQ(verdict(kDeny, kAllow, kAllow), Explicitly(PolicyType::kIdentity)) << who;
    EXPECT_EQ(verdict(kAllow, kDeny, kAllow), Explicitly(PolicyType::kBoundary)) << who;
    EXPECT_EQ(verdict(kAllow, kAllow, kDeny), Explicitly(PolicyType::kSession)) << who;
  }
}

TEST(Evaluate, AResourcePolicyMayDeny) {
  for (const std::string_view named : {testing::kSession, testing::kRole, testing::kAccount, std::string_view("*")}) {
    EXPECT_EQ(GetItem(WithPolicies(kAllow), Naming(named, "Deny")), Explicitly(PolicyType::kResource)) << named;
    EXPECT_EQ(GetItem(WithPolicies(kAllow), Naming(named) + "," + Naming(named, "Deny")),
              Explicitly(PolicyType::kResource))
        << named;
  }
  EXPECT_TRUE(GetItem(WithPolicies(kAllow), Naming(testing::kUser, "Deny")).allowed());
}

TEST(Evaluate, NotPrincipalSparesWhomItNamesInFull) {
  const auto verdict = [](std::string_view names, bool boundary) {
    Grants grants = WithPolicies(kAllow);
    if (boundary) grants.boundary = Policy("boundary", kAllow);
    return GetItem(grants, R"({"Effect": "Deny", "NotPrincipal": {"AWS": )" + std::string(names) +
                               R"(}, "Action": "*", "Resource": "*"})");
  };
  const std::string session = "\"" + std::string(testing::kSession) + "\"";
  const std::string role = "\"" + std::string(testing::kRole) + "\"";
  EXPECT_TRUE(verdict("[" + session + "," + role + R"(, "111122223333"])", false).allowed());
  for (const std::string& names :
       {session, "[" + session + "," + role + "]", "[" + role + R"(, "111122223333"])", std::string("[]")}) {
    EXPECT_EQ(verdict(names, false), Explicitly(PolicyType::kResource)) << names;
  }
  EXPECT_EQ(verdict("[" + session + "," + role + R"(, "111122223333"])", true), Explicitly(PolicyType::kResource))
      << "with a boundary";
}

TEST(Evaluate, AcrossAccountsBothSidesMustAllow) {
  const auto verdict = [](const Grants& grants, std::optional<std::string> policy) {
    return GetItem(grants, std::move(policy), testing::kOtherAccount);
  };
  const Grants allowing = WithPolicies(kAllow);
  EXPECT_EQ(verdict(allowing, std::nullopt), Implicitly(PolicyType::kResource));
  EXPECT_EQ(verdict(allowing, Naming("444455556666")), Implicitly(PolicyType::kResource));
  for (const std::string_view named : {testing::kSession, testing::kRole, testing::kAccount, std::string_view("*")}) {
    EXPECT_EQ(verdict(allowing, Naming(named)), Allowed(PolicyType::kIdentity)) << named;
    EXPECT_EQ(verdict(WithPolicies(kNothing), Naming(named)), Implicitly(PolicyType::kIdentity)) << named;
    Grants limited = allowing;
    limited.boundary = Policy("boundary", kNothing);
    EXPECT_EQ(verdict(limited, Naming(named)), Implicitly(PolicyType::kBoundary)) << named;
    limited = allowing;
    limited.session = {Policy("session", kNothing)};
    EXPECT_EQ(verdict(limited, Naming(named)), Implicitly(PolicyType::kSession)) << named;
  }
}

TEST(Evaluate, TheRootOfAnAccount) {
  Grants root;
  root.principal = testing::RootPrincipal();
  EXPECT_TRUE(GetItem(root).allowed());
  EXPECT_TRUE(GetItem(root, Naming(testing::kUser)).allowed());
  EXPECT_EQ(GetItem(root, Naming("111122223333", "Deny")), Explicitly(PolicyType::kResource));
  root.service_control = {{Policy("account", kNothing)}};
  EXPECT_EQ(GetItem(root), Implicitly(PolicyType::kServiceControl));
  root.service_control.clear();
  EXPECT_EQ(GetItem(root, std::nullopt, testing::kOtherAccount), Implicitly(PolicyType::kResource));
  EXPECT_TRUE(GetItem(root, Naming("111122223333"), testing::kOtherAccount).allowed());
}

TEST(Evaluate, TrustPolicies) {
  const Action action("sts:AssumeRole");
  const auto assume = [&](const Grants& grants, std::string_view trust, std::string_view role_account,
                          const RequestFacts& facts) {
    const std::string role = "arn:aws:iam::" + std::string(role_account) + ":role/Target";
    const Request request(action, role, role_account, WallTime{}, facts);
    const NamedPolicy policy = Policy("trust", trust, DocumentKind::kTrust);
    const Verdict verdict = Evaluate(grants, policy.document.get(), request);
    EXPECT_EQ(Explain(grants, policy, request).verdict, verdict);
    return verdict;
  };
  const auto trusting = [](std::string_view principal) {
    return R"({"Effect": "Allow", "Principal": {"AWS": ")" + std::string(principal) +
           R"("}, "Action": "sts:AssumeRole", "Condition": {"StringEqualsIfExists": {"sts:ExternalId": "42"}}})";
  };
  const Grants none = WithPolicies(kNothing, testing::UserPrincipal());
  const Grants all = WithPolicies(kAllow, testing::UserPrincipal());
  ContextEntries facts;
  EXPECT_EQ(assume(none, trusting(testing::kUser), testing::kAccount, facts), Allowed(PolicyType::kTrust));
  EXPECT_EQ(assume(none, trusting(testing::kAccount), testing::kAccount, facts), Implicitly(PolicyType::kIdentity));
  EXPECT_EQ(assume(all, trusting(testing::kAccount), testing::kAccount, facts), Allowed(PolicyType::kIdentity));
  EXPECT_EQ(assume(all, trusting(testing::kOtherAccount), testing::kAccount, facts), Implicitly(PolicyType::kTrust))
      << "what an identity policy allows, the role must want, too";
  EXPECT_EQ(assume(none, trusting(testing::kUser), testing::kOtherAccount, facts), Implicitly(PolicyType::kIdentity));
  EXPECT_TRUE(assume(all, trusting(testing::kUser), testing::kOtherAccount, facts).allowed());
  facts.Add("sts:ExternalId", "43");
  EXPECT_EQ(assume(all, trusting(testing::kUser), testing::kAccount, facts), Implicitly(PolicyType::kTrust));
}

TEST(Evaluate, WebIdentities) {
  Grants stranger;
  stranger.principal.type = PrincipalType::kWebIdentity;
  stranger.principal.provider = "arn:aws:iam::111122223333:oidc-provider/login.example.com";
  const Action action("sts:AssumeRoleWithWebIdentity");
  ContextEntries facts;
  facts.Add("login.example.com:aud", "app");
  const Request request(action, "arn:aws:iam::111122223333:role/Target", testing::kAccount, WallTime{}, facts);
  const auto verdict = [&](std::string_view principal, std::string_view audience) {
    const NamedPolicy trust = Policy("trust",
                                     R"({"Effect": "Allow", "Principal": )" + std::string(principal) +
                                         R"(, "Action": "sts:AssumeRoleWithWebIdentity",
                                         "Condition": {"StringEquals": {"login.example.com:aud": ")" +
                                         std::string(audience) + "\"}}}",
                                     DocumentKind::kTrust);
    EXPECT_EQ(Explain(stranger, trust, request).verdict, Evaluate(stranger, trust.document.get(), request));
    return Evaluate(stranger, trust.document.get(), request);
  };
  EXPECT_EQ(verdict(R"({"Federated": "arn:aws:iam::111122223333:oidc-provider/login.example.com"})", "app"),
            Allowed(PolicyType::kTrust));
  EXPECT_EQ(verdict(R"({"Federated": "arn:aws:iam::111122223333:oidc-provider/login.example.com"})", "other"),
            Implicitly(PolicyType::kTrust));
  EXPECT_EQ(verdict(R"({"Federated": "accounts.google.com"})", "app"), Implicitly(PolicyType::kTrust));
  EXPECT_EQ(verdict(R"({"AWS": "*"})", "app"), Implicitly(PolicyType::kTrust)) << "a token is to be asked for by name";
  EXPECT_EQ(Evaluate(stranger, nullptr, request), Implicitly(PolicyType::kResource));
}

}  // namespace
}  // namespace insula::policy
