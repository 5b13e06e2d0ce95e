// For tests of what RocksDB promises: a database with a store's options, but with files so small that a few rows make
// levels of them, on a disk whose reads fail and that loses power when it is told to.
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/system_clock.h>
#include <rocksdb/table.h>

#include "base/clock.h"
#include "storage/rocks/stores.h"
#include "storage/rocks/testing/fault_file_system.h"

namespace insula::storage::rocks {

// RocksDB sleeps for a second after a failed flush or compaction; here nobody waits for it.
class SleeplessEnv final : public rocksdb::EnvWrapper {
 public:
  explicit SleeplessEnv(rocksdb::Env* below) : EnvWrapper(below) {
    system_clock_ = std::make_shared<Clock>(below->GetSystemClock());
  }

 private:
  class Clock final : public rocksdb::SystemClockWrapper {
   public:
    using SystemClockWrapper::SystemClockWrapper;
    const char* Name() const override { return "InsulaSleepless"; }
    void SleepForMicroseconds(int) override { std::this_thread::yield(); }
  };
};

class AssumedDatabase : public ::testing::Test {
 protected:
  using Rows = std::map<std::string, std::string>;

  AssumedDatabase() : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())) { NewDisk(); }
  ~AssumedDatabase() override { Close(); }

  // A store's options, straight on the faulty disk.
  rocksdb::Options OptionsOfAStore() const {
    rocksdb::Options options = stores_->OptionsFor(StoreId(0));
    options.env = sleepless_.get();
    options.create_if_missing = options.create_missing_column_families = true;
    return options;
  }
  // The same, with what the engine puts between RocksDB and its files (log_guard.h).
  rocksdb::Options Guarded() const {
    rocksdb::Options options = OptionsOfAStore();
    options.env = guarded_.get();
    return options;
  }
  // Without that, with files of a few rows, which compactions leave where a test put them.
  rocksdb::Options SmallFiles() const {
    rocksdb::Options options = OptionsOfAStore();
    options.target_file_size_base = 2 << 10;
    options.disable_auto_compactions = true;
    auto table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    table.block_size = 512;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    return options;
  }
  // As good as nothing stays in memory: no reader of a file between two reads, hardly a block.
  rocksdb::Options Cold(rocksdb::Options options) const {
    options.max_open_files = 1;  // RocksDB makes it the least it works with
    options.table_cache_numshardbits = 0;
    auto table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    table.block_cache = rocksdb::NewLRUCache(0, /*num_shard_bits=*/0);
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    return options;
  }

  rocksdb::Status TryOpen(const rocksdb::Options& options) {
    Close();
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
        {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions(options)},
        {kChangesFamily, rocksdb::ColumnFamilyOptions(options)}};
    const rocksdb::Status status = rocksdb::DB::Open(rocksdb::DBOptions(options), kDirectory, families, &handles, &db);
    if (!status.ok()) return status;
    db_.reset(db);
    items_ = handles[0];
    changes_ = handles[1];
    return status;
  }
  // Ends the test where it can't.
  void Open(const rocksdb::Options& options) {
    const rocksdb::Status status = TryOpen(options);
    if (!status.ok()) throw std::runtime_error("opening the database: " + status.ToString());
  }
  void Close() {
    if (!db_) return;
    (void)db_->DestroyColumnFamilyHandle(items_);
    (void)db_->DestroyColumnFamilyHandle(changes_);
    (void)db_->Close();
    db_.reset();
  }
  // From here on the nth opening or read of a table file fails, once. 0: none does.
  void FailRead(std::uint64_t nth) {
    faults_->FailAt(nth, FaultFileSystem::Mode::kOnce, FaultFileSystem::Kind::kReadError);
  }
  // What isn't synced is gone, but for `torn_bytes` of each file's tail; then there is power again.
  void LosePower(std::size_t torn_bytes = 0) {
    faults_->Crash(torn_bytes);
    Close();
    NewDisk();
  }

  static std::string Key(int i) {
    char key[16];
    std::snprintf(key, sizeof key, "k%06d", i);
    return key;
  }
  static std::string Value(int i, std::string_view of = "v") {
    return std::string(of) + std::to_string(i) + std::string(100, '.');
  }
  void Put(const std::string& key, const std::string& value, bool sync = true) {
    rocksdb::WriteOptions options;
    options.sync = sync;
    Ok(db_->Put(options, items_, key, value));
  }
  void PutRows(int begin, int end, std::string_view of = "v", int step = 1) {
    for (int i = begin; i < end; i += step) Put(Key(i), Value(i, of), false);
  }
  void Flush() { Ok(db_->Flush({}, items_)); }
  // Everything to the last level, as files in a row.
  void Compact() {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    Ok(db_->CompactRange(options, items_, nullptr, nullptr));
  }
  int FilesAtLevel(int level) {
    std::string text;
    EXPECT_TRUE(
        db_->GetProperty(items_, rocksdb::DB::Properties::kNumFilesAtLevelPrefix + std::to_string(level), &text));
    return std::stoi(text);
  }
  int FilesBelowTheFirstLevel() {
    int files = 0;
    for (int level = 1; level < 7; ++level) files += FilesAtLevel(level);
    return files;
  }
  struct Answer {
    rocksdb::Status status;
    Rows rows;
  };
  Answer Scan(rocksdb::ReadOptions options = {}) {
    Answer answer;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options, items_));
    for (row->SeekToFirst(); row->Valid(); row->Next()) answer.rows[row->key().ToString()] = row->value().ToString();
    answer.status = row->status();
    return answer;
  }
  Rows All(const rocksdb::ReadOptions& options = {}) {
    Answer answer = Scan(options);
    Ok(answer.status);
    return std::move(answer.rows);
  }
  std::string Get(const std::string& key, const rocksdb::ReadOptions& options = {}) {
    std::string value;
    const rocksdb::Status status = db_->Get(options, items_, key, &value);
    return status.ok() ? value : status.IsNotFound() ? "nothing" : status.ToString();
  }
  static void Ok(const rocksdb::Status& status) { EXPECT_TRUE(status.ok()) << status.ToString(); }

  static constexpr char kDirectory[] = "/disk";
  std::unique_ptr<rocksdb::Env> memory_;  // what the disk keeps
  std::shared_ptr<FaultFileSystem> faults_;
  std::unique_ptr<rocksdb::Env> env_;
  ManualClock clock_;
  std::unique_ptr<Stores> stores_;
  std::unique_ptr<rocksdb::Env> sleepless_;
  std::unique_ptr<rocksdb::Env> guarded_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* items_ = nullptr;
  rocksdb::ColumnFamilyHandle* changes_ = nullptr;

 private:
  void NewDisk() {
    stores_.reset();
    faults_ = std::make_shared<FaultFileSystem>(memory_->GetFileSystem());
    env_ = rocksdb::NewCompositeEnv(faults_);
    RocksOptions options;
    options.directory = "/stores";
    options.env = env_.get();
    options.background_bytes_per_second = 0;  // files in memory can't take a limiter
    options.read_threads = options.account_commit_threads = 1;
    options.log = [](std::string_view) {};
    stores_ = std::make_unique<Stores>(std::move(options), clock_);
    sleepless_ = std::make_unique<SleeplessEnv>(env_.get());
    guarded_ = std::make_unique<SleeplessEnv>(stores_->env());
  }
};

}  // namespace insula::storage::rocks
