#include "storage/rocks/store.h"

#include <charconv>

#include <fmt/format.h>
#include <rocksdb/table.h>

#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::string_view kFormatPrefix = "insula-store ";

constexpr std::size_t kChangesBlockBytes = 32 << 10;

// Says, before RocksDB touches anything, whether this program may open the directory; marks a new one.
Result<void> CheckFormat(rocksdb::Env* env, const std::string& directory) {
  const std::string path = directory + "/FORMAT";
  std::string text;
  rocksdb::Status status = rocksdb::ReadFileToString(env, path, &text);
  if (status.ok()) {
    int version = 0;
    const bool ours = text.starts_with(kFormatPrefix);
    const char* number = text.data() + kFormatPrefix.size();
    if (!ours || std::from_chars(number, text.data() + text.size(), version).ec != std::errc()) {
      return Error(ErrorCode::kCorruption, fmt::format("{} is damaged", path));
    }
    if (version > kStoreFormatVersion) {
      return Error(ErrorCode::kFailedPrecondition,
                   fmt::format("{} has format {}; this program knows formats up to {}: use a newer one", directory,
                               version, kStoreFormatVersion));
    }
    return {};
  }
  if (!status.IsNotFound() && !status.IsPathNotFound() && env->FileExists(path).ok()) {
    return ErrorFrom(status, "reading " + path);
  }
  if (env->FileExists(directory + "/CURRENT").ok()) {
    return Error(ErrorCode::kCorruption, fmt::format("{} holds a database but {} is missing", directory, path));
  }
  // Renamed into place, so that a crash leaves either nothing or the whole text.
  const std::string temporary = path + ".new";
  status = rocksdb::WriteStringToFile(env, fmt::format("{}{}\n", kFormatPrefix, kStoreFormatVersion), temporary,
                                      /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(temporary, path);
  if (!status.ok()) return ErrorFrom(status, "writing " + path);
  std::unique_ptr<rocksdb::Directory> handle;
  if (env->NewDirectory(directory, &handle).ok()) (void)handle->Fsync();
  return {};
}

// For the change log: appended in order, read in ranges.
rocksdb::ColumnFamilyOptions ChangesOptions(const rocksdb::Options& store) {
  rocksdb::ColumnFamilyOptions options(store);
  // Most stores never write one.
  options.write_buffer_size = std::min<std::size_t>(options.write_buffer_size, 8 << 20);
  // A record holds an item before and after a change, mostly alike: packed, it takes half. Packed in every level alike,
  // it goes down one by a rename.
  options.compression_per_level.clear();
  options.compression = rocksdb::kLZ4Compression;
  // Whoever looks for one record knows that it is there, and files hardly overlap: no filter pays. A block holds enough
  // records for their likeness to be packed.
  auto table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  table.filter_policy.reset();
  table.block_size = kChangesBlockBytes;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::Open(StoreId id, const std::string& directory, Parts parts) {
  const std::string what = "opening " + directory;
  rocksdb::Env* env = parts.options.env;
  rocksdb::Status status = env->CreateDirIfMissing(directory);
  if (!status.ok()) return ErrorFrom(status, what);
  INSULA_TRY(CheckFormat(env, directory));

  parts.options.create_if_missing = true;
  parts.options.create_missing_column_families = true;
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions(parts.options)},
      {kChangesFamily, ChangesOptions(parts.options)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  status = rocksdb::DB::Open(rocksdb::DBOptions(parts.options), directory, families, &handles, &db);
  if (!status.ok()) return ErrorFrom(status, what);

  std::unique_ptr<Store> store(new Store());
  store->id_ = id;
  store->db_.reset(db);
  store->items_ = handles[0];
  store->changes_ = handles[1];
  store->committer_ = std::make_unique<Committer>(
      db, handles[1], parts.commit_pool, parts.clock, parts.committer,
      [id, on_failure = std::move(parts.on_failure)](const rocksdb::Status& failure) { on_failure(id, failure); });
  return store;
}

Store::~Store() {
  committer_.reset();
  if (!db_) return;
  (void)db_->DestroyColumnFamilyHandle(items_);
  (void)db_->DestroyColumnFamilyHandle(changes_);
  (void)db_->Close();
}

}  // namespace insula::storage::rocks
