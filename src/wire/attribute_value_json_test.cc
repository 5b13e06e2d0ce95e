// The values of items, in both directions. The messages are DynamoDB's, oddities of spacing and grammar included.
#include "wire/attribute_value_json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "model/testing/generators.h"
#include "wire/shape.h"

namespace insula::wire {
namespace {

Result<AttributeValue> Decoded(std::string_view text, ValueForm form = ValueForm::kCurrent) {
  Result<JsonDocument> document = JsonDocument::Parse(text);
  EXPECT_TRUE(document.ok()) << text;
  EXPECT_TRUE(CheckTypes(document->root(), AttributeValueShape()).ok()) << text;
  return DecodeValue(document->root(), form);
}

std::string DecodingErrorOf(std::string_view text, ValueForm form = ValueForm::kCurrent) {
  Result<AttributeValue> value = Decoded(text, form);
  if (value.ok()) return "ok";
  EXPECT_EQ(value.error().code(), ErrorCode::kValidation);
  return value.error().message();
}

std::string Json(const AttributeMap& item) {
  std::string out;
  JsonWriter writer(&out);
  WriteItem(item, &writer);
  return out;
}

TEST(DecodeValueTest, EveryType) {
  EXPECT_EQ(*Decoded(R"({"S":"é"})"), AttributeValue::S("é"));
  EXPECT_EQ(*Decoded(R"({"S":""})"), AttributeValue::S(""));
  EXPECT_EQ(*Decoded(R"({"N":"1.50"})"), AttributeValue::N(*Number::Parse("1.5")));
  EXPECT_EQ(*Decoded(R"({"B":"AP8="})"), AttributeValue::B(std::string("\0\xff", 2)));
  EXPECT_EQ(*Decoded(R"({"BOOL":false})"), AttributeValue::Bool(false));
  EXPECT_EQ(*Decoded(R"({"BOOL":"yes"})"), AttributeValue::Bool(true));
  EXPECT_EQ(*Decoded(R"({"NULL":true})"), AttributeValue::NullValue());
  EXPECT_EQ(*Decoded(R"({"SS":["b","a"]})"), AttributeValue(AttributeValue::Variant(StringSet{{"a", "b"}})));
  EXPECT_EQ(*Decoded(R"({"NS":["10","9.0"]})"),
            AttributeValue(AttributeValue::Variant(NumberSet{{Number(9), Number(10)}})));
  EXPECT_EQ(*Decoded(R"({"BS":["Yg==","YQ=="]})"), AttributeValue(AttributeValue::Variant(BinarySet{{{"a"}, {"b"}}})));
  EXPECT_EQ(*Decoded(R"({"L":[{"S":"a"},{"L":[]}]})"),
            AttributeValue::L({AttributeValue::S("a"), AttributeValue::L({})}));
  EXPECT_EQ(*Decoded(R"({"M":{"k":{"N":"1"}}})"), AttributeValue::M({{"k", AttributeValue::N(1)}}));
  EXPECT_EQ(*Decoded(R"({"S":"a","N":null,"unknown":5})"), AttributeValue::S("a"));
}

TEST(DecodeValueTest, NoneOrSeveralTypes) {
  constexpr const char* kEmpty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  EXPECT_EQ(DecodingErrorOf("{}"), kEmpty);
  EXPECT_EQ(DecodingErrorOf(R"({"X":1})"), kEmpty);
  EXPECT_EQ(DecodingErrorOf(R"({"S":null})"), kEmpty);
  EXPECT_EQ(DecodingErrorOf(R"({"L":[{}]})"), kEmpty);
  EXPECT_EQ(DecodingErrorOf(R"({"M":{"a":null}})"), kEmpty);
  EXPECT_EQ(DecodingErrorOf(R"({"S":"a","N":"1"})"),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
            "datatypes");
  // The values themselves are looked at first.
  EXPECT_EQ(DecodingErrorOf(R"({"S":"a","N":"b"})"), "The parameter cannot be converted to a numeric value: b");
}

TEST(DecodeValueTest, Sets) {
  EXPECT_EQ(DecodingErrorOf(R"({"SS":[]})"),
            "One or more parameter values were invalid: An string set  may not be empty");
  EXPECT_EQ(DecodingErrorOf(R"({"NS":[]})"),
            "One or more parameter values were invalid: An number set  may not be empty");
  EXPECT_EQ(DecodingErrorOf(R"({"BS":[]})"),
            "One or more parameter values were invalid: Binary sets should not be empty");
  EXPECT_EQ(DecodingErrorOf(R"({"SS":["a",null]})"),
            "One or more parameter values were invalid: An string set may not have a null string as a member");
  EXPECT_EQ(DecodingErrorOf(R"({"NS":["1","x"]})"), "The parameter cannot be converted to a numeric value: x");
}

// paritysuite/dynamodb-conformance, tier3/error-messages/valueLayers.
TEST(DecodeValueTest, WhatIsRepeatedIsShownInTwoForms) {
  const std::string invalid = "One or more parameter values were invalid: Input collection ";
  const char* strings = R"({"SS":["b","a","b"]})";
  EXPECT_EQ(DecodingErrorOf(strings), invalid + R"(["a", "b", "b"] contains duplicates.)");
  EXPECT_EQ(DecodingErrorOf(strings, ValueForm::kOlder), invalid + "[b, a, b] contains duplicates.");
  EXPECT_EQ(DecodingErrorOf(R"({"SS":["c","a","c","0"]})"), invalid + R"(["a", "c", "c", "0"] contains duplicates.)");
  const char* binaries = R"({"BS":["/w==","AA==","AA=="]})";
  EXPECT_EQ(DecodingErrorOf(binaries), invalid + R"(["AA==","/w==","AA=="]of type BS contains duplicates.)");
  EXPECT_EQ(DecodingErrorOf(binaries, ValueForm::kOlder),
            invalid + "[/w==, AA==, AA==]of type BS contains duplicates.");
  const char* numbers = R"({"NS":["2","1","2.0"]})";
  EXPECT_EQ(DecodingErrorOf(numbers), invalid + "contains duplicates.");
  EXPECT_EQ(DecodingErrorOf(numbers, ValueForm::kOlder), "Input collection contains duplicates");
}

TEST(DecodeValueTest, NamesAreNeitherEmptyNorTooLong) {
  const auto error_of = [](std::string_view item) {
    const Result<JsonDocument> document = JsonDocument::Parse(item);
    return DecodeItem(document->root(), ValueForm::kCurrent).error().message();
  };
  const std::string long_name(65536, 'n');
  const char* too_long = "Attribute name is too large, must be less than 65536 bytes";
  EXPECT_EQ(error_of(R"({"a":{"N":"x"},"":{"S":""}})"), "Empty attribute name") << "names come before values";
  EXPECT_EQ(error_of(R"({")" + long_name + R"(":{"S":""}})"), too_long);
  EXPECT_EQ(DecodingErrorOf(R"({"M":{"":{"S":""}}})"), "Empty attribute name");
  EXPECT_EQ(DecodingErrorOf(R"({"L":[{"M":{")" + long_name + R"(":{"S":""}}}]})"), too_long);
  EXPECT_EQ(DecodingErrorOf(R"({"L":[{"M":{"":{"S":""}}},{"N":"x"}]})"),
            "The parameter cannot be converted to a numeric value: x")
      << "but not inner ones";
  EXPECT_EQ(DecodingErrorOf(R"({"M":{")" + long_name.substr(1) + R"(":{"S":""}}})"), "ok");
}

TEST(DecodeValueTest, NumbersAndNulls) {
  EXPECT_EQ(DecodingErrorOf(R"({"N":""})"), "The parameter cannot be converted to a numeric value: ");
  EXPECT_EQ(DecodingErrorOf(R"({"N":""})", ValueForm::kOlder), "The parameter cannot be converted to a numeric value");
  EXPECT_EQ(DecodingErrorOf(R"({"N":"1e2147483647"})"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(DecodingErrorOf(R"({"N":"1e2147483647"})", ValueForm::kOlder),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  EXPECT_EQ(DecodingErrorOf(R"({"N":"1e126"})"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(DecodingErrorOf(R"({"NULL":false})"),
            "One or more parameter values were invalid: Null attribute value types must have the value of true");
}

TEST(DecodeValueTest, ThirtyOneContainersAroundAScalarAreTheMost) {
  auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += i % 2 == 0 ? R"({"M":{"a":)" : R"({"L":[)";
    text += R"({"S":"x"})";
    for (int i = levels - 1; i >= 0; --i) text += i % 2 == 0 ? "}}" : "]}";
    return text;
  };
  EXPECT_EQ(DecodingErrorOf(nested(31)), "ok");
  for (int levels : {32, 33, 400}) {
    EXPECT_EQ(DecodingErrorOf(nested(levels)),
              "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
              "supported limit");
  }
}

TEST(WriteItemTest, IsDynamoDbsJson) {
  const AttributeMap item{{"s", AttributeValue::S("a\"b")},
                          {"n", AttributeValue::N(*Number::Parse("-1.5"))},
                          {"b", AttributeValue::B("hi")},
                          {"t", AttributeValue::Bool(true)},
                          {"z", AttributeValue::NullValue()},
                          {"ns", AttributeValue(AttributeValue::Variant(NumberSet{{Number(1), Number(20)}}))},
                          {"l", AttributeValue::L({AttributeValue::M({})})}};
  const std::string json =
      R"({"b":{"B":"aGk="},"l":{"L":[{"M":{}}]},"n":{"N":"-1.5"},"ns":{"NS":["1","20"]},"s":{"S":"a\"b"},)"
      R"("t":{"BOOL":true},"z":{"NULL":true}})";
  EXPECT_EQ(Json(item), json);
  std::string out;
  JsonWriter writer(&out);
  WriteItem(EncodedItem::From(item), &writer);
  EXPECT_EQ(out, json);
}

TEST(WriteItemTest, AKeyIsItsAttributes) {
  const KeySchema schema{{{"pk", AttributeType::kS}}, {{"sk", AttributeType::kN}}};
  std::string out;
  JsonWriter writer(&out);
  WriteKey({AttributeValue::S("a"), AttributeValue::N(1)}, schema, &writer);
  EXPECT_EQ(out, R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
}

// Strings of bytes that are no UTF-8 can't come from a request, so text is kept to ASCII here.
AttributeValue WithAsciiText(AttributeValue value);
AttributeMap WithAsciiNames(const AttributeMap& map) {
  std::vector<AttributeMap::Entry> entries;
  for (const auto& [name, value] : map) {
    std::string ascii = "n" + name;  // none is empty
    for (char& c : ascii) c = static_cast<char>(c & 0x7F);
    entries.emplace_back(std::move(ascii), WithAsciiText(value));
  }
  return AttributeMap::FromUnsorted(std::move(entries));
}
AttributeValue WithAsciiText(AttributeValue value) {
  if (auto* text = value.As<std::string>()) {
    for (char& c : *text) c = static_cast<char>(c & 0x7F);
  } else if (auto* list = value.As<AttributeList>()) {
    for (AttributeValue& element : *list) element = WithAsciiText(element);
  } else if (auto* map = value.As<AttributeMap>()) {
    return AttributeValue::M(WithAsciiNames(*map));
  } else if (value.type() == AttributeType::kSS) {
    return AttributeValue::S("a set");
  }
  return value;
}

TEST(AttributeValueJsonProperty, ItemsRoundTripAndBothWritersAgree) {
  EXPECT_TRUE(rc::check("DecodeItem(WriteItem(item)) == item", [](const AttributeMap& any) {
    const AttributeMap item = WithAsciiNames(any);
    const std::string json = Json(item);
    std::string from_stored;
    JsonWriter writer(&from_stored);
    WriteItem(EncodedItem::From(item), &writer);
    RC_ASSERT(from_stored == json);
    RC_ASSERT(JsonSizeOf(EncodedItem::From(item)) == json.size());
    Result<JsonDocument> document = JsonDocument::Parse(json);
    RC_ASSERT(document.ok());
    RC_ASSERT(CheckTypes(document->root(), Map(AttributeValueShape())).ok());
    Result<AttributeMap> again = DecodeItem(document->root(), ValueForm::kCurrent);
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == item);
  }));
}

}  // namespace
}  // namespace insula::wire
