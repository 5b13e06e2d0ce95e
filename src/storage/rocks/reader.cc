#include "storage/rocks/reader.h"

#include "storage/rocks/status.h"

namespace insula::storage::rocks {

rocksdb::Status ReadRow(const Store& store, rocksdb::ColumnFamilyHandle* family, Tier tier,
                        const rocksdb::Snapshot* snapshot, std::string_view row_key, rocksdb::PinnableSlice* value) {
  value->Reset();
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  const ReadScope scope(tier);
  return scope.Judge(store.db()->Get(options, family, row_key, value));
}

Result<MaybeItem> ItemFrom(const rocksdb::Status& status, const rocksdb::PinnableSlice& value) {
  if (status.ok()) return MaybeItem(EncodedItem::FromBytes(std::string(value.data(), value.size())));
  if (status.IsNotFound()) return MaybeItem();
  return ErrorFrom(status, "reading an item");
}

Task<rocksdb::Status> ReadRowAnywhere(Store* store, WorkerPool* pool, std::string_view row_key,
                                      rocksdb::PinnableSlice* value) {
  rocksdb::Status status = ReadRow(*store, Tier::kMemory, nullptr, row_key, value);
  if (!status.IsIncomplete()) co_return status;
  auto work = [=] { return ReadRow(*store, Tier::kDisk, nullptr, row_key, value); };
  co_return co_await RunOn(pool, work);
}

}  // namespace insula::storage::rocks
