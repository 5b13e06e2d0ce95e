// Which documents are good, and in which words the others are refused.
#include "policy/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/statement.h"
#include "policy/testing/cases.h"

namespace insula::policy {
namespace {

using ::testing::ElementsAre;

std::string Refusal(std::string_view json, DocumentKind kind) {
  const Result<DocumentPtr> document = Document::Parse(json, kind);
  if (document.ok()) return "";
  EXPECT_EQ(document.error().code(), ErrorCode::kMalformedPolicyDocument);
  return document.error().message();
}
std::string StatementRefusal(std::string_view statements, DocumentKind kind = DocumentKind::kIdentity) {
  return Refusal(testing::DocumentJson(statements), kind);
}
// With the rest of a good statement around it.
std::string ElementRefusal(std::string_view action, std::string_view resource, std::string_view rest = "") {
  return StatementRefusal(R"({"Effect": "Allow", "Action": )" + std::string(action) + R"(, "Resource": )" +
                          std::string(resource) + std::string(rest) + "}");
}

constexpr std::string_view kSyntax = "Syntax errors in policy.";
constexpr std::string_view kLegacy = "The policy failed legacy parsing";

TEST(Document, Syntax) {
  for (
      const std::string_view json : {
          "",
          "null",
          "This is not a json document",
          "[]",
          "{}",
          R"({"Version": "2012-10-17"})",
          R"({"Version": "2013-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})",
          R"({"Version": 20121017, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})",
          R"({"Version": "2012-10-17", "Statement": []})",
          R"({"Version": "2012-10-17", "Statement": ["afd"]})",
          R"({"Version": "2012-10-17", "Statement": "x"})",
          R"({"Version": "2012-10-17", "Id": {}, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})",
          R"({"Version": "2012-10-17", "More": 1, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})",
          R"({"Version": "2012-10-17", "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})",
          R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}} x)",
          "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": "
          "\"\xff\"}}",
      }) {
    EXPECT_EQ(Refusal(json, DocumentKind::kIdentity), kSyntax) << json;
  }
  for (
      const std::string_view statement : {
          R"({"Action": "*", "Resource": "*"})",
          R"({"Effect": "invalid", "Action": "*", "Resource": "*"})",
          R"({"Effect": ["Allow"], "Action": "*", "Resource": "*"})",
          R"({"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"})",
          R"({"Effect": "Allow", "action": "*", "Resource": "*"})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "More": "value"})",
          R"({"Effect": "Allow", "Action": "*", "NotAction": [], "Resource": "*"})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": []})",
          R"({"Effect": "Allow", "Action": {}, "Resource": "*"})",
          R"({"Effect": "Allow", "Action": [[]], "Resource": "*"})",
          R"({"Effect": "Allow", "Action": "*", "Resource": ["*", {}]})",
          R"({"Effect": "Allow", "Action": "*", "Resource": 1})",
          R"({"Sid": {}, "Effect": "Allow", "Action": "*", "Resource": "*"})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": []})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": "a"})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"a": "b"}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": []}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"a": {}}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"a": null}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"a": [["b"]]}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"x": {"a": "1"}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAnyValue::StringEquals": {"a": "1"}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NullIfExists": {"a": "true"}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEqualsIfExistsIfExists": {"a": "1"}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IfExists": {"a": "1"}}})",
          R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"a": "1", "a": "2"}}})",
          R"({"Effect": "Allow", "Principal": "me", "Action": "*", "Resource": "*"})",
          R"({"Effect": "Allow", "Principal": {"AWS": {}}, "Action": "*", "Resource": "*"})",
          R"({"Effect": "Allow", "Principal": {"Aws": "*"}, "Action": "*", "Resource": "*"})",
          R"({"Effect": "Deny", "Principal": "*", "NotPrincipal": "*", "Action": "*", "Resource": "*"})",
      }) {
    EXPECT_EQ(StatementRefusal(statement), kSyntax) << statement;
  }
}

