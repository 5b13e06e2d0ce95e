// A token opens for the request that it was made for and for no other.
#include "operations/partiql/next_token.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace insula::operations {
namespace {

std::string Refusal(const Result<ReadPosition>& opened) { return opened.ok() ? "opened" : opened.error().message(); }

const std::unique_ptr<access::TokenKeys> kKeys = access::TokenKeys::Drawn();

TEST(NextToken, OpensForItsOwnRequest) {
  ReadPosition position{3, AttributeMap{{"pk", AttributeValue::S("a")}}};
  Result<ReadPosition> opened =
      OpenNextToken(SealNextToken(position, "tenant/statement", *kKeys), "tenant/statement", *kKeys);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->read, 3U);
  EXPECT_EQ(opened->start, position.start);

  opened = OpenNextToken(SealNextToken({200, std::nullopt}, "", *kKeys), "", *kKeys);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->read, 200U);
  EXPECT_FALSE(opened->start.has_value());
}

TEST(NextToken, IsRefusedElsewhere) {
  std::string token = SealNextToken({0, std::nullopt}, "a", *kKeys);
  EXPECT_EQ(Refusal(OpenNextToken(token, "b", *kKeys)), "NextToken does not match request");
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Refusal(OpenNextToken(token, "a", *kKeys)), "NextToken does not match request");
  token = SealNextToken({0, std::nullopt}, "a", *kKeys);
  EXPECT_EQ(Refusal(OpenNextToken(token, "a", *access::TokenKeys::Drawn())), "NextToken does not match request");
  EXPECT_EQ(Refusal(OpenNextToken("not base64!", "a", *kKeys)), "Invalid NextToken");
  EXPECT_EQ(Refusal(OpenNextToken("AAAA", "a", *kKeys)), "Invalid NextToken");
}

}  // namespace
}  // namespace insula::operations
