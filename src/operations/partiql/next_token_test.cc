// A token opens for the request that it was made for and for no other.
#include "operations/partiql/next_token.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace insula::operations {
namespace {

std::string Refusal(const Result<ReadPosition>& opened) { return opened.ok() ? "opened" : opened.error().message(); }

const std::string kKey(32, 'k');

TEST(NextToken, OpensForItsOwnRequest) {
  ReadPosition position{3, AttributeMap{{"pk", AttributeValue::S("a")}}};
  Result<ReadPosition> opened =
      OpenNextToken(SealNextToken(position, "tenant/statement", kKey), "tenant/statement", kKey);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->read, 3U);
  EXPECT_EQ(opened->start, position.start);

  opened = OpenNextToken(SealNextToken({200, std::nullopt}, "", kKey), "", kKey);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->read, 200U);
  EXPECT_FALSE(opened->start.has_value());
}

TEST(NextToken, IsRefusedElsewhere) {
  std::string token = SealNextToken({0, std::nullopt}, "a", kKey);
  EXPECT_EQ(Refusal(OpenNextToken(token, "b", kKey)), "NextToken does not match request");
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Refusal(OpenNextToken(token, "a", kKey)), "NextToken does not match request");
  token = SealNextToken({0, std::nullopt}, "a", kKey);
  EXPECT_EQ(Refusal(OpenNextToken(token, "a", std::string(32, 'o'))), "NextToken does not match request");
  EXPECT_EQ(Refusal(OpenNextToken("not base64!", "a", kKey)), "Invalid NextToken");
  EXPECT_EQ(Refusal(OpenNextToken("AAAA", "a", kKey)), "Invalid NextToken");
}

}  // namespace
}  // namespace insula::operations
