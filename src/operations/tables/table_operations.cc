#include "operations/tables/table_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> TableOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"CreateTable", shapes::CreateTable, CreateTable},
      Operation{"DeleteTable", shapes::DeleteTable, DeleteTable},
      Operation{"DescribeEndpoints", shapes::DescribeEndpoints, DescribeEndpoints},
      Operation{"DescribeLimits", shapes::DescribeLimits, DescribeLimits},
      Operation{"DescribeTable", shapes::DescribeTable, DescribeTable},
      Operation{"DescribeTimeToLive", shapes::DescribeTimeToLive, DescribeTimeToLive},
      Operation{"ListTables", shapes::ListTables, ListTables},
      Operation{"ListTagsOfResource", shapes::ListTagsOfResource, ListTagsOfResource},
      Operation{"TagResource", shapes::TagResource, TagResource},
      Operation{"UntagResource", shapes::UntagResource, UntagResource},
      Operation{"UpdateTable", shapes::UpdateTable, UpdateTable},
      Operation{"UpdateTimeToLive", shapes::UpdateTimeToLive, UpdateTimeToLive},
  };
  return kOperations;
}

}  // namespace insula::operations
