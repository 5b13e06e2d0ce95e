#include <gtest/gtest.h>

#include "wire/request.h"
#include "wire/shapes.h"

namespace insula::wire {
namespace {

std::string Refusal(std::string_view body) {
  const Result<Request> request = DecodeRequest(body, shapes::SearchVectors());
  return request.ok() ? "ok" : std::string(TraitsOf(request.error().code()).name) + ": " + request.error().message();
}

TEST(StrictCheckTest, WhatIsRequiredIsNoNull) {
  EXPECT_EQ(Refusal(R"({"TableName":"abc","IndexName":"vix","SearchVector":[{"N":"1"}],"TopK":1})"), "ok");
  EXPECT_EQ(Refusal(R"({"TableName":null,"IndexName":null,"SearchVector":[{"N":"1"}],"TopK":1})"),
            "SerializationException: invalid type: null, expected a string at line 1 column 17");
  EXPECT_EQ(Refusal("{\"ProjectionExpression\":null,\"Other\":{\"TopK\":null},\n\"SearchVector\":null}"),
            "SerializationException: invalid type: null, expected a sequence at line 2 column 19");
  EXPECT_EQ(Refusal(R"({"TableName":"\"TopK","TopK":null})"),
            "SerializationException: invalid type: null, expected i32 at line 1 column 33");
}

TEST(StrictCheckTest, WhatIsMissingIsNamedBeforeAnythingElse) {
  EXPECT_EQ(Refusal(R"({"IndexName":"ab","SearchVector":[{"N":"1"}],"TopK":1} )"),
            "ValidationException: missing field `TableName` at line 1 column 54");
  EXPECT_EQ(Refusal(R"({"TableName":"","IndexName":"vix","SearchVector":[]})"),
            "ValidationException: missing field `TopK` at line 1 column 52");
}

}  // namespace
}  // namespace insula::wire
