// The operations on tables, and the ones that read many items, by name.
#include "operations/table_operations.h"

#include <array>

#include "operations/core/call.h"
#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> TableOperations() {
  static constexpr std::array kOperations = {
      Operation{"CancelBulkOperation", wire::shapes::CancelBulkOperation, CancelBulkOperation},
      Operation{"CreateTable", wire::shapes::CreateTable, CreateTable},
      Operation{"DeleteTable", wire::shapes::DeleteTable, DeleteTable},
      Operation{"DescribeBulkOperation", wire::shapes::DescribeBulkOperation, DescribeBulkOperation},
      Operation{"DescribeContributorInsights", wire::shapes::DescribeContributorInsights, DescribeContributorInsights},
      Operation{"DescribeEndpoints", wire::shapes::DescribeEndpoints, DescribeEndpoints},
      Operation{"DescribeExport", wire::shapes::DescribeExport, DescribeExport},
      Operation{"DescribeImport", wire::shapes::DescribeImport, DescribeImport},
      Operation{"DescribeLimits", wire::shapes::DescribeLimits, DescribeLimits},
      Operation{"DescribeTable", wire::shapes::DescribeTable, DescribeTable},
      Operation{"DescribeTimeToLive", wire::shapes::DescribeTimeToLive, DescribeTimeToLive},
      Operation{"ExportTableToPointInTime", wire::shapes::ExportTableToPointInTime, ExportTableToPointInTime},
      Operation{"ImportTable", wire::shapes::ImportTable, ImportTable},
      Operation{"ListBulkOperations", wire::shapes::ListBulkOperations, ListBulkOperations},
      Operation{"ListContributorInsights", wire::shapes::ListContributorInsights, ListContributorInsights},
      Operation{"ListExports", wire::shapes::ListExports, ListExports},
      Operation{"ListImports", wire::shapes::ListImports, ListImports},
      Operation{"ListTables", wire::shapes::ListTables, ListTables},
      Operation{"ListTagsOfResource", wire::shapes::ListTagsOfResource, ListTagsOfResource},
      Operation{"Query", wire::shapes::Query, Query},
      Operation{"Scan", wire::shapes::Scan, Scan},
      Operation{"StartBulkPutItems", wire::shapes::StartBulkPutItems, StartBulkPutItems},
      Operation{"TagResource", wire::shapes::TagResource, TagResource},
      Operation{"UntagResource", wire::shapes::UntagResource, UntagResource},
      Operation{"UpdateContributorInsights", wire::shapes::UpdateContributorInsights, UpdateContributorInsights},
      Operation{"UpdateTable", wire::shapes::UpdateTable, UpdateTable},
      Operation{"UpdateTimeToLive", wire::shapes::UpdateTimeToLive, UpdateTimeToLive},
  };
  return kOperations;
}

}  // namespace insula::operations
