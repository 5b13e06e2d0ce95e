// The catalog behind catalog.h and the faces.
//
// One change at a time: whoever changes anything holds `lane` from reading the state until its commit is applied. The
// state itself is written by the holder of the lane under the exclusive lock of `mutex`, read by anybody under the
// shared one; the holder of the lane may read it without (StateInLane). Requests don't come here: they look into
// `directory`. Contexts take turns at the lane: a change is made for its context's key (KeyOf), or for the operator
// without one. Internal to the room.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/async_condition.h"
#include "base/async_mutex.h"
#include "base/mutex.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/catalog/change.h"
#include "tenancy/catalog/directory.h"
#include "tenancy/identity/naming.h"
#include "tenancy/state/backup_records.h"
#include "tenancy/state/change_marks.h"
#include "tenancy/state/state.h"
#include "tenancy/state/stream_lifecycle.h"

namespace insula::tenancy {

// Where a new table's items come from, if not from requests alone, and who defined it.
struct TableOrigin {
  bool from_template = false;
  bool importing = false;
  std::optional<std::string> restoring_from = std::nullopt;  // the backup's id
  std::optional<RestoreSource> restored_from = std::nullopt;
};

class Catalog::Impl {
 public:
  // How many of a context's tables are created, updated or deleted at a time: DynamoDB's quota of an account.
  static constexpr std::size_t kTableChangesAtOnceMax = 500;

  Impl(RecordStore& records, Clock& clock, CatalogOptions options, Naming naming);

  Task<Result<void>> Load();

  // Precondition for all below: the caller holds the lane.

  // The state as it stays until the caller changes it: without `mutex`, since nobody else may.
  const State& StateInLane() const INSULA_NO_THREAD_SAFETY_ANALYSIS { return state; }

  // Makes the change durable and then visible. On an error nothing is visible, though it may be durable; numbers taken
  // for it are not given again.
  Task<Result<void>> Commit(Change change);

  Incarnation NextIncarnation(Change* change);
  TableNumber NextTableNumber(Change* change);
  TenantNumber NextTenantNumber(Change* change);
  StoreId NextStoreId(Change* change);
  AccountId MintAccountId() const;  // never given before

  // What keeps the items of an account.
  const EngineCapabilities& EngineOf(const AccountRecord& account) const;
  // ValidationException for a table that the account's engine can't have.
  Result<void> CheckFitsAccount(const TableDefinition& definition, const AccountId& account) const;

  // LimitExceeded while as many of the context's tables are being changed as may be at a time.
  Result<void> CheckChangesAtOnce(const ContextNames& owner) const;

  // Adds a new table of `owner` to the change: CREATING. ResourceInUse if its physical name is taken.
  Result<TableRecordPtr> AddTable(Change* change, const ContextNames& owner, TableDefinition definition,
                                  TableOrigin origin);
  // The same for a context that may define its tables: with all of CreateTable's refusals. `action` is what a refusal
  // says that the caller is not authorized to perform.
  Result<TableRecordPtr> AddOwnTable(Change* change, const Context& context, TableDefinition definition,
                                     std::string_view action, TableOrigin origin = {});
  // The record with another definition, and all that follows from it.
  TableRecordPtr WithDefinition(const TableRecord& record, TableDefinition definition) const;

  // Leaves the intent to bring a placement up to its template, where that lags: a rollout may have been waiting for a
  // table of it to be ACTIVE.
  void AddRolloutOf(const ContextNames& owner, Change* change) const;
  // A new backup of the table, CREATING, to be added to a change.
  BackupRecord NewBackup(const TableRecord& table, BackupKind kind, std::string name) const;
  // What else ends with the restore of this table, if it is one.
  void EndRestore(const TableRecord& record, Change* change) const;

  // One commit's worth of bringing a placement up to its service's template (catalog_rollout.cc).
  enum class Rollout : std::uint8_t { kDone, kMore, kBusy };
  Task<Result<Rollout>> RollOutStep(ContextNames names);
  Task<Result<bool>> RollOut(ContextNames names);  // all of it; false: busy

  StreamTimes StreamTimesNow() const { return {clock.Now(), options.stream_retention}; }

  // The tables of a service that its tenants see.
  std::vector<TablePtr> SharedTables(const ServiceKey& service) const;

  // Free of the lane: for readers who hold `mutex` in any way.
  Table PhysicalView(const TableRecord& record) const;
  Table PooledView(const PoolRecord& pool) const;

  // Puts a context and its tables into the directory, or takes it out, as the state has it.
  void RefreshContext(const ContextNames& names);

  RecordStore& records;
  Clock& clock;
  const CatalogOptions options;
  const Naming naming;

  AsyncMutex lane;
  Counters counters;  // of the lane's holder
  mutable SharedMutex mutex;
  State state INSULA_GUARDED_BY(mutex);
  Directory directory;

  // What the engine has done for tables, to be noted in the catalog. Whoever gets the lane notes all that wait, in one
  // commit: making many tables costs few synced writes.
  struct EngineDone {
    TableIntent intent;
    Incarnation incarnation;
    std::optional<std::uint32_t> epoch;       // that the engine follows; nullopt: it has dropped the table
    ChangeMarks marks;                        // where it took that up
    std::optional<std::uint64_t> kept_next;   // of a dropped table whose change log stays
    std::optional<Result<TablePtr>> outcome;  // of the lane's holder
  };
  Task<Result<TablePtr>> NoteEngineDone(EngineDone done);

  Mutex engine_done_mutex;
  std::deque<std::shared_ptr<EngineDone>> engine_done INSULA_GUARDED_BY(engine_done_mutex);

  // Told, by the owner's key, of every change of an owner's tables and backups.
  AsyncCondition owner_changed;

  Mutex listener_mutex;
  std::function<void(const Intent&)> listener INSULA_GUARDED_BY(listener_mutex);
  std::function<void(const CopyTask&)> copy_listener INSULA_GUARDED_BY(listener_mutex);
  std::function<void(TransferPtr)> transfer_listener INSULA_GUARDED_BY(listener_mutex);

 private:
  Result<TableRef> RefOf(Change* change, const ContextNames& owner, const TableDefinition& definition,
                         PartitionModel model, const AccountId& account);
  Result<std::string> ClaimPhysicalName(const Change& change, const AccountId& account, std::string name,
                                        const std::string& table) const;
  TablePtr AddEngineDone(const EngineDone& done, Change* change) const;
  std::string NewBackupId(const ContextNames& owner, BackupKind kind, WallTime at) const;
};

}  // namespace insula::tenancy
