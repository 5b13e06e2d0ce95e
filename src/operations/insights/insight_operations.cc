#include "operations/insights/insight_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> InsightOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"DescribeContributorInsights", shapes::DescribeContributorInsights, DescribeContributorInsights},
      Operation{"ListContributorInsights", shapes::ListContributorInsights, ListContributorInsights},
      Operation{"UpdateContributorInsights", shapes::UpdateContributorInsights, UpdateContributorInsights},
  };
  return kOperations;
}

}  // namespace insula::operations
