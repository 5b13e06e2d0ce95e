// All that is wrong with a request is said at once, in the words of AWS's services.
#include "api/query/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace insula::api::query {
namespace {

using ::testing::ElementsAre;

constexpr TextRule kName{.length_min = 2, .length_max = 4, .pattern = "[a-z]*", .matches = [](std::string_view text) {
                           return std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
                         }};

Parameters ParametersOf(std::string_view text) { return Parameters(*Form::Parse(text)); }

std::string WrongIn(const Parameters& parameters) {
  const Result<void> checked = parameters.Check();
  return checked.ok() ? "" : checked.error().message();
}

TEST(ParametersTest, WhatIsRightIsRead) {
  Parameters parameters = ParametersOf("RoleName=abc&Max=12&On=true&Keys.member.1=ab&Keys.member.2=cd");
  EXPECT_EQ(parameters.Required("RoleName", kName), "abc");
  EXPECT_EQ(parameters.Optional("Path"), std::nullopt);
  EXPECT_EQ(parameters.Number("Max", 1, 12), 12);
  EXPECT_EQ(parameters.Number("Min", 1, 12), std::nullopt);
  EXPECT_TRUE(parameters.Boolean("On", false));
  EXPECT_TRUE(parameters.Boolean("Off", true));
  EXPECT_THAT(parameters.Texts("Keys", kName), ElementsAre("ab", "cd"));
  EXPECT_EQ(WrongIn(parameters), "");
}

TEST(ParametersTest, WhatIsWrongIsSaidAtOnce) {
  Parameters parameters = ParametersOf("RoleName=Abcdef&Max=13&Tags.member.1.Key=x");
  parameters.Required("RoleName", kName);
  parameters.Required("RoleArn");
  parameters.Number("Max", 1, 12);
  for (const Form& tag : parameters.Structures("Tags", 50)) {
    parameters.Of(tag, [&] {
      parameters.Required("Key", kName);
      parameters.Required("Value");
    });
  }
  EXPECT_EQ(
      WrongIn(parameters),
      "6 validation errors detected: "
      "Value 'Abcdef' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 4; "
      "Value 'Abcdef' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
      "[a-z]*; "
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; "
      "Value '13' at 'max' failed to satisfy constraint: Member must have value less than or equal to 12; "
      "Value 'x' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or "
      "equal to 2; "
      "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null");
}

TEST(ParametersTest, LengthsAreOfCharacters) {
  Parameters parameters = ParametersOf("Name=%C3%A4%C3%B6%C3%BC%C3%9F");
  parameters.Required("Name", {.length_max = 4});
  EXPECT_EQ(WrongIn(parameters), "");
}

TEST(ParametersTest, WhatIsNoNumberComesFirst) {
  for (const std::string_view text : {"Max=12x", "Max=", "Max=1e3", "Max=99999999999999999999"}) {
    Parameters parameters = ParametersOf(text);
    parameters.Required("RoleArn");
    parameters.Number("Max", 1, 12);
    EXPECT_EQ(WrongIn(parameters), "Max must be an integer") << text;
  }
  Parameters parameters = ParametersOf("On=yes");
  parameters.Boolean("On", false);
  EXPECT_EQ(WrongIn(parameters), "On must be true or false");
}

}  // namespace
}  // namespace insula::api::query
