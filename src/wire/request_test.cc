// Typed access must hold for whatever passes the checks of a shape: nulls in any place and names given twice among it.
#include "wire/request.h"

#include <gtest/gtest.h>

#include "wire/shapes.h"

namespace insula::wire {
namespace {

Request Decode(std::string_view body, const Shape& shape) {
  Result<Request> request = DecodeRequest(body, shape);
  EXPECT_TRUE(request.ok()) << (request.ok() ? "" : request.error().message());
  return std::move(request).value();
}

TEST(RequestTest, NullsHaveNothingInThem) {
  Result<JsonDocument> document = JsonDocument::Parse(R"({"a":null})");
  for (JsonValue none : {document->root().Member("a"), document->root().Member("absent"), JsonValue()}) {
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.elements().begin(), none.elements().end());
    EXPECT_EQ(none.members().begin(), none.members().end());
    EXPECT_TRUE(none.Member("b").is_null());
  }
}

TEST(RequestTest, OfEqualNamesTheLastCountsInTheFirstOnesPlace) {
  Request request =
      Decode(R"({"TableName":"abc","Key":{},"Expected":{"a":{"Exists":true},"b":{},"a":{"Exists":false}}})",
             shapes::DeleteItem());
  auto expected = request.root().StructureMap("Expected");
  ASSERT_EQ(expected->size(), 2u);
  EXPECT_EQ(expected->front().first, "a");
  EXPECT_EQ(expected->front().second.Boolean("Exists"), false);
}

// Evidence: paritysuite/dynamodb-conformance, deepRequests: 2026-10.
TEST(RequestTest, WhatNestsDeeplyIsReadByTheOlderFrontEnd) {
  const auto refusal = [](int levels) {
    std::string value = R"({"S":"v"})";
    for (int level = 0; level < levels; ++level) value = R"({"L":[)" + value + "]}";
    Result<Request> request =
        DecodeRequest(R"({"TableName":"abc","ReturnValues":"BOGUS","Item":{"pk":)" + value + "}}", shapes::PutItem());
    return request.ok() ? "" : request.error().message();
  };
  EXPECT_NE(refusal(62), refusal(63));
  EXPECT_EQ(refusal(63),
            "1 validation error detected: Value 'BOGUS' at 'returnValues' failed to satisfy constraint: Member must "
            "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]");
  EXPECT_EQ(refusal(400), refusal(63));
}

}  // namespace
}  // namespace insula::wire
