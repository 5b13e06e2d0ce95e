#include "storage/rocks/engine_parts.h"

#include "storage/rocks/change_reader.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/status.h"
#include "storage/rocks/sweeper.h"

namespace insula::storage::rocks {

Task<Result<StoreLease>> AcquireStore(EngineParts* parts, StoreId id) {
  if (StoreLease lease = parts->stores.TryAcquire(id)) co_return lease;
  if (id == StoreId(0)) co_return Stopping();
  co_return co_await parts->stores.Acquire(id);
}

std::optional<OpenedTable> TryOpenForWriting(EngineParts* parts, const tenancy::TableRef& table) {
  std::optional<OpenedTable> opened(std::in_place);
  opened->state = parts->tables.Find(table);
  if (!opened->state) return std::nullopt;
  opened->store = parts->stores.TryAcquire(table.store());
  if (!opened->store) return std::nullopt;
  return opened;
}

Task<Result<OpenedTable>> OpenForWriting(EngineParts* parts, tenancy::TableRef table) {
  OpenedTable opened;
  INSULA_CO_ASSIGN(opened.store, co_await AcquireStore(parts, table.store()));
  opened.state = parts->tables.Find(table);
  if (opened.state) co_return opened;

  WorkerPool* readers = parts->stores.readers();
  rocksdb::PinnableSlice value;
  rocksdb::Status status;
  bool dropped = false;
  for (const std::string& pending : {PendingDropRowKey(table, std::nullopt), PendingDropButChangesRowKey(table)}) {
    status = co_await ReadRowAnywhere(&*opened.store, readers, pending, &value);
    dropped = dropped || status.ok();
    if (!status.ok() && !status.IsNotFound()) co_return ErrorFrom(status, "reading whether a table is dropped");
  }
  TableCounters counters;
  const std::string row_key = CountersRowKey(table);
  status = co_await ReadRowAnywhere(&*opened.store, readers, row_key, &value);
  if (status.ok()) {
    INSULA_CO_ASSIGN(counters, CountersFrom(value.ToStringView()));
  } else if (!status.IsNotFound()) {
    co_return ErrorFrom(status, "reading a table's counters");
  }
  // Two may get here at once: nobody has written in between, so both read the same, and one state is kept.
  WallTime last_change_at{};
  if (counters.change_sequence > 0) {
    INSULA_CO_ASSIGN(last_change_at, co_await ChangeTimeOf(parts, &*opened.store, table, counters.change_sequence));
  }
  auto state = std::make_shared<TableState>(table, std::move(counters), last_change_at);
  if (dropped) co_await state->Drop();
  opened.state = parts->tables.Add(std::move(state));
  co_return opened;
}

Result<void> CheckWritable(const EngineParts& parts, const Store& store, Purpose purpose) {
  if (store.fenced()) {
    return Error(ErrorCode::kInternalServerError, "The store takes no more writes after a failure of its disk");
  }
  if (store.out_of_space() || parts.stores.append_waiting() || !parts.stores.space().Allows(purpose)) {
    return Error(ErrorCode::kStorageFull, "The disk is nearly full: writes are refused until there is room");
  }
  return {};
}

Result<void> CommitResult(const CommitRequest& request) {
  if (!request.status.ok()) return ErrorFrom(request.status, "writing");
  return {};
}

}  // namespace insula::storage::rocks
