#include "storage/rocks/write_marks.h"

#include <memory>

#include "storage/rocks/key_format.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

// Row by row, however many: a range tombstone would stand in the way of the marks to come.
constexpr std::size_t kRowsPerBatch = 2'000;

// Calls `take` with each of the job's rows; a failure of it ends the walk. Blocks.
template <class Take>
Result<void> Walk(Store* store, const std::string& prefix, const Take& take) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  Rows row(*store, store->items(), Tier::kDisk, {prefix, SuccessorOf(prefix)}, options);
  for (row.SeekToLower(); row.Valid(); row.Next()) INSULA_TRY(take(row.key()));
  if (!row.status().ok()) return ErrorFrom(row.status(), "reading the marks of writes");
  return {};
}

}  // namespace

Task<Result<std::vector<std::uint64_t>>> RocksWriteMarks::Find(tenancy::TableRef table, std::uint64_t job) {
  INSULA_CO_ASSIGN(const OpenedTable opened, co_await OpenForWriting(parts_, table));
  INSULA_CO_ASSIGN(const TableState::Writer writer, opened.state->Enter());  // so that it isn't dropped meanwhile
  const std::string prefix = MarkPrefix(table, job);
  std::vector<std::uint64_t> numbers;
  auto read = [&] {
    return Walk(&*opened.store, prefix, [&](const rocksdb::Slice& key) -> Result<void> {
      numbers.push_back(BigEndian64From(key.ToStringView().substr(prefix.size())));
      return {};
    });
  };
  INSULA_CO_TRY(co_await RunOn(parts_->stores.readers(), read));
  co_return numbers;
}

Task<Result<void>> RocksWriteMarks::Forget(tenancy::TableRef table, std::uint64_t job) {
  INSULA_CO_ASSIGN(const OpenedTable opened, co_await OpenForWriting(parts_, table));
  INSULA_CO_ASSIGN(const TableState::Writer writer, opened.state->Enter());  // so that it isn't dropped meanwhile
  const std::string prefix = MarkPrefix(table, job);
  auto forget = [&]() -> Result<void> {
    rocksdb::WriteBatch batch;
    const auto flush = [&]() -> Result<void> {
      const rocksdb::Status status = opened.store->WriteSynced(&batch);
      batch.Clear();
      if (!status.ok()) return ErrorFrom(status, "forgetting the marks of writes");
      return {};
    };
    INSULA_TRY(Walk(&*opened.store, prefix, [&](const rocksdb::Slice& key) -> Result<void> {
      batch.Delete(opened.store->items(), key);
      if (batch.Count() < kRowsPerBatch) return {};
      return flush();
    }));
    return batch.Count() == 0 ? Result<void>() : flush();
  };
  co_return co_await RunOn(parts_->stores.readers(), forget);
}

}  // namespace insula::storage::rocks
