// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
#include <functional>
#include <memory>
#include <utility>

#include "operations/core/refusal.h"
#include "operations/core/settled.h"
#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"
#include "operations/tables/table_change.h"
#include "operations/tables/table_description.h"
#include "operations/tables/table_input.h"
#include "operations/tables/table_operations.h"

namespace insula::operations {

namespace {

bool AsksForReplicas(wire::StructureView input) {
  for (std::string_view parameter : {"ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates",
                                     "GlobalTableSettingsReplicationMode", "DisassociationProtectionEnabled"}) {
    if (input.Has(parameter)) return true;
  }
  return false;
}

// What the table is encrypted with already is told by its ARN alone: an alias or an id may have another key behind it
// by now, and is taken.
Result<void> CheckKeyChanges(const SseInput& sse, const std::string& arn, const TableDefinition& definition) {
  const bool same = definition.sse_enabled && sse.kms_key && *sse.kms_key == EncryptionKeyArn(definition, arn);
  if (!same) return {};
  return Invalid(
      "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to "
      "change Master Key");
}

}  // namespace

Task<Result<std::string>> UpdateTable(Call& call) {
  if (AsksForReplicas(call.input())) {
    INSULA_CO_TRY(TableHandle::OpenForControl(call, *call.input().String("TableName"), Access::kWrite));
    co_return GlobalTablesNotOffered();
  }
  auto input = std::make_shared<const UpdateTableInput>(ReadUpdateTable(call.input()));
  INSULA_CO_TRY(CheckUpdateTable(*input));
  INSULA_CO_ASSIGN(TableHandle found, TableHandle::OpenSettings(call, input->table_name, Access::kWrite));

  const std::string& region = call.services.options.region;
  auto before = std::make_shared<TableDefinition>();
  std::function<Result<void>(TableDefinition&)> change =
      [input, before, arn = found->arn, region,
       &clock = call.services.clock](TableDefinition& definition) -> Result<void> {
    *before = definition;
    if (input->sse) INSULA_TRY(CheckKeyChanges(*input->sse, arn, definition));
    return ApplyUpdate(*input, region, clock.Now(), &definition);
  };
  tenancy::Context context = call.context();
  Result<tenancy::TablePtr> updated =
      co_await call.services.catalog.UpdateTable(std::move(context), found->definition.name, std::move(change));
  if (!updated.ok()) co_return std::move(updated).error();

  const tenancy::Table& table = **updated;
  TableDefinition shown = DuringUpdate(*input, *before, table.definition);
  const bool sse_changing = input->sse && before->sse_enabled;
  if (sse_changing && !shown.sse_enabled) {  // until it isn't any more
    shown.sse_enabled = true;
    shown.sse_kms_key = before->sse_kms_key;
  }
  INSULA_CO_ASSIGN(storage::TableStats stats, co_await found.Stats());
  co_await AwaitSettled(call, *updated);
  TableView view{shown, table.arn, region, std::move(stats), call.services.clock.Now(), DescriptionPart::kWhole};
  view.sse_changing = sse_changing;
  view.update = input.get();
  co_return DescriptionAnswer("TableDescription", view);
}

}  // namespace insula::operations
