// CreateTable, UpdateTable, DeleteTable: the control plane's part of them.
#include <fmt/format.h>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/identity/names.h"
#include "tenancy/identity/refusals.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {
namespace {

// The owner of the tables that `context` may change, or why it may not.
Result<ContextNames> OwnerFor(const Catalog::Impl& impl, const Context& context, std::string_view action,
                              std::string_view table) {
  const auto denied = [&] {
    return NotAuthorized(context, action, TableArn(impl.options.region, AccountOf(context), table));
  };
  const ContextNames* owner = NamesOf(context);
  if (owner == nullptr || !impl.StateInLane().IsActive(*owner)) return denied();
  const ContextNames& names = *owner;
  // Whether its past is kept is the tenant's own business, whoever defines the table.
  if (std::holds_alternative<TenantContext>(context) && action != "dynamodb:UpdateContinuousBackups") {
    if (!impl.StateInLane().FindService(names.environment, names.service)->record.tenant_defined_tables)
      return denied();
  }
  return names;
}

// Whether the table's past may be kept from now on. Deleting the table will leave a backup that nobody can remove for
// weeks: there is room for it, or the promise isn't made. So a deletion need never be refused, nor a kept backup
// dropped.
Result<void> CheckRoomForPast(const Catalog::Impl& impl, const ContextNames& owner) {
  const ContextCounts counts = impl.StateInLane().CountsOf(owner);
  constexpr std::size_t most = kSystemBackupsPerContextMax;
  if (counts.system_backups + counts.tables_with_past < most) return {};
  return Error(
      ErrorCode::kLimitExceeded,
      fmt::format("Subscriber limit exceeded: There is a limit of {} SYSTEM backups per subscriber, with those "
                  "that tables with point-in-time recovery will leave. They expire 35 days after their table "
                  "was deleted; disable point-in-time recovery before deleting tables that need none",
                  most));
}

// A service's shared table under this name, seen from one of its tenants.
bool IsShared(const State& state, const ContextNames& names, std::string_view table) {
  if (!names.tenant) return false;
  const TableRecordPtr record = state.FindTable(names.OfService(), table);
  return record != nullptr && record->shared;
}

}  // namespace

Result<void> Catalog::Impl::CheckChangesAtOnce(const ContextNames& owner) const {
  if (StateInLane().CountsOf(owner).tables_in_change < kTableChangesAtOnceMax) return {};
  return Error(
      ErrorCode::kLimitExceeded,
      fmt::format("Subscriber limit exceeded: Only {} tables can be created, updated, or deleted simultaneously",
                  kTableChangesAtOnceMax));
}

Result<TableRecordPtr> Catalog::Impl::AddOwnTable(Change* change, const Context& context, TableDefinition definition,
                                                  std::string_view action, TableOrigin origin) {
  INSULA_ASSIGN(const ContextNames owner, OwnerFor(*this, context, action, definition.name));
  INSULA_TRY(CheckTableName(definition.name));
  const TableRecordPtr existing = StateInLane().FindTable(owner, definition.name);
  if (existing != nullptr && existing->restoring_from) {
    return Error(ErrorCode::kResourceInUse, fmt::format("Table is being used: {}", definition.name));
  }
  if (existing != nullptr || IsShared(StateInLane(), owner, definition.name)) {
    return TableAlreadyExists(definition.name);
  }
  const auto owned = StateInLane().tables.find(owner);
  if (owned != StateInLane().tables.end() && owned->second.size() >= options.tables_per_context_max) {
    return Error(ErrorCode::kLimitExceeded,
                 fmt::format("Subscriber limit exceeded: There is a limit of {} tables per subscriber",
                             options.tables_per_context_max));
  }
  INSULA_TRY(CheckChangesAtOnce(owner));
  return AddTable(change, owner, std::move(definition), std::move(origin));
}

Task<Result<TablePtr>> Catalog::CreateTable(Context context, TableDefinition definition) {
  Impl& impl = *impl_;
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  Change change;
  INSULA_CO_ASSIGN(TableRecordPtr record,
                   impl.AddOwnTable(&change, context, std::move(definition), "dynamodb:CreateTable"));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return record->table;
}

