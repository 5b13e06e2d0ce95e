#include "operations/copies/transfer_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> TransferOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"CancelBulkOperation", shapes::CancelBulkOperation, CancelBulkOperation},
      Operation{"DescribeBulkOperation", shapes::DescribeBulkOperation, DescribeBulkOperation},
      Operation{"DescribeExport", shapes::DescribeExport, DescribeExport},
      Operation{"DescribeImport", shapes::DescribeImport, DescribeImport},
      Operation{"ExportTableToPointInTime", shapes::ExportTableToPointInTime, ExportTableToPointInTime},
      Operation{"ImportTable", shapes::ImportTable, ImportTable},
      Operation{"ListBulkOperations", shapes::ListBulkOperations, ListBulkOperations},
      Operation{"ListExports", shapes::ListExports, ListExports},
      Operation{"ListImports", shapes::ListImports, ListImports},
      Operation{"StartBulkPutItems", shapes::StartBulkPutItems, StartBulkPutItems},
  };
  return kOperations;
}

}  // namespace insula::operations
