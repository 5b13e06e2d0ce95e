// Every operator, over a key that has the value, another one, or none; and what the forms of an operator make of sets.
#include "policy/condition.h"

#include <gtest/gtest.h>

#include "policy/testing/cases.h"

namespace insula::policy {
namespace {

using testing::kTable;

// Whether a statement with this Condition element (the inside of its braces) applies.
bool Holds(std::string_view condition, const RequestFacts& facts,
           const Principal& principal = testing::SessionPrincipal(), WallTime now = WallTime{}) {
  Grants grants;
  grants.principal = principal;
  grants.identity = {testing::Policy(
      "p", R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {)" + std::string(condition) + "}}")};
  const Action action("dynamodb:GetItem");
  return Evaluate(grants, nullptr, Request(action, kTable, testing::kAccount, now, facts)).allowed();
}

struct OperatorCase {
  std::string_view op;
  std::string_view values;  // JSON
  std::string_view matching;
  std::string_view other;
};

// Of each operator a value of the key that matches, and one that nearly does.
const OperatorCase kOperators[] = {
    {"StringEquals", R"("acme")", "acme", "Acme"},
    {"StringEquals", R"(["globex", "acme"])", "acme", "acme*"},
    {"StringEquals", R"("ac*")", "ac*", "acme"},
    {"StringEqualsIgnoreCase", R"("Acme")", "aCME", "acm"},
    {"StringLike", R"("ac?e*")", "acme-1", "acmmme"},
    {"StringLike", R"("*")", "", "\x01"},  // the other one matches, too: see below
    {"StringNotEquals", R"("acme")", "Acme", "acme"},
    {"StringNotEquals", R"(["acme", "globex"])", "other", "globex"},
    {"StringNotEqualsIgnoreCase", R"("acme")", "acm", "ACME"},
    {"StringNotLike", R"("ac*")", "Acme", "acme"},
    {"NumericEquals", R"("10")", "10.0", "10.1"},
    {"NumericEquals", "10", "1e1", "x"},
    {"NumericNotEquals", R"("10")", "11", "10"},
    {"NumericLessThan", R"("10")", "9.99", "10"},
    {"NumericLessThanEquals", R"("10")", "10", "10.01"},
    {"NumericGreaterThan", R"("10")", "10.01", "10"},
    {"NumericGreaterThanEquals", R"("10")", "10", "9.99"},
    {"DateEquals", R"("2026-01-31T12:00:00Z")", "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:01Z"},
    {"DateEquals", R"("1769860800")", "2026-01-31T12:00:00Z", "2026-01-31"},
    {"DateNotEquals", R"("2026-01-31")", "2026-02-01", "2026-01-31T00:00:00Z"},
    {"DateLessThan", R"("2026-01-31")", "2026-01-30T23:59:59Z", "2026-01-31"},
    {"DateLessThanEquals", R"("2026-01-31")", "2026-01-31", "2026-01-31T00:00:01Z"},
    {"DateGreaterThan", R"("2026-01-31")", "2026-01-31T00:00:01Z", "2026-01-31"},
    {"DateGreaterThanEquals", R"("2026-01-31")", "2026-01-31", "2026-01-30"},
    {"Bool", R"("true")", "true", "false"},
    {"Bool", "false", "FALSE", "yes"},
    {"BinaryEquals", R"("aGVsbG8=")", "hello", "aGVsbG8="},
    {"IpAddress", R"("203.0.113.0/24")", "203.0.113.9", "203.0.114.9"},
    {"IpAddress", R"(["10.0.0.0/8", "2001:db8::/32"])", "2001:db8::9", "2001:db9::9"},
    {"NotIpAddress", R"("203.0.113.0/24")", "10.0.0.1", "203.0.113.9"},
    {"ArnEquals", R"("arn:aws:iam::*:role/Reader")", "arn:aws:iam::111122223333:role/Reader",
     "arn:aws:iam::111122223333:role/Readers"},
    {"ArnLike", R"("arn:aws:iam::111122223333:*")", "arn:aws:iam::111122223333:role/x", "role/x"},
    {"ArnNotEquals", R"("arn:aws:iam::*:role/Reader")", "arn:aws:iam::1:role/Writer", "arn:aws:iam::1:role/Reader"},
    {"ArnNotLike", R"("arn:aws:iam::*:role/*")", "arn:aws:iam::1:user/a", "arn:aws:iam::1:role/a"},
};

std::string Line(std::string_view op, std::string_view key, std::string_view values) {
  return "\"" + std::string(op) + "\": {\"" + std::string(key) + "\": " + std::string(values) + "}";
}

TEST(Condition, EveryOperator) {
  const ContextEntries none;
  for (const OperatorCase& c : kOperators) {
    const std::string op(c.op);
    const bool negated = op.find("Not") != std::string::npos;
    const bool anything = c.values == R"("*")";
    ContextEntries matching;
    matching.Add("custom:key", std::string(c.matching));
    ContextEntries other;
    other.Add("custom:key", std::string(c.other));
    for (const std::string& form :
         {op, op + "IfExists", "ForAllValues:" + op, "ForAnyValue:" + op, "ForAnyValue:" + op + "IfExists"}) {
      const std::string line = Line(form, "Custom:KEY", c.values);
      EXPECT_TRUE(Holds(line, matching)) << line << " on " << c.matching;
      EXPECT_EQ(Holds(line, other), anything) << line << " on " << c.other;
    }
    // A key that isn't there.
    EXPECT_EQ(Holds(Line(op, "custom:key", c.values), none), negated) << op;
    EXPECT_TRUE(Holds(Line(op + "IfExists", "custom:key", c.values), none)) << op;
    EXPECT_TRUE(Holds(Line("ForAllValues:" + op, "custom:key", c.values), none)) << op;
    EXPECT_FALSE(Holds(Line("ForAnyValue:" + op, "custom:key", c.values), none)) << op;
    EXPECT_FALSE(Holds(Line("ForAnyValue:" + op + "IfExists", "custom:key", c.values), none)) << op;
    // A set without a quantifier matches nothing, were it only one value.
    ContextEntries set;
    set.AddSet("custom:key", {std::string(c.matching)});
    EXPECT_FALSE(Holds(Line(op, "custom:key", c.values), set)) << op;
    EXPECT_FALSE(Holds(Line(op + "IfExists", "custom:key", c.values), set)) << op;
    EXPECT_TRUE(Holds(Line("ForAllValues:" + op, "custom:key", c.values), set)) << op;
    // One that matches among some that don't, unless all do.
    set.AddSet("custom:key", {std::string(c.other), std::string(c.matching)});
    EXPECT_EQ(Holds(Line("ForAllValues:" + op, "custom:key", c.values), set), anything) << op;
    EXPECT_TRUE(Holds(Line("ForAnyValue:" + op, "custom:key", c.values), set)) << op;
  }
}

TEST(Condition, Null) {
  ContextEntries there;
  there.Add("custom:key", "");
  const ContextEntries none;
  struct Case {
    std::string_view value;
    bool there, none;
  };
  for (const Case& c : {Case{R"("true")", false, true}, Case{"false", true, false},
                        Case{R"(["true", "false"])", true, true}, Case{"[]", false, false}}) {
    for (const std::string_view op : {"Null", "ForAllValues:Null", "ForAnyValue:Null", "null"}) {
      EXPECT_EQ(Holds(Line(op, "custom:key", c.value), there), c.there) << op << c.value;
      EXPECT_EQ(Holds(Line(op, "custom:key", c.value), none), c.none) << op << c.value;
    }
  }
  ContextEntries empty;
  empty.AddSet("aws:TagKeys", {});
  EXPECT_TRUE(Holds(R"("Null": {"aws:TagKeys": true})", empty)) << "a set of none is an absent key";
}

TEST(Condition, WithoutValuesNothingIsEqual) {
  ContextEntries there;
  there.Add("custom:key", "x");
  EXPECT_FALSE(Holds(R"("StringEquals": {"custom:key": []})", there));
  EXPECT_TRUE(Holds(R"("StringNotEquals": {"custom:key": []})", there));
  EXPECT_TRUE(Holds(R"("NoSuchOperator": {})", there)) << "of which AWS says nothing as long as it is empty";
}

TEST(Condition, AllLinesMustHold) {
  ContextEntries context;
  context.Add("custom:a", "1");
  context.Add("custom:b", "2");
  EXPECT_TRUE(
      Holds(R"("StringEquals": {"custom:a": "1", "custom:b": "2"}, "NumericLessThan": {"custom:a": "2"})", context));
  EXPECT_FALSE(
      Holds(R"("StringEquals": {"custom:a": "1", "custom:b": "1"}, "NumericLessThan": {"custom:a": "2"})", context));
  EXPECT_FALSE(
      Holds(R"("StringEquals": {"custom:a": "1", "custom:b": "2"}, "NumericLessThan": {"custom:a": "1"})", context));
}

TEST(Condition, VariablesInValues) {
  ContextEntries context;
  context.Add("custom:a", "acme");
  context.Add("aws:PrincipalTag/tenant", "acme");
  context.Add("aws:PrincipalTag/account", "111122223333");
  context.Add("iam:PolicyARN", "arn:aws:iam::111122223333:policy/x");
  EXPECT_TRUE(Holds(R"("StringEquals": {"custom:a": "${aws:PrincipalTag/tenant}"})", context));
  EXPECT_FALSE(Holds(R"("StringNotEquals": {"custom:a": "${aws:PrincipalTag/tenant}"})", context));
  EXPECT_TRUE(Holds(R"("StringLike": {"custom:a": ["${aws:username}*", "ac*"]})", context))
      << "one of the others matches";
  EXPECT_FALSE(Holds(R"("StringLike": {"custom:a": "${aws:username}*"})", context));
  EXPECT_FALSE(Holds(R"("StringNotLike": {"custom:a": ["${aws:username}*", "x"]})", context))
      << "not known to be unlike";
  EXPECT_TRUE(Holds(R"("StringNotLike": {"custom:a": ["${aws:username, 'x'}*", "x"]})", context));
  EXPECT_TRUE(Holds(R"("ArnLike": {"iam:PolicyARN": "arn:aws:iam::${aws:PrincipalTag/account}:policy/*"})", context));
  EXPECT_FALSE(Holds(R"("ArnNotLike": {"iam:PolicyARN": "arn:aws:iam::${aws:username}:policy/*"})", context));
}

// What no list of entries says: the keys that the principal and the request answer.
class ItemFacts : public RequestFacts {
 public:
  Fact Find(KeyName name, std::string_view detail) const override {
    switch (name) {
      case KeyName::kLeadingKeys:
        return Fact::Member("acme#1");
      case KeyName::kAttributes:
        return Fact::Set(attributes_);
      case KeyName::kFullTableScan:
        return Fact::Flag(false);
      case KeyName::kStsDurationSeconds:
        return Fact::Number(3600);
      case KeyName::kResourceTag:
        return detail == "team" ? Fact::Text("red") : Fact();
      default:
        return {};
    }
  }

 private:
  std::string_view attributes_[2] = {"pk", "price"};
};

TEST(Condition, KeysOfEveryKind) {
  Principal principal = testing::SessionPrincipal();
  principal.tags = Tags({{"Tenant", "acme"}, {"empty", ""}, {"TENANT", "second"}});
  principal.organization = "o-a1b2c3d4e5";
  principal.organization_path = "o-a1b2c3d4e5/r-ab12/ou-ab12-1/";
  principal.provider = "accounts.example.com";
  principal.source_identity = "carol";
  principal.token_issued = WallTime(std::chrono::seconds(1'769'860'800));
  principal.multi_factor = true;
  principal.multi_factor_age_s = 60;
  const WallTime now(std::chrono::seconds(1'769'860'800));
  const ItemFacts facts;
  for (const std::string_view line : {
           R"("StringEquals": {"aws:PrincipalTag/TENANT": "acme"})",
           R"("StringEquals": {"aws:PrincipalTag/empty": ""})",
           R"("ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Reader"})",
           R"("StringEquals": {"aws:PrincipalAccount": "111122223333"})",
           R"("StringEquals": {"aws:PrincipalType": "AssumedRole"})",
           R"("StringEquals": {"aws:userid": "AROAEXAMPLEEXAMPLE00:s1"})",
           R"("Null": {"aws:username": "true"})",
           R"("StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"})",
           R"("ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"})",
           R"("StringEquals": {"aws:FederatedProvider": "accounts.example.com"})",
           R"("StringEquals": {"aws:SourceIdentity": "carol"})",
           R"("DateLessThanEquals": {"aws:TokenIssueTime": "2026-01-31T12:00:00Z"})",
           R"("StringEquals": {"aws:TokenIssueTime": "2026-01-31T12:00:00Z"})",
           R"("Bool": {"aws:MultiFactorAuthPresent": "true"})",
           R"("NumericLessThan": {"aws:MultiFactorAuthAge": "61"})",
           R"("Bool": {"aws:PrincipalIsAWSService": "false"})",
           R"("DateEquals": {"aws:CurrentTime": "2026-01-31T12:00:00Z"})",
           R"("StringLike": {"aws:CurrentTime": "2026-01-31T*"})",
           R"("NumericEquals": {"aws:EpochTime": "1769860800"})",
           R"("DateEquals": {"aws:EpochTime": "2026-01-31T12:00:00Z"})",
           R"("StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"})",
           R"("StringEquals": {"aws:ResourceTag/Team": "red"})",
           R"("Null": {"aws:ResourceTag/other": "true"})",
           R"("ForAllValues:StringLike": {"dynamodb:LeadingKeys": "${aws:PrincipalTag/tenant}#*"})",
           R"("ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": "acme#1"})",
           R"("ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "price"]})",
           R"("ForAnyValue:StringEquals": {"dynamodb:Attributes": "price"})",
           R"("Bool": {"dynamodb:FullTableScan": "false"})",
           R"("StringEquals": {"dynamodb:FullTableScan": "false"})",
           R"("NumericLessThanEquals": {"sts:DurationSeconds": "3600"})",
       }) {
    EXPECT_TRUE(Holds(line, facts, principal, now)) << line;
  }
  for (const std::string_view line : {
           R"("StringEquals": {"dynamodb:LeadingKeys": "acme#1"})",
           R"("ForAllValues:StringLike": {"dynamodb:LeadingKeys": "globex#*"})",
           R"("ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk"]})",
           R"("ForAnyValue:StringEquals": {"dynamodb:Attributes": "secret"})",
           R"("DateGreaterThan": {"aws:CurrentTime": "2026-01-31T12:00:00Z"})",
           R"("StringEquals": {"aws:PrincipalTag/none": ""})",
       }) {
    EXPECT_FALSE(Holds(line, facts, principal, now)) << line;
  }
}

}  // namespace
}  // namespace insula::policy
