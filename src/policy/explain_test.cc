// What a simulation, and whoever was denied, is told.
#include "policy/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/denial.h"
#include "policy/testing/cases.h"

namespace insula::policy {
namespace {

using ::testing::ElementsAre;
using testing::Policy;

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() {
    grants_.principal = testing::SessionPrincipal();
    grants_.identity = {Policy("arn:aws:iam::111122223333:policy/Reader",
                               R"({"Sid": "Lists", "Effect": "Allow", "Action": "dynamodb:List*", "Resource": "*"},
                  {"Sid": "Reads", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"})"),
                        Policy("inline", R"({"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*",
                             "Condition": {"StringEquals": {"aws:ResourceTag/Secret": "yes", "dynamodb:Select": "COUNT"}}},
                            {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:dynamodb:*:*:table/${aws:username}"})")};
  }
  Explanation Explained() { return Explain(grants_, resource_policy_, request_); }
  static std::string Text(const MatchedStatement& statement) {
    return statement.policy + "#" + std::to_string(statement.index) + "/" + statement.sid +
           (statement.denies ? " denies" : " allows");
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    for (const MatchedStatement& statement : Explained().statements) texts.push_back(Text(statement));
    return texts;
  }

  Grants grants_;
  NamedPolicy resource_policy_;
  ContextEntries facts_;
  Action action_{"dynamodb:GetItem"};
  Request request_{action_, testing::kTable, testing::kAccount, WallTime{}, facts_};
};

TEST_F(ExplainTest, NamesTheStatementsThatAllow) {
  EXPECT_TRUE(Explained().verdict.allowed());
  EXPECT_THAT(Texts(), ElementsAre("arn:aws:iam::111122223333:policy/Reader#1/Reads allows"));
  EXPECT_THAT(Explained().missing_keys, ElementsAre("aws:ResourceTag/secret", "aws:username"));
}

TEST_F(ExplainTest, NamesTheStatementsThatDeny) {
  facts_.Add("aws:ResourceTag/Secret", "yes");
  facts_.Add("dynamodb:Select", "COUNT");
  EXPECT_EQ(Explained().verdict.decision, Decision::kExplicitlyDenied);
  EXPECT_THAT(Texts(), ElementsAre("inline#0/ denies"));
}

TEST_F(ExplainTest, AnImplicitDenySaysWhatAllowedAllTheSame) {
  grants_.session = {Policy("session", R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})")};
  EXPECT_EQ(Explained().verdict, (Verdict{Decision::kImplicitlyDenied, PolicyType::kSession}));
  EXPECT_THAT(Texts(), ElementsAre("arn:aws:iam::111122223333:policy/Reader#1/Reads allows"));
  resource_policy_ = Policy("table",
                            R"({"Sid": "Names", "Effect": "Allow", "Principal": {"AWS": ")" +
                                std::string(testing::kSession) + R"("}, "Action": "*", "Resource": "*"})",
                            DocumentKind::kResource);
  EXPECT_TRUE(Explained().verdict.allowed());
  EXPECT_THAT(Texts(), ElementsAre("table#0/Names allows", "arn:aws:iam::111122223333:policy/Reader#1/Reads allows"));
}

TEST_F(ExplainTest, DenialsInAwsWords) {
  const std::string who =
      "User: arn:aws:sts::111122223333:assumed-role/Reader/s1 is not authorized to perform: dynamodb:GetItem on "
      "resource: "
      "arn:aws:dynamodb:us-east-1:111122223333:table/Orders ";
  struct Case {
    PolicyType type;
    std::string implicitly, explicitly;
  };
  const Case cases[] = {
      {PolicyType::kServiceControl, "no service control policy allows", "a service control policy"},
      {PolicyType::kResource, "no resource-based policy allows", "a resource-based policy"},
      {PolicyType::kTrust, "no role trust policy allows", "the role trust policy"},
      {PolicyType::kIdentity, "no identity-based policy allows", "an identity-based policy"},
      {PolicyType::kBoundary, "no permissions boundary allows", "a permissions boundary"},
      {PolicyType::kSession, "no session policy allows", "a session policy"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(DenialMessage(grants_.principal, request_, {Decision::kImplicitlyDenied, c.type}),
              who + "because " + c.implicitly + " the dynamodb:GetItem action");
    EXPECT_EQ(DenialMessage(grants_.principal, request_, {Decision::kExplicitlyDenied, c.type}),
              who + "with an explicit deny in " + c.explicitly);
  }
}

TEST_F(ExplainTest, LaterEntriesReplaceFormerOnes) {
  facts_.Add("AWS:username", "Order");
  facts_.Add("aws:UserName", "Orders");
  EXPECT_THAT(Texts(), ElementsAre("arn:aws:iam::111122223333:policy/Reader#1/Reads allows", "inline#1/ allows"));
  facts_.AddSet("aws:username", {"Orders"});
  EXPECT_THAT(Texts(), ElementsAre("arn:aws:iam::111122223333:policy/Reader#1/Reads allows"))
      << "a set isn't filled in";
}

}  // namespace
}  // namespace insula::policy