Task<Result<TablePtr>> Catalog::UpdateTable(Context context, std::string name,
                                            std::function<Result<void>(TableDefinition&)> edit, std::string action) {
  Impl& impl = *impl_;
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  INSULA_CO_ASSIGN(const ContextNames owner, OwnerFor(impl, context, action, name));
  const TableRecordPtr record = impl.StateInLane().FindTable(owner, name);
  if (record == nullptr) {
    if (IsShared(impl.StateInLane(), owner, name)) {
      co_return NotAuthorized(context, action, TableArn(impl.options.region, AccountOf(context), name));
    }
    co_return TableNotFound(name);
  }
  const TableDefinition& before = record->definition();
  if (before.status == TableStatus::kCreating) co_return TableBeing("created", name);
  if (before.status == TableStatus::kDeleting) co_return TableBeing("deleted", name);
  TableDefinition after = before;
  INSULA_CO_TRY(edit(after));
  INSULA_CO_TRY(impl.CheckFitsAccount(after, record->account));
  std::uint16_t next_index_id = record->next_index_id;
  after = ChangedDefinition(before, std::move(after), impl.StreamTimesNow(), &next_index_id);
  // What the engine is still following can't change under it; tags and the like can.
  if (before.status == TableStatus::kUpdating && !OnlyGivesUpIndexes(before, after)) {
    co_return TableBeing("updated", name);
  }
  if (IsPending(after) && !IsPending(before)) INSULA_CO_TRY(impl.CheckChangesAtOnce(owner));
  if (after.point_in_time_days && !before.point_in_time_days) INSULA_CO_TRY(CheckRoomForPast(impl, owner));
  TableRecord changed = *impl.WithDefinition(*record, std::move(after));
  changed.next_index_id = next_index_id;
  // Turned off and on again, the window begins anew.
  if (!before.point_in_time_days || !changed.definition().point_in_time_days) changed.point_in_time_since.reset();
  const bool logged_already = before.schema->log_changes && before.schema->epoch == changed.definition().schema->epoch;
  if (changed.definition().point_in_time_days && !changed.point_in_time_since && logged_already) {
    changed.point_in_time_since = impl.clock.Now();
  }
  auto stored = std::make_shared<const TableRecord>(std::move(changed));
  Change change;
  change.PutTable(stored);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return stored->table;
}

Task<Result<TablePtr>> Catalog::DeleteTable(Context context, std::string name) {
  Impl& impl = *impl_;
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  INSULA_CO_ASSIGN(const ContextNames owner, OwnerFor(impl, context, "dynamodb:DeleteTable", name));
  const TableRecordPtr record = impl.StateInLane().FindTable(owner, name);
  if (record == nullptr) {
    if (IsShared(impl.StateInLane(), owner, name)) {
      co_return NotAuthorized(context, "dynamodb:DeleteTable", TableArn(impl.options.region, AccountOf(context), name));
    }
    co_return TableNotFound(name);
  }
  TableDefinition definition = record->definition();
  if (definition.status == TableStatus::kCreating) co_return TableBeing("created", name);
  if (definition.status == TableStatus::kUpdating) co_return TableBeing("updated", name);
  if (definition.status == TableStatus::kDeleting) co_return record->table;
  if (definition.deletion_protection) {
    co_return ValidationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
  }
  definition.status = TableStatus::kDeleting;
  Change change;
  if (definition.point_in_time_days) {
    // What could be restored still can be, for a while: the table is dropped once it has been copied.
    BackupRecord last = impl.NewBackup(*record, BackupKind::kSystem, name + "$DeletedTableBackup");
    change.copies.push_back(BackupTask{last.owner, last.id});
    change.Put(std::move(last));
  }
  const TableRecordPtr stored = impl.WithDefinition(*record, std::move(definition));
  change.PutTable(stored);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return stored->table;
}

Task<void> Catalog::AwaitSettled(Context context, TablePtr table, std::chrono::milliseconds wait_max) {
  const ContextNames* owner = NamesOf(context);
  if (owner == nullptr) co_return;
  const auto is_settled = [impl = impl_.get(), names = *owner, table = std::move(table)] {
    const SharedLock lock(impl->mutex);
    const TableRecordPtr now = impl->state.FindTable(names, table->definition.name);
    return now == nullptr || now->table->ref.incarnation() != table->ref.incarnation() || !IsPending(now->definition());
  };
  co_await impl_->owner_changed.WaitUntil(KeyOf(*owner), is_settled, wait_max);
}

}  // namespace insula::tenancy
