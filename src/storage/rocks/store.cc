#include "storage/rocks/store.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/table.h>
#include <boost/algorithm/string/replace.hpp>

#include "storage/rocks/opening.h"
#include "storage/rocks/status.h"
#include "storage/rocks/store_check.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kChangesBlockBytes = 32 << 10;

Error LostWrites(const std::string& directory, const StoreCheck& check) {
  bool logs_alone = true;
  for (const Shortfall& shortfall : check.shortfalls) logs_alone = logs_alone && shortfall.log.has_value();
  return {ErrorCode::kCorruption,
          fmt::format("{} isn't opened, and nothing in it was changed: {}. {}", directory, Describe(check),
                      logs_alone ? "Put the file back as it was; or go on without what is missing, once, with "
                                   "engine.lost_writes = give_up"
                                 : "Put the file back as it was")};
}

struct CheckedPromise {
  Promise promise;
  bool gave_up_logs = false;
};

// What was promised of the store, after seeing that it is there. What had to be given up is given up.
Result<CheckedPromise> CheckPromise(const std::string& directory, const Store::Parts& parts) {
  rocksdb::FileSystem& files = *parts.options.env->GetFileSystem();
  std::optional<Promise> promise;
  Result<Promise> read = Witness::Read(files, directory);
  if (read.ok()) {
    promise = read.value();
  } else if (read.error().code() == ErrorCode::kIo) {
    return std::move(read).error();
  }
  INSULA_ASSIGN(const StoreCheck check, CheckStore(files, directory, promise));
  if (check.shortfalls.empty()) {
    for (const TornTail& tail : check.torn_tails) {
      parts.log(fmt::format("{}/{} {}: a last write that was torn, and acknowledged to nobody, is cut off", directory,
                            tail.file, tail.what));
    }
    INSULA_TRY(CutTornTails(files, directory, check));
    if (!promise) {
      parts.log(read.error().message() + ": whether acknowledged writes are missing can't be told this time");
    } else if (!check.witnessed) {
      parts.log(
          fmt::format("{} was last written by a program that keeps no witness: whether acknowledged writes are "
                      "missing can't be told this time",
                      directory));
      promise.reset();
    }
    return CheckedPromise{promise.value_or(Promise{})};
  }
  const bool logs_alone = std::ranges::all_of(check.shortfalls, [](const Shortfall& s) { return s.log.has_value(); });
  if (parts.if_lost == IfLost::kRefuse || !logs_alone) return LostWrites(directory, check);
  parts.log(
      fmt::format("{}. As engine.lost_writes says, the store goes on without them; what is left of the logs is "
                  "in {}/{}",
                  Describe(check), directory, kLostDirectory));
  INSULA_TRY(GiveUpWhatIsLost(files, directory, check));
  return CheckedPromise{{}, true};
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

struct OpenedDatabase {
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
};

Result<OpenedDatabase> OpenDatabase(const std::string& directory, const rocksdb::Options& options) {
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions(options)},
      {kChangesFamily, ChangesOptions(options)}};
  OpenedDatabase opened;
  const rocksdb::Status status =
      rocksdb::DB::Open(rocksdb::DBOptions(options), directory, families, &opened.handles, &opened.db);
  if (!status.ok()) {
    // A table file that isn't there RocksDB calls by the name that it would have had long ago.
    const Error error = ErrorFrom(status, "opening " + directory);
    return Error(error.code(), boost::algorithm::replace_all_copy(error.message(), ".ldb", ".sst"));
  }
  return opened;
}

