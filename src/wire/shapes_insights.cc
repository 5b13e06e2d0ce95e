// Contributor insights.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

const Shape& UpdateContributorInsights() {
  static const Shape shape =
      Structure("UpdateContributorInsightsInput",
                {
                    {"TableName", TableNameParameter()},
                    {"IndexName", IndexName()},
                    {"ContributorInsightsAction", String({NotNull(), Enum({"ENABLE", "DISABLE"})})},
                    {"ContributorInsightsMode", String({Enum({"ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"})})},
                });
  return shape;
}

const Shape& DescribeContributorInsights() {
  static const Shape shape =
      Structure("DescribeContributorInsightsInput", {{"TableName", TableNameParameter()}, {"IndexName", IndexName()}});
  return shape;
}

const Shape& ListContributorInsights() {
  static const Shape shape = Structure("ListContributorInsightsInput", {
                                                                           {"TableName", String({TableNameOrArn()})},
                                                                           {"NextToken", String()},
                                                                           {"MaxResults", Integer({MaxValue(100)})},
                                                                       });
  return shape;
}

}  // namespace insula::wire::shapes
