// People and scripts read the same answer: the first as a table, the second as the AWS CLI would print it.
#include "app/output.h"

#include <gtest/gtest.h>

namespace insula::app {
namespace {

std::string Tabled(std::string_view json) { return Table(wire::JsonDocument::Parse(json)->root(), false); }

TEST(Output, AListBecomesRows) {
  EXPECT_EQ(
      "TENANT  TIER     COUNT\n"
      "acme    premium     12\n"
      "b       -            3\n",
      Tabled(R"({"Tenants":[{"Tenant":"acme","Tier":"premium","Count":12},{"Tenant":"b","Count":3}]})"));
}

TEST(Output, AnEmptyListSaysSo) { EXPECT_EQ("no access keys\n", Tabled(R"({"AccessKeys":[]})")); }

TEST(Output, OneThingBecomesNamesAndValues) {
  EXPECT_EQ(
      "AccessKeyId  AKIA\n"
      "Active       yes\n"
      "Tags         a=1 b=2\n",
      Tabled(R"({"AccessKey":{"AccessKeyId":"AKIA","Active":true,"Tags":{"a":1,"b":2}}})"));
}

// Tenants choose their keys, names and descriptions, and an operator looks at them.
TEST(Output, NothingOfATenantsReachesTheTerminal) {
  EXPECT_EQ(Shown("\x1b]0;owned\a\x1b[2J"), "\\u001b]0;owned\\u0007\\u001b[2J");
  EXPECT_EQ(Shown("a\nforged  row\r\t\x7f"), "a\\u000aforged  row\\u000d\\u0009\\u007f");
  EXPECT_EQ(Shown("\xc2\x9b"
                  "2J"),
            "\\u009b2J");  // one code point begins a sequence, too
  EXPECT_EQ(Shown("\x9b"
                  "2J"),
            "\\u009b2J");  // and the byte alone
  EXPECT_EQ(Shown("a\xe2\x80\xae"
                  "b\xe2\x80\xa8"),
            "a\\u202eb\\u2028");  // order of writing, another line's end
  EXPECT_EQ(Shown("K\xc3\xa4se \xe2\x82\xac \xf0\x9f\xa7\x80"), "K\xc3\xa4se \xe2\x82\xac \xf0\x9f\xa7\x80");
  EXPECT_EQ(
      "KEY           COUNT\n"
      "a\\u000ab c=1      2\n",
      Tabled("{\"Keys\":[{\"Key\":\"a\\nb c=1\",\"Count\":2}]}"));
  EXPECT_EQ("{\n    \"A\": \"\\u001b[2J\\u009b\"\n}",
            PrettyJson(wire::JsonDocument::Parse("{\"A\":\"\\u001b[2J\\u009b\"}")->root()));
}

TEST(Output, JsonIsIndentedAsTheAwsCliDoes) {
  EXPECT_EQ("{\n    \"A\": [\n        1,\n        \"x\\\"\"\n    ],\n    \"B\": {}\n}",
            PrettyJson(wire::JsonDocument::Parse(R"({"A":[1,"x\""],"B":{}})")->root()));
}

}  // namespace
}  // namespace insula::app
