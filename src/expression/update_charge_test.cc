// Figures of paritysuite/dynamodb-conformance, tests/tier3/limits/itemSizeBySurface: eu-west-2, 2026-10.
#include "expression/update_charge.h"

#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

std::size_t Charge(std::string_view text) {
  Placeholders placeholders({}, {{":v", S("12345")}, {":n", N("7")}, {":l", L({S("ab")})}, {":s", SS({"x", "y"})}});
  auto update = Update::Parse(text, placeholders);
  EXPECT_TRUE(update.ok()) << text << ": " << MessageOf(update);
  return update.ok() ? update->Charge() : 0;
}

TEST(UpdateCharge, IsOfWhatTheExpressionSays) {
  constexpr std::size_t kUpdate = 3, kValue = 5, kNumber = 2, kList = 3 + 1 + 2;
  const struct {
    std::string_view text;
    std::size_t expected;
  } cases[] = {
      {"SET a = :v", 19 + 1 + kValue},
      {"SET a = :v, bc = :v", 19 + 1 + kValue + 19 + 2 + kValue},
      {"SET a.bcd = :v", 19 + 1 + 4 + 3 + kValue},
      {"SET a[10] = :v", 19 + 1 + 4 + 2 + kValue},
      {"SET a = m.zz", 19 + 1 + 1 + 15 + 16},
      {"SET a = b + :n", 19 + 1 + 34 + (1 + 15) + kNumber},
      {"SET a = b - :n", 19 + 1 + 37 + (1 + 15) + kNumber},
      {"SET a = if_not_exists(b, :v)", 19 + 1 + 39 + (1 + 15) + kValue},
      {"SET a = list_append(b, :l)", 19 + 1 + 37 + (1 + 15) + kList},
      {"ADD a :n", 19 + 1 + kNumber},
      {"ADD a :s", 19 + 1},
      {"DELETE a :s", 1 + 1},
      {"REMOVE a.b, c", 1 + 1 + 4 + 1 + 1 + 1},
  };
  for (const auto& each : cases) EXPECT_EQ(Charge(each.text), kUpdate + each.expected) << each.text;
}

}  // namespace
}  // namespace insula::expression
