// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
#include <algorithm>
#include <utility>

#include "operations/core/refusal.h"
#include "operations/core/settled.h"
#include "operations/core/table_handle.h"
#include "operations/tables/table_description.h"
#include "operations/tables/table_operations.h"
#include "operations/tables/table_rules.h"

namespace insula::operations {
namespace {

Result<void> CheckDeletable(const TableDefinition& definition) {
  INSULA_TRY(CheckSettled(definition));
  if (definition.deletion_protection) {
    return ValidationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
  }
  bool changing = std::ranges::any_of(definition.index_settings, [](const auto& entry) {
    return entry.second.status == IndexStatus::kCreating || entry.second.status == IndexStatus::kDeleting;
  });
  if (changing) return InUse("Cannot delete table while indexes are being created, updated, or deleted.");
  return {};
}

}  // namespace

Task<Result<std::string>> DeleteTable(Call& call) {
  INSULA_CO_ASSIGN(TableHandle found,
                   TableHandle::OpenForControl(call, *call.input().String("TableName"), Access::kWrite));
  INSULA_CO_TRY(CheckDeletable(found->definition));
  tenancy::Context context = call.context();
  Result<tenancy::TablePtr> deleted =
      co_await call.services.catalog.DeleteTable(std::move(context), found->definition.name);
  if (!deleted.ok()) co_return std::move(deleted).error();

  co_await AwaitSettled(call, *deleted);
  const tenancy::Table& table = **deleted;
  TableDefinition shown = table.definition;
  shown.status = TableStatus::kDeleting;
  TableView view{
      shown, table.arn, call.services.options.region, {}, call.services.clock.Now(), DescriptionPart::kBeingDeleted};
  co_return DescriptionAnswer("TableDescription", view);
}

}  // namespace insula::operations
