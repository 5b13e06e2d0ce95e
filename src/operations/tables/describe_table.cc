// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
#include "operations/core/table_handle.h"
#include "operations/tables/table_description.h"
#include "operations/tables/table_operations.h"
#include "tenancy/faces/backup_catalog.h"

namespace insula::operations {

Task<Result<std::string>> DescribeTable(Call& call) {
  INSULA_CO_ASSIGN(TableHandle table,
                   TableHandle::OpenForControl(call, *call.input().String("TableName"), Access::kRead));
  INSULA_CO_ASSIGN(storage::TableStats stats, co_await table.Stats());
  TableView view{table->definition,
                 table->arn,
                 call.services.options.region,
                 std::move(stats),
                 call.services.clock.Now(),
                 DescriptionPart::kWhole,
                 call.services.catalog.backups().SourceOf(call.context(), table->definition.name)};
  co_return DescriptionAnswer("Table", view);
}

}  // namespace insula::operations
