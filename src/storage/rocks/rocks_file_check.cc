#include "storage/rocks/rocks_file_check.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/metadata.h>
#include <rocksdb/table.h>

#include "storage/rocks/read_scope.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

// How long a stop may have to wait for the pace.
constexpr std::chrono::milliseconds kPause{50};

std::vector<rocksdb::LiveFileMetaData> LiveFiles(const Store& store) {
  std::vector<rocksdb::LiveFileMetaData> files;
  store.db()->GetLiveFilesMetaData(&files);
  return files;
}

// Once a file of that number is gone there is never another one.
bool IsLive(const Store& store, std::uint64_t number) {
  return std::ranges::any_of(LiveFiles(store), [number](const auto& file) { return file.file_number == number; });
}

// What is wrong with the file; nothing if nothing is.
std::string DamageOf(const Store& store, const rocksdb::Options& options, const rocksdb::LiveFileMetaData& file) {
  const std::string path = file.db_path + file.name;
  const ReadScope scope(Tier::kDisk);
  const rocksdb::Status status = scope.Judge(rocksdb::VerifySstFileChecksum(
      options, rocksdb::EnvOptions(options), rocksdb::ReadOptions(), path, file.largest_seqno));
  if (status.ok() || !IsLive(store, file.file_number)) return "";
  return fmt::format("{} is damaged: {}", path, status.ToString());
}

}  // namespace

rocksdb::Options OptionsForChecking(rocksdb::Options options) {
  auto table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  // The file's blocks are read one after the other, but the parts of its filter aren't among them: those are read when
  // it is opened, if they are to be kept. They are, in a cache of this one file's.
  table.block_cache = rocksdb::NewLRUCache(/*capacity=*/1u << 20, /*num_shard_bits=*/0);
  table.cache_index_and_filter_blocks = true;
  table.metadata_cache_options.partition_pinning = rocksdb::PinningTier::kAll;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.listeners.clear();
  return options;
}

Task<Result<std::vector<std::string>>> RocksFileCheck::FindDamagedFiles(StoreId id) {
  using Seconds = std::chrono::duration<double>;
  INSULA_CO_ASSIGN(StoreLease store, co_await AcquireStore(parts_, id));
  const Stores& stores = parts_->stores;
  const std::vector<rocksdb::LiveFileMetaData> files = LiveFiles(*store);
  std::vector<std::string> damaged;
  for (const rocksdb::LiveFileMetaData& file : files) {
    auto check = [&] {
      const auto begun = std::chrono::steady_clock::now();
      std::string damage = DamageOf(*store, OptionsForChecking(stores.OptionsFor(id)), file);
      if (const std::size_t rate = stores.options().background_bytes_per_second; rate > 0) {
        const Seconds at_that_rate(static_cast<double>(file.size) / static_cast<double>(rate));
        while (!stores.stopping() && std::chrono::steady_clock::now() - begun < at_that_rate) {
          std::this_thread::sleep_for(std::min<Seconds>(kPause, at_that_rate));
        }
      }
      return damage;
    };
    if (stores.stopping()) co_return Stopping();
    if (std::string damage = co_await RunOn(&pool_, check); !damage.empty()) damaged.push_back(std::move(damage));
  }
  co_return damaged;
}

}  // namespace insula::storage::rocks
