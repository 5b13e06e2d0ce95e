// Names in a form say how values are nested; numbers of members are an order, not places.
#include "api/query/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace insula::api::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Form FormOf(std::string_view text) {
  Result<Form> form = Form::Parse(text);
  EXPECT_TRUE(form.ok()) << text;
  return *std::move(form);
}

std::vector<std::string> ValuesOf(const Form& form, std::string_view list) {
  std::vector<std::string> values;
  for (const Form& member : form.Members(list)) values.emplace_back(member.value().value_or("(none)"));
  return values;
}

TEST(FormTest, ValuesAreDecoded) {
  const Form form = FormOf("Action=CreateRole&Path=%2Fa%2fb%2F&Description=one+two%21&Empty=&&Bare");
  EXPECT_EQ(form.Find("Action"), "CreateRole");
  EXPECT_EQ(form.Find("Path"), "/a/b/");
  EXPECT_EQ(form.Find("Description"), "one two!");
  EXPECT_EQ(form.Find("Empty"), "");
  EXPECT_EQ(form.Find("Bare"), "");
  EXPECT_EQ(form.Find("Absent"), std::nullopt);
}

TEST(FormTest, MembersComeInTheOrderOfTheirNumbers) {
  const Form form = FormOf("Keys.member.10=j&Keys.member.2=b&Keys.member.1=a&Keys.member.x=no&Keysmember.3=no");
  EXPECT_THAT(ValuesOf(form, "Keys"), ElementsAre("a", "b", "j"));
  EXPECT_THAT(ValuesOf(FormOf("Keys.1=a&Keys.2=b"), "Keys"), ElementsAre("a", "b"));
  EXPECT_THAT(ValuesOf(FormOf("Keys="), "Keys"), IsEmpty());
}

TEST(FormTest, MembersMayHaveMembers) {
  const Form form = FormOf("Tags.member.1.Key=team&Tags.member.1.Value=blue&Tags.member.2.Key=cost");
  const std::vector<Form> tags = form.Members("Tags");
  ASSERT_EQ(tags.size(), 2u);
  EXPECT_EQ(tags[0].Find("Key"), "team");
  EXPECT_EQ(tags[0].Find("Value"), "blue");
  EXPECT_EQ(tags[1].Find("Value"), std::nullopt);
  EXPECT_EQ(tags[1].name(), "Tags.member.2");
  EXPECT_TRUE(form.Part("Tags").is_given());
  EXPECT_FALSE(form.Part("Tag").is_given());
  EXPECT_TRUE(FormOf("Tag-a=1&Tag.b=2").Part("Tag").is_given());
}

TEST(FormTest, WhatIsNoFormIsRefused) {
  for (const std::string_view text : {"a=%", "a=%4", "a=%zz", "%=a", "a=%ff", "a=1&a=2", "a=\xc3"}) {
    const Result<Form> form = Form::Parse(text);
    ASSERT_FALSE(form.ok()) << text;
    EXPECT_EQ(form.error().code(), ErrorCode::kSerialization) << text;
  }
  std::string many;
  for (std::size_t i = 0; i <= Form::kParametersMax; ++i) many += "a" + std::to_string(i) + "=&";
  EXPECT_FALSE(Form::Parse(many).ok());
}

}  // namespace
}  // namespace insula::api::query
