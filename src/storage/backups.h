// Copies of tables that an engine keeps beside its stores: made of a table as it is or as it was, read page by page,
// made into a table again. A backup outlives its table; who may see it is the catalog's to say.
//
// An id is the caller's: [A-Za-z0-9-], 1 to 64 characters, unique within a store. All methods are idempotent, so that
// an interrupted intent can be replayed; all are safe from any thread, work on threads of their own and resume the
// caller on its executor. A damaged file is Corruption that names it and says what can be done.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "model/encoded_item.h"
#include "model/ids.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage {

struct BackupStats {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;         // of the items, as DynamoDB counts them
  std::uint64_t stored_bytes = 0;  // of the files, those that other backups share included
  WallTime as_of{};
};

struct BackupPage {
  std::vector<EncodedItem> items;  // in key order
  std::uint64_t next = 0;          // the next page's cursor
  bool more = false;
};

struct RestoreProgress {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;  // item sizes
  std::uint64_t items_total = 0;
  std::uint64_t bytes_total = 0;
};
// Told now and then, on the caller's executor. False ends the work, with the error ServiceUnavailable; what was done
// stays, and the next call goes on from there.
using RestoreObserver = std::function<bool(const RestoreProgress&)>;

class Backups {
 public:
  virtual ~Backups() = default;

  // A consistent copy of the table as it is now, or as it was at `as_of`. With `as_of`, the change log must reach back
  // that far: else Refusal::kChangesTrimmed. The table may be written to meanwhile, but must not be dropped:
  // kTableGone. A failure leaves nothing behind.
  virtual Task<Result<BackupStats>> Create(tenancy::TableRef table, std::string id, std::optional<WallTime> as_of) = 0;

  // Refusal::kNoSuchBackup if there is none of this id.
  virtual Task<Result<BackupStats>> Stats(StoreId store, std::string id) = 0;
  // The first page has cursor 0.
  virtual Task<Result<BackupPage>> Read(StoreId store, std::string id, std::uint64_t cursor) = 0;
  // Reads all of it; the first damage found is the error.
  virtual Task<Result<BackupStats>> Verify(StoreId store, std::string id) = 0;

  // Fills `into`, a table nobody uses yet, with the same key schema and whatever indexes it has. Nothing is filled in
  // before its part of the backup has proved whole. Called again after an interruption it goes on where it was; after
  // it has succeeded, it does nothing. FailedPrecondition if the table isn't empty or another backup's restore.
  virtual Task<Result<BackupStats>> Restore(StoreId store, std::string id, tenancy::TableRef into,
                                            RestoreObserver observer) = 0;

  // There is none of this id from now on.
  virtual Task<Result<void>> Delete(StoreId store, std::string id) = 0;

  // What is being made or restored now ends soon, with ServiceUnavailable; what begins later isn't concerned.
  virtual void Interrupt() = 0;
};

}  // namespace insula::storage