TEST(Document, Versions) {
  constexpr std::string_view kOld =
      R"({"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  constexpr std::string_view kNone = R"({"Statement": {"Effect": "denY", "Action": "*", "Resource": "*"}})";
  for (const DocumentKind kind : {DocumentKind::kIdentity, DocumentKind::kServiceControl}) {
    EXPECT_EQ(Refusal(kOld, kind), "Policy document must be version 2012-10-17 or greater.");
    EXPECT_EQ(Refusal(kNone, kind), "Policy document must be version 2012-10-17 or greater.");
  }
  // Old documents know no variables: what would be a broken one is text.
  EXPECT_EQ(
      Refusal(
          R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:dynamodb:*:*:table/${"}})",
          DocumentKind::kResource),
      "");
}

TEST(Document, Statements) {
  struct Case {
    std::string_view statements;
    std::string_view refusal;
  };
  const Case cases[] = {
      {R"({"Effect": "allow", "Action": "*", "Resource": "*"})", kLegacy},
      {R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3::bucket"})", kLegacy},
      {R"({"Effect": "Allow", "Resource": "arn:aws:s3::bucket"})", kLegacy},
      {R"({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws::::bucket"})", kLegacy},
      {R"({"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "a", "Effect": "Allow"})",
       "Statement IDs (SID) in a single policy must be unique."},
      {R"({"Sid": "a b", "Effect": "Allow", "Action": "*", "Resource": "*"})",
       "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
       "[0-9A-Za-z]*"},
      {R"({"Effect": "Deny"}, {"Effect": "Allow", "Action": "*", "Resource": "*"})",
       "Policy statement must contain actions."},
      {R"({"Effect": "Allow", "Action": [], "Resource": "*"})", "Policy statement must contain actions."},
      {R"({"Effect": "Allow", "Action": "*"})", "Policy statement must contain resources."},
      {R"({"Effect": "Allow", "Action": "*", "Resource": []})", "Policy statement must contain resources."},
      {R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})",
       "Policy document should not specify a principal."},
      {R"({"Effect": "Allow", "NotPrincipal": {"AWS": []}, "Action": "*", "Resource": "*"})",
       "Policy document should not specify a principal."},
  };
  for (const Case& c : cases) EXPECT_EQ(StatementRefusal(c.statements), c.refusal) << c.statements;
}

