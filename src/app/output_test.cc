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

TEST(Output, JsonIsIndentedAsTheAwsCliDoes) {
  EXPECT_EQ("{\n    \"A\": [\n        1,\n        \"x\\\"\"\n    ],\n    \"B\": {}\n}",
            PrettyJson(wire::JsonDocument::Parse(R"({"A":[1,"x\""],"B":{}})")->root()));
}

}  // namespace
}  // namespace insula::app
