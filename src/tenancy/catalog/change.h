// One change of the catalog: what goes to the record store in one commit, and what follows in memory once it is
// durable. Internal to the room.
#pragma once

#include <concepts>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "base/record_store.h"
#include "tenancy/codec/record_codec.h"
#include "tenancy/state/copy_task.h"
#include "tenancy/state/intent.h"
#include "tenancy/state/state.h"

namespace insula::tenancy {

struct Change {
  // Records per commit that stay clear of the store's limit of 100.
  static constexpr std::size_t kRecordsMax = 90;

  template <class R>
  void Put(R record) {
    if constexpr (std::same_as<R, BackupRecord>) owners.insert(record.owner);
    records.push_back(tenancy::Put(record));
    after.push_back([record = std::move(record)](State& state) { state.Put(record); });
  }
  template <class R>
  void Remove(R record) {
    if constexpr (std::same_as<R, BackupRecord>) owners.insert(record.owner);
    records.push_back(tenancy::Remove(record));
    after.push_back([record = std::move(record)](State& state) { state.Remove(record); });
  }
  void PutTable(TableRecordPtr record) {
    owners.insert(record->owner);
    records.push_back(tenancy::Put(*record));
    tables.push_back(record);
    after.push_back([record](State& state) { state.Put(record); });
  }
  void RemoveTable(TableRecordPtr record) {
    owners.insert(record->owner);
    records.push_back(tenancy::Remove(*record));
    removed_tables.push_back(record);
    after.push_back([record](State& state) { state.Remove(*record); });
  }
  // Leaves it to the backup keeper to remove the backup.
  void DeleteBackup(BackupRecord backup) {
    backup.status = BackupStatus::kDeleting;
    copies.push_back(BackupTask{backup.owner, backup.id});
    Put(std::move(backup));
  }

  std::vector<RecordChange> records;
  std::vector<std::function<void(State&)>> after;
  std::vector<TableRecordPtr> tables, removed_tables;
  std::set<ContextNames> owners;       // of the tables and backups that it changes
  std::vector<ContextNames> contexts;  // that come or go with it
  std::vector<Intent> intents;         // that it leaves, beside those of its tables
  std::vector<CopyTask> copies;        // that it leaves
  bool numbers_used = false;           // the counters are to be written with it
};

}  // namespace insula::tenancy
