// Item collections in the answers of operations that write many items.
#include "operations/items/collection_metrics.h"

#include <gtest/gtest.h>

#include "operations/testing/schemas.h"

namespace insula::operations {
namespace {

TEST(CollectionMetrics, OneEntryPerCollection) {
  const TableSchema schema = SchemaOf(AttributeType::kS, {AttributeType::kS});
  CollectionMetrics metrics;
  metrics.Add("T", schema, AttributeValue::S("a"), 1);
  metrics.Add("U", schema, AttributeValue::S("a"), 1);
  metrics.Add("T", schema, AttributeValue::S("b"), 1);
  metrics.Add("T", schema, AttributeValue::S("a"), 2ULL * 1024 * 1024 * 1024);
  std::string out;
  wire::JsonWriter writer(&out);
  metrics.Write(&writer);
  EXPECT_EQ(out, R"({"T":[{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[2.0,3.0]},)"
                 R"({"ItemCollectionKey":{"pk":{"S":"b"}},"SizeEstimateRangeGB":[0.0,1.0]}],)"
                 R"("U":[{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[0.0,1.0]}]})");
}

}  // namespace
}  // namespace insula::operations