// The manifest says of logs that were given up that they must be there. Opening it once without looking forgets that.
Result<void> ForgetTrackedLogs(const std::string& directory, rocksdb::Options options) {
  options.track_and_verify_wals_in_manifest = false;
  INSULA_ASSIGN(const OpenedDatabase opened, OpenDatabase(directory, options));
  for (rocksdb::ColumnFamilyHandle* handle : opened.handles) (void)opened.db->DestroyColumnFamilyHandle(handle);
  const std::unique_ptr<rocksdb::DB> db(opened.db);
  const rocksdb::Status status = db->Close();
  if (!status.ok()) return ErrorFrom(status, "closing " + directory);
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::Open(StoreId id, const std::string& directory, Parts parts) {
  rocksdb::Env* env = parts.options.env;
  Opening opening(parts.disk, env, directory);  // outlives what is opened, should that fail
  auto opened = OpenHeld(id, directory, std::move(parts), &opening);
  if (opened.ok()) {
    opening.Succeed();
    (void)(*opened)->db_->EnableFileDeletions(/*force=*/false);
  } else if (opened.error().code() == ErrorCode::kStorageFull) {
    return NoRoomToOpen(env, directory, opened.error());
  }
  return opened;
}

Result<std::unique_ptr<Store>> Store::OpenHeld(StoreId id, const std::string& directory, Parts parts,
                                               Opening* opening) {
  rocksdb::Env* env = parts.options.env;
  INSULA_ASSIGN(const StoreFormat format, ReadFormat(env, directory));
  const Made made = format.made;
  if (made != Made::kYes && parts.if_missing == IfMissing::kRefuse) {
    return Error(ErrorCode::kNotFound, fmt::format("there is no store in {}", directory));
  }
  if (const Result<void> own = CheckIdentity(directory, format, id, parts.organization); !own.ok()) {
    return Error(own.error().code(),
                 fmt::format("{}. It isn't opened, and nothing in it was changed", own.error().message()));
  }
  const StoreIdentity identity =
      format.identity.value_or(StoreIdentity{id, parts.organization ? *parts.organization : NewOrganization()});
  if (made == Made::kNo) {
    const rocksdb::Status status = env->CreateDirIfMissing(directory);
    if (!status.ok()) return ErrorFrom(status, "making " + directory);
    INSULA_TRY(BeginFormat(env, directory, identity));
  }
  parts.options.create_if_missing = made != Made::kYes;
  parts.options.create_missing_column_families = made != Made::kYes;

  std::unique_ptr<Store> store(new Store());
  store->identity_ = identity;
  store->directory_ = directory;
  store->disk_ = parts.disk;
  std::uint64_t promised_sequence = 0;
  if (parts.disk != nullptr) {
    CheckedPromise checked;
    if (made == Made::kYes) {
      INSULA_ASSIGN(checked, CheckPromise(directory, parts));
    }
    if (checked.gave_up_logs) INSULA_TRY(ForgetTrackedLogs(directory, parts.options));
    promised_sequence = checked.promise.sequence;
    INSULA_ASSIGN(store->witness_,
                  Witness::Begin(*env->GetFileSystem(), directory, std::move(checked.promise), parts.log));
    const MutexLock lock(parts.disk->mutex);
    parts.disk->witnesses[directory] = store->witness_;
  }
  store->damage_ = std::make_shared<FileDamage>(
      [id, on_damage = std::move(parts.on_damage)](FoundDamage found) { on_damage(id, std::move(found)); });
  parts.options.listeners.push_back(store->damage_);
  Result<OpenedDatabase> database = OpenDatabase(directory, parts.options);
  if (!database.ok()) {
    if (database.error().code() == ErrorCode::kStorageFull) opening->FailForWantOfRoom();
    return std::move(database).error();
  }
  OpenedDatabase opened = std::move(database).value();
  store->db_.reset(opened.db);
  store->items_ = opened.handles[0];
  store->changes_ = opened.handles[1];
  const std::uint64_t sequence = store->db_->GetLatestSequenceNumber();
  if (sequence < promised_sequence) {
    return Error(
        ErrorCode::kCorruption,
        fmt::format("{} ends at sequence {}, though writes up to {} were acknowledged: its files are older than "
                    "its {}. None of them was deleted; put back those that belong together",
                    directory, sequence, promised_sequence, kWitnessFile));
  }
  if (made != Made::kYes || !format.identity) INSULA_TRY(FinishFormat(env, directory, identity));
  store->committer_ = std::make_unique<Committer>(
      opened.db, opened.handles[1], store->witness_.get(), parts.commit_pool, parts.clock, parts.committer,
      [id, on_failure = std::move(parts.on_failure)](const rocksdb::Status& failure) { on_failure(id, failure); });
  return store;
}

rocksdb::Status Store::WriteSynced(rocksdb::WriteBatch* batch) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::Status status = db_->Write(synced, batch);
  if (status.ok() && witness_) witness_->Acknowledge(LastSequenceOf(*batch));
  return status;
}

Result<bool> Store::EndCompactions(const std::string& family) {
  rocksdb::ColumnFamilyHandle* const handle = family == kChangesFamily ? changes_ : items_;
  if (db_->GetOptions(handle).disable_auto_compactions) return false;
  const rocksdb::Status status = db_->SetOptions(handle, {{"disable_auto_compactions", "true"}});
  if (!status.ok()) return ErrorFrom(status, "ending compactions of " + directory_);
  compacts_.store(false, std::memory_order_relaxed);
  return true;
}

Store::~Store() {
  committer_.reset();
  if (db_) {
    (void)db_->DestroyColumnFamilyHandle(items_);
    (void)db_->DestroyColumnFamilyHandle(changes_);
    (void)db_->Close();
  }
  if (witness_) {
    const MutexLock lock(disk_->mutex);
    disk_->witnesses.erase(directory_);
  }
}

}  // namespace insula::storage::rocks
