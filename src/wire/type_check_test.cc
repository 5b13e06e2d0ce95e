// A wrong type anywhere is answered before anything else is looked at, with the words of DynamoDB's JSON reader.
#include <gtest/gtest.h>

#include "wire/shape.h"

namespace insula::wire {
namespace {

const Shape& Everything() {
  static const Shape shape =
      Structure("EverythingInput", {
                                       {"Text", String()},
                                       {"Flag", Boolean()},
                                       {"Count", Integer()},
                                       {"Units", Long()},
                                       {"Bytes", Blob()},
                                       {"Names", List(String())},
                                       {"Labels", Map(String())},
                                       {"Part", Structure("Part", {{"Text", String()}})},
                                       {"Parts", List(Structure("Part", {{"Text", String()}}))},
                                       {"Requests", Map(List(Structure("WriteRequest", {{"Text", String()}})))},
                                       {"Keys", List(Map(AttributeValueShape()))},
                                       {"Item", Map(AttributeValueShape())},
                                       {"Value", AttributeValueShape()},
                                   });
  return shape;
}

std::string TypeErrorOf(const std::string& text) {
  Result<JsonDocument> document = JsonDocument::Parse(text);
  EXPECT_TRUE(document.ok()) << text;
  Result<void> check = CheckTypes(document->root(), Everything());
  if (check.ok()) return "ok";
  EXPECT_EQ(check.error().code(), ErrorCode::kSerialization);
  return check.error().message();
}

std::string TypeErrorOfField(const std::string& field, const std::string& value) {
  return TypeErrorOf("{\"" + field + "\":" + value + "}");
}

constexpr const char* kStructure = "Start of structure or map found where not expected";
constexpr const char* kCast =
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
    "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
    "loader 'bootstrap')";

struct Case {
  const char* field;
  const char* value;
  const char* message;
};

TEST(TypeCheckTest, EachKindAndEachWrongValue) {
  const Case cases[] = {
      {"Text", "true", "TRUE_VALUE cannot be converted to String"},
      {"Text", "false", "FALSE_VALUE cannot be converted to String"},
      {"Text", "23", "NUMBER_VALUE cannot be converted to String"},
      {"Text", "-2147483648", "NUMBER_VALUE cannot be converted to String"},
      {"Text", "34.56", "DECIMAL_VALUE cannot be converted to String"},
      {"Text", "[]", "Unrecognized collection type class java.lang.String"},
      {"Text", "{}", kStructure},
      {"Flag", "\"23\"", "Unexpected token received from parser"},
      {"Flag", "23", "NUMBER_VALUE cannot be converted to Boolean"},
      {"Flag", "34.56", "DECIMAL_VALUE cannot be converted to Boolean"},
      {"Flag", "[]", "Unrecognized collection type class java.lang.Boolean"},
      {"Flag", "{}", kStructure},
      {"Flag", "\"TRUE\"", "ok"},
      {"Flag", "\"no\"", "ok"},
      {"Count", "\"23\"", "STRING_VALUE cannot be converted to Integer"},
      {"Count", "true", "TRUE_VALUE cannot be converted to Integer"},
      {"Count", "[]", "Unrecognized collection type class java.lang.Integer"},
      {"Count", "{}", kStructure},
      {"Count", "1.5", "ok"},
      {"Units", "\"23\"", "STRING_VALUE cannot be converted to Long"},
      {"Units", "false", "FALSE_VALUE cannot be converted to Long"},
      {"Units", "[]", "Unrecognized collection type class java.lang.Long"},
      {"Bytes", "true", "only base-64-encoded strings are convertible to bytes"},
      {"Bytes", "34.56", "only base-64-encoded strings are convertible to bytes"},
      {"Bytes", "[]", "Unrecognized collection type class java.nio.ByteBuffer"},
      {"Bytes", "{}", kStructure},
      {"Bytes", "\"23456\"", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
      {"Bytes", "\"=+/=\"", "Invalid last non-pad Base64 character dectected"},
      {"Names", "\"23\"", "Unexpected field type"},
      {"Names", "true", "Unexpected field type"},
      {"Names", "{}", kStructure},
      {"Names", "[1]", "NUMBER_VALUE cannot be converted to String"},
      {"Labels", "34.56", "Unexpected field type"},
      {"Labels", "[]", "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"},
      {"Part", "\"23\"", "Unexpected field type"},
      {"Part", "[]", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Part"},
      {"Parts", "[\"23\"]", "Unexpected value type in payload"},
      {"Parts", "[[]]", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Part"},
      {"Parts", "[{\"Text\":1}]", "NUMBER_VALUE cannot be converted to String"},
      {"Requests", "23", "Unexpected field type"},
      {"Requests", "[]",
       "Unrecognized collection type java.util.Map<java.lang.String, "
       "java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>"},
      {"Requests", "{\"a\":\"23\"}", kCast},
      {"Requests", "{\"a\":{}}", kStructure},
      {"Keys", "[\"23\"]", kCast},
      {"Keys", "[[]]",
       "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"},
      {"Item", "[]",
       "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"},
      {"Item", "{\"a\":\"23\"}", "Unexpected value type in payload"},
      {"Item", "{\"a\":[]}", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
      {"Item", "{\"a\":{\"S\":1}}", "NUMBER_VALUE cannot be converted to String"},
      {"Item", "{\"a\":{\"N\":1}}", "NUMBER_VALUE cannot be converted to String"},
      {"Item", "{\"a\":{\"B\":1}}", "only base-64-encoded strings are convertible to bytes"},
      {"Item", "{\"a\":{\"BOOL\":1}}", "NUMBER_VALUE cannot be converted to Boolean"},
      {"Item", "{\"a\":{\"SS\":\"a\"}}", "Unexpected field type"},
      {"Item", "{\"a\":{\"BS\":[\"abc\"]}}", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
      {"Item", "{\"a\":{\"L\":[\"a\"]}}", "Unexpected value type in payload"},
      {"Item", "{\"a\":{\"M\":{\"b\":{\"L\":[{\"NS\":[1]}]}}}}", "NUMBER_VALUE cannot be converted to String"},
      {"Value", "\"23\"", "Unexpected field type"},
      {"Value", "[]", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
  };
  for (const Case& c : cases) EXPECT_EQ(TypeErrorOfField(c.field, c.value), c.message) << c.field << " = " << c.value;
}

TEST(TypeCheckTest, NullIsAbsentAndTheUnknownIgnored) {
  EXPECT_EQ(TypeErrorOf(R"({"Text":null,"Names":[null],"Item":{"a":{"S":null,"Huh":[]}},"Unknown":{"a":[1]}})"), "ok");
  EXPECT_EQ(TypeErrorOf("{}"), "ok");
}

TEST(TypeCheckTest, TheFirstInTheTextIsReported) {
  EXPECT_EQ(TypeErrorOf(R"({"Units":"1","Text":1})"), "STRING_VALUE cannot be converted to Long");
  EXPECT_EQ(TypeErrorOf(R"({"Text":1,"Units":"1"})"), "NUMBER_VALUE cannot be converted to String");
}

}  // namespace
}  // namespace insula::wire
