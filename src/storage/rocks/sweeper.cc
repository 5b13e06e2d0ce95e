#include "storage/rocks/sweeper.h"

#include <memory>
#include <vector>

#include "storage/rocks/key_format.h"
#include "storage/rocks/row_range.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/tokens.h"

namespace insula::storage::rocks {
namespace {

constexpr char kPendingDropVersion = 1;
constexpr char kKeptChanges = 1;

// The rows that `dropped`, what follows the prefix in a pending row's key, stands for.
std::vector<RowRange> RangesOf(Store* store, const std::string& dropped) {
  const std::string place = dropped.substr(0, kPlaceSize);
  switch (dropped.size() - kPlaceSize) {
    case 0: {
      const std::string incarnation = place.substr(8);
      return {{store->items(), place, SuccessorOf(place)}, {store->changes(), incarnation, SuccessorOf(incarnation)}};
    }
    case 1: {
      const std::string counters = place + static_cast<char>(RowKind::kCounters);
      return {{store->items(), place, counters}, {store->items(), SuccessorOf(counters), SuccessorOf(place)}};
    }
    default: {
      const std::string index = place + static_cast<char>(RowKind::kIndex) + dropped.substr(kPlaceSize);
      return {{store->items(), index, SuccessorOf(index)}};
    }
  }
}

}  // namespace

std::string PendingDropRowKey(const tenancy::TableRef& table, std::optional<std::uint16_t> index) {
  std::string key = SystemPrefix(SystemRow::kPendingDrop);
  AppendPlace(table, &key);
  if (index) AppendBigEndian16(*index, &key);
  return key;
}

std::string PendingDropButChangesRowKey(const tenancy::TableRef& table) {
  return PendingDropRowKey(table, std::nullopt) + kKeptChanges;
}

std::string PendingDropRowValue() { return std::string(1, kPendingDropVersion); }

Result<bool> Sweep(Store* store, WallTime now, std::size_t rows_max) {
  std::size_t rows = 0;
  const std::string prefix = SystemPrefix(SystemRow::kPendingDrop);
  Rows pending(*store, store->items(), Tier::kDisk, {prefix, SuccessorOf(prefix)});
  for (pending.SeekToLower(); pending.Valid(); pending.Next()) {
    if (rows >= rows_max) return true;
    const std::string dropped(pending.key().ToStringView().substr(prefix.size()));
    for (const RowRange& range : RangesOf(store, dropped)) {
      INSULA_ASSIGN(const std::size_t deleted, DeleteRows(store, range));
      rows += deleted;
    }
    // After what it stands for: a crash in between only sweeps again.
    rocksdb::WriteBatch batch;
    batch.Delete(pending.key());
    const rocksdb::Status status = store->WriteSynced(&batch);
    if (!status.ok()) return ErrorFrom(status, "sweeping");
  }
  if (!pending.status().ok()) return ErrorFrom(pending.status(), "sweeping");
  const std::string tokens = SystemPrefix(SystemRow::kToken);
  INSULA_TRY(DeleteRows(store, {store->items(), tokens, FirstLiveTokenRowKey(now)}));
  return false;
}

}  // namespace insula::storage::rocks
