#include "storage/rocks/reader.h"

#include "storage/rocks/status.h"

namespace insula::storage::rocks {

rocksdb::ReadOptions ReadOptionsFor(Tier tier, const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  if (tier == Tier::kMemory) options.read_tier = rocksdb::kBlockCacheTier;
  return options;
}

rocksdb::Status ReadRow(const Store& store, Tier tier, const rocksdb::Snapshot* snapshot, std::string_view row_key,
                        rocksdb::PinnableSlice* value) {
  value->Reset();
  return store.db()->Get(ReadOptionsFor(tier, snapshot), store.items(), row_key, value);
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
