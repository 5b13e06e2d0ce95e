// What the engine's operations share.
#pragma once

#include "base/clock.h"
#include "storage/engine.h"
#include "storage/rocks/key_locks.h"
#include "storage/rocks/stores.h"
#include "storage/rocks/table_state.h"

namespace insula::storage::rocks {

// Everything in it is safe from any thread and lives as long as the engine.
struct EngineParts {
  EngineParts(RocksOptions options, Clock& its_clock)
      : clock(its_clock), locks(its_clock, options.lock_wait_max), stores(std::move(options), its_clock) {}

  Clock& clock;
  KeyLocks locks;
  TableStates tables;
  Stores stores;
};

// A store and the state of a table in it, both held.
struct OpenedTable {
  StoreLease store;
  std::shared_ptr<TableState> state;
};

// The store of `id`, opened if it must.
Task<Result<StoreLease>> AcquireStore(EngineParts* parts, StoreId id);
// The same with the table's state, read from the store if this is its first use.
Task<Result<OpenedTable>> OpenForWriting(EngineParts* parts, tenancy::TableRef table);
// The two without suspending, where both are in memory; else nothing.
std::optional<OpenedTable> TryOpenForWriting(EngineParts* parts, const tenancy::TableRef& table);

// Why `store` takes no write for that purpose now, if it doesn't.
Result<void> CheckWritable(const EngineParts& parts, const Store& store, Purpose purpose);

// How a commit ended, once Committer::Commit has returned.
Result<void> CommitResult(const CommitRequest& request);

}  // namespace insula::storage::rocks
