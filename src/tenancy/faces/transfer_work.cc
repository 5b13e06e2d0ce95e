#include "tenancy/faces/transfer_work.h"

#include <fmt/format.h>

#include <algorithm>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {
namespace {

bool IsWanted(const State& state, const TransferRecord& transfer) {
  const auto owned = state.transfers.find(transfer.owner);
  if (owned == state.transfers.end()) return false;
  const auto found = owned->second.find(transfer.id);
  if (found == owned->second.end() || HasEnded(found->second->status)) return false;
  if (!transfer.owner.tenant) return true;
  const TenantRecord* tenant = state.FindTenantOf(transfer.owner);
  return tenant != nullptr && tenant->status != TenantStatus::kDeleting;
}

}  // namespace

std::vector<TransferPtr> TransferWork::Pending() const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<TransferPtr> pending;
  for (const auto& [owner, transfers] : impl.state.transfers) {
    for (const auto& [id, transfer] : transfers) {
      if (!HasEnded(transfer->status)) pending.push_back(transfer);
    }
  }
  std::ranges::sort(pending, {}, &TransferRecord::id);
  return pending;
}

TransferPtr TransferWork::Current(const TransferRecord& transfer) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  if (!IsWanted(impl.state, transfer)) return nullptr;
  return impl.state.transfers.at(transfer.owner).at(transfer.id);
}

void TransferWork::Listen(std::function<void(TransferPtr)> listener) {
  Catalog::Impl& impl = catalog_.impl();
  const MutexLock lock(impl.listener_mutex);
  impl.transfer_listener = std::move(listener);
}

AccountId TransferWork::AccountOf(const TransferRecord& transfer) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  return impl.state.AccountOf(transfer.owner);
}

TablePtr TransferWork::TableOf(const TransferRecord& transfer) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  if (!IsWanted(impl.state, transfer)) return nullptr;
  const TableRecordPtr record = impl.state.FindTable(transfer.owner, transfer.table);
  if (record == nullptr || record->table->ref.incarnation() != transfer.incarnation) return nullptr;
  return record->definition().status == TableStatus::kDeleting ? nullptr : record->table;
}

Task<Result<void>> TransferWork::Save(TransferRecord transfer, ImportedTable table) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(transfer.owner));
  if (!IsWanted(impl.StateInLane(), transfer)) {
    co_return Error(ErrorCode::kFailedPrecondition, fmt::format("Nobody wants the transfer {} any more", transfer.id));
  }
  Change change;
  if (impl.StateInLane().transfers.at(transfer.owner).at(transfer.id)->status == TransferStatus::kCancelling &&
      !HasEnded(transfer.status)) {
    transfer.status = TransferStatus::kCancelling;
  }
  if (HasEnded(transfer.status)) {
    transfer.ended_at = impl.clock.Now();
    const TableRecordPtr record = impl.StateInLane().FindTable(transfer.owner, transfer.table);
    const bool importing = transfer.kind() == TransferKind::kImport && record != nullptr && record->importing &&
                           record->table->ref.incarnation() == transfer.incarnation;
    if (importing) {
      TableDefinition definition = record->definition();
      if (table == ImportedTable::kGoes) definition.status = TableStatus::kDeleting;
      if (definition.status != TableStatus::kDeleting) definition = SettledDefinition(definition, {}, impl.clock.Now());
      TableRecord ended = *impl.WithDefinition(*record, std::move(definition));
      ended.importing = false;
      change.PutTable(std::make_shared<const TableRecord>(std::move(ended)));
      impl.AddRolloutOf(transfer.owner, &change);
    }
  }
  change.Put(std::move(transfer));
  co_return co_await impl.Commit(std::move(change));
}

}  // namespace insula::tenancy