TEST(Document, ActionsAndResources) {
  struct Case {
    std::string_view action, resource, refusal;
  };
  const Case cases[] = {
      {R"("invalid")", R"("*")", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
      {R"("")", R"("*")", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
      {R"("a a:ListBucket")", R"("*")", "Vendor a a is not valid"},
      {R"("s3:List:Bucket")", R"("*")", "Actions/Condition can contain only one colon."},
      {R"("s3:*")", R"("invalid resource")", "Resource invalid resource must be in ARN format or \"*\"."},
      {R"("s3:*")", R"("")", "Resource  must be in ARN format or \"*\"."},
      {R"("s:3:x")", R"("sdfsadf")", "Resource sdfsadf must be in ARN format or \"*\"."},
      {R"("s3:*")", R"("a:bsdfdsafsad")",
       "Partition \"bsdfdsafsad\" is not valid for resource \"arn:bsdfdsafsad:*:*:*:*\"."},
      {R"("s3:*")", R"("a:b:c:d:e:f:g:h")", "Partition \"b\" is not valid for resource \"arn:b:c:d:e:f:g:h\"."},
      {R"("s3:*")", R"("aws:s3:::bucket")", "Partition \"s3\" is not valid for resource \"arn:s3:::bucket:*\"."},
      {R"("s3:*")", R"(["arn:error:s3:::b"])", "Partition \"error\" is not valid for resource \"arn:error:s3:::b\"."},
      {R"("s3:*")", R"("arn:aws")", "Resource vendor must be fully qualified and cannot contain regexes."},
      {R"("s3:*")", R"("arn:aws:*:us-east-1:1:x")",
       "Resource vendor must be fully qualified and cannot contain regexes."},
      {R"("s3:*")", R"("arn:aws:iam:us-east-1::user/a")",
       "IAM resource arn:aws:iam:us-east-1::user/a cannot contain region information."},
      {R"("s3:*")", R"("arn:aws:s3:us-east-1::b")",
       "Resource arn:aws:s3:us-east-1::b can not contain region information."},
      {R"("s3:*")", R"("arn:aws:iam:::b")",
       "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, instance-profile/, "
       "mfa/, "
       "server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/."},
      {R"("dynamodb:*")", R"("arn:aws:dynamodb:*:*:table/${aws:username")", kLegacy},
      {R"("dynamodb:*")", R"("arn:aws:dynamodb:*:*:table/${}")", kLegacy},
  };
  for (const Case& c : cases)
    EXPECT_EQ(ElementRefusal(c.action, c.resource), c.refusal) << c.action << " " << c.resource;
}

TEST(Document, ConditionsWhoseValuesCannotBeRead) {
  for (const std::string_view condition :
       {R"("DateGreaterThan": {"a": "sdfdsf"})", R"("DateLessThan": {"a": ["2026-01-31", "9223372036854775808"]})",
        R"("NumericEquals": {"a": "x"})", R"("Bool": {"a": "yes"})", R"("Null": {"a": "x"})",
        R"("IpAddress": {"a": "10.0.0.0/40"})", R"("BinaryEquals": {"a": "?"})", R"("ArnLike": {"a": "role/x"})",
        R"("StringEquals": {"a": "${x"})"}) {
    EXPECT_EQ(ElementRefusal("\"*\"", "\"*\"", R"(, "Condition": {)" + std::string(condition) + "}"), kLegacy)
        << condition;
  }
}

TEST(Document, Good) {
  for (
      const std::string_view rest :
      {"", R"(, "Condition": {})", R"(, "Condition": {"a": {}})", R"(, "Condition": {"DateGreaterThan": {"a": []}})",
       R"(, "Condition": {"DateGreaterThan": {"a": "01T"}})", R"(, "Condition": {"DateLessThan": {"a": "-292275054"}})",
       R"(, "Condition": {"DateLessThanEquals": {"a": "2016-12-13t2:00:00.593194+23"}})",
       R"(, "Condition": {"ForAnyValue:StringEqualsIfExists": {"a": "asf"}})",
       R"(, "Condition": {"Bool": {"aws:SecureTransport": true}})",
       R"(, "Condition": {"NumericLessThan": {"a": [1, 2.5, "3"]}})", R"(, "Sid": "a1")",
       R"(, "Condition": {"StringLike": {"a": "${cognito-identity.amazonaws.com:sub}/${saml:namequalifier, 'none'}*"}})"}) {
    EXPECT_EQ(ElementRefusal(R"(["*", "*:*", "s3.s:List*", "iam: any text "])",
                             R"(["*", "arn:aws:s3:::b", "arn:aws:fdsasf"])", rest),
              "")
        << rest;
  }
  for (const std::string_view resource :
       {"arn:aws-cn:dynamodb:*:*:table/x", "arn:*:iam::*:role/x", "arn:aws:iam::*:*", "arn:aws:iam::1:u*",
        "arn:aws:iam::1:${aws:username}", "arn:aws:iam::*:user/${aws:username}",
        "arn:aws:dynamodb:us-east-1:1:table/x/stream/2026:*"}) {
    EXPECT_EQ(ElementRefusal("\"*\"", "\"" + std::string(resource) + "\""), "") << resource;
  }
}

TEST(Document, TrustPolicies) {
  struct Case {
    std::string_view statement, refusal;
  };
  constexpr std::string_view kActions = "AssumeRole policy may only specify STS AssumeRole actions.";
  const Case cases[] = {
      {R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"]})",
       ""},
      {R"({"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity"})",
       ""},
      {R"({"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": "sts:AssumeRole*"})", ""},
      {R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"})", ""},
      {R"({"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEEXAMPLE00"}, "Action": "sts:AssumeRole"})", ""},
      {R"({"Effect": "Allow", "Action": "sts:AssumeRole"})", "Missing required field Principal"},
      {R"({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"})",
       R"(AssumeRolepolicy contained an invalid principal: "STAR":"*".)"},
      {R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Resource": "*"})",
       "Has prohibited field Resource"},
      {R"({"Effect": "Allow", "NotPrincipal": {"AWS": "*"}, "Action": "sts:AssumeRole"})",
       "Has prohibited field NotPrincipal"},
      {R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:GetCallerIdentity"})", kActions},
      {R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole", "dynamodb:GetItem"]})", kActions},
      {R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*"})", kActions},
      {R"({"Effect": "Deny", "Principal": {"AWS": "*"}, "NotAction": "sts:AssumeRole"})", kActions},
  };
  for (const Case& c : cases) EXPECT_EQ(StatementRefusal(c.statement, DocumentKind::kTrust), c.refusal) << c.statement;
}

TEST(Document, Principals) {
  const auto refusal = [](std::string_view principal) {
    return StatementRefusal(R"({"Effect": "Allow", "Principal": {"AWS": ")" + std::string(principal) +
                                R"("}, "Action": "*", "Resource": "*"})",
                            DocumentKind::kResource);
  };
  for (const std::string_view good :
       {"*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/a/b",
        "arn:aws-cn:iam::111122223333:role/x", "arn:aws:sts::111122223333:assumed-role/x/s",
        "arn:aws:sts::111122223333:federated-user/x", "AIDAEXAMPLEEXAMPLE00"}) {
    EXPECT_EQ(refusal(good), "") << good;
  }
  for (const std::string_view bad :
       {"", "me", "11112222333", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::*:root", "arn:aws:iam::1:root",
        "arn:aws:iam::111122223333:group/x", "arn:aws:iam:us-east-1:111122223333:user/x",
        "arn:aws:iam::111122223333:user/", "arn:aws:sts::111122223333:root", "arn:aws:s3:::b", "AIDAexample",
        "arn:aws:iam"}) {
    EXPECT_EQ(refusal(bad), R"(Invalid principal in policy: "AWS":")" + std::string(bad) + "\"") << bad;
  }
  EXPECT_EQ(StatementRefusal(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})", DocumentKind::kResource),
            "Missing required field Principal");
}

