#include "operations/tables/unoffered_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> UnofferedOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"CreateGlobalTable", shapes::CreateGlobalTable, CreateGlobalTable},
      Operation{"DeleteResourcePolicy", shapes::DeleteResourcePolicy, DeleteResourcePolicy},
      Operation{"DescribeGlobalTable", shapes::DescribeGlobalTable, DescribeGlobalTable},
      Operation{"DescribeGlobalTableSettings", shapes::DescribeGlobalTableSettings, DescribeGlobalTableSettings},
      Operation{"DescribeKinesisStreamingDestination", shapes::DescribeKinesisStreamingDestination,
                DescribeKinesisStreamingDestination},
      Operation{"DescribeTableReplicaAutoScaling", shapes::DescribeTableReplicaAutoScaling, ReplicaAutoScaling},
      Operation{"DisableKinesisStreamingDestination", shapes::DisableKinesisStreamingDestination,
                DisableKinesisStreamingDestination},
      Operation{"EnableKinesisStreamingDestination", shapes::EnableKinesisStreamingDestination,
                EnableKinesisStreamingDestination},
      Operation{"GetResourcePolicy", shapes::GetResourcePolicy, GetResourcePolicy},
      Operation{"ListGlobalTables", shapes::ListGlobalTables, ListGlobalTables},
      Operation{"PutResourcePolicy", shapes::PutResourcePolicy, PutResourcePolicy},
      Operation{"UpdateGlobalTable", shapes::UpdateGlobalTable, UpdateGlobalTable},
      Operation{"UpdateGlobalTableSettings", shapes::UpdateGlobalTableSettings, UpdateGlobalTableSettings},
      Operation{"UpdateKinesisStreamingDestination", shapes::UpdateKinesisStreamingDestination,
                UpdateKinesisStreamingDestination},
      Operation{"UpdateTableReplicaAutoScaling", shapes::UpdateTableReplicaAutoScaling, ReplicaAutoScaling},
  };
  return kOperations;
}

}  // namespace insula::operations