TEST(Document, SaysWhomItNames) {
  const DocumentPtr document = testing::Policy("", R"(
      {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/x", "444455556666", "*", "AROAEXAMPLEEXAMPLE00"]},
       "Action": "*", "Resource": ["arn:aws:dynamodb:*:111122223333:table/x", "arn:aws:dynamodb:*:*:table/x", "arn:aws:s3:::b"]},
      {"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::777788889999:root"}, "Action": "*", "NotResource": "arn:aws:sqs:*:123456789012:*"})",
                                               DocumentKind::kResource)
                                   .document;
  EXPECT_THAT(document->NamedAccounts(), ElementsAre("111122223333", "444455556666", "777788889999", "123456789012"));
  EXPECT_THAT(document->NamedPrincipals(), ElementsAre("arn:aws:iam::111122223333:role/x", "AROAEXAMPLEEXAMPLE00"));
  EXPECT_GT(document->memory_bytes(), 2'000U);
}

TEST(Document, IsBounded) {
  std::string deep = R"({"Version": "2012-10-17", "Statement": )";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_EQ(Refusal(deep, DocumentKind::kIdentity), kSyntax);
  std::string statements = R"({"Effect": "Allow", "Action": "*", "Resource": "*"})";
  std::string many = statements;
  for (std::size_t i = 0; i < Document::kStatementsMax; ++i) many += "," + statements;
  EXPECT_EQ(StatementRefusal(many), kSyntax);
  std::string values = "\"a\"";
  for (std::size_t i = 0; i < Document::kValuesMax; ++i) values += ",\"a\"";
  EXPECT_EQ(ElementRefusal("\"*\"", "\"*\"", R"(, "Condition": {"StringEquals": {"k": [)" + values + "]}}"), kSyntax);
}

}  // namespace
}  // namespace insula::policy
