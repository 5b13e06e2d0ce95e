// What the engine takes for granted of how RocksDB makes, takes in and drops table files, one test each, named after it
// (docs/rocksdb.md).
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <rocksdb/convenience.h>
#include <rocksdb/metadata.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/sst_file_writer.h>

#include "storage/rocks/log_scan.h"
#include "storage/rocks/manifest_tables.h"
#include "storage/rocks/testing/assumed_database.h"

namespace insula::storage::rocks {
namespace {

class AssumedFiles : public AssumedDatabase {
 protected:
  static constexpr int kRows = 240;

  // A file of those rows, ready to be taken in.
  std::string FileOf(const std::string& name, int begin, int end, std::string_view of = "taken") {
    const std::string path = "/" + name;
    const rocksdb::Options options = OptionsOfAStore();
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options);
    rocksdb::Status status = writer.Open(path);
    for (int i = begin; status.ok() && i < end; ++i) status = writer.Put(Key(i), Value(i, of));
    if (status.ok()) status = writer.Finish();
    return status.ok() ? path : "";
  }
  rocksdb::Status Ingest(const std::vector<std::string>& paths) {
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    options.failed_move_fall_back_to_copy = true;
    options.write_global_seqno = false;
    return db_->IngestExternalFile(items_, paths, options);
  }
  // Precondition: nobody has the file open.
  void FlipByte(const std::string& path, std::size_t at) {
    std::string content;
    Ok(rocksdb::ReadFileToString(memory_.get(), path, &content));
    content[at] = static_cast<char>(content[at] ^ 0x41);
    Ok(rocksdb::WriteStringToFile(memory_.get(), content, path));
    flipped_ = at;
  }
  std::size_t flipped_ = 0;

  static Rows RowsOf(int begin, int end, std::string_view of = "taken") {
    Rows rows;
    for (int i = begin; i < end; ++i) rows[Key(i)] = Value(i, of);
    return rows;
  }
};

// Without the guard it isn't so: files that may be in the manifest are deleted where writing it failed.
TEST_F(AssumedFiles, FilesAreTakenInAllOrNoneAndForGood) {
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("I/O " + std::to_string(nth));
    memory_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    LosePower();
    Open(Guarded());
    Put("z", "other");
    const std::string first = FileOf("first.sst", 0, 10), second = FileOf("second.sst", 20, 30);
    faults_->FailAt(nth, FaultFileSystem::Mode::kOnce);
    const bool taken = Ingest({first, second}).ok();
    reached = faults_->failed();
    Rows both = RowsOf(0, 10);
    both.merge(RowsOf(20, 30));
    EXPECT_TRUE(!taken || Get(Key(20)) == Value(20, "taken"));
    LosePower();
    Open(Guarded());
    Rows rows = All();
    EXPECT_EQ(rows["z"], "other");
    rows.erase("z");
    EXPECT_TRUE(rows == both || (rows.empty() && !taken)) << rows.size();
    if (HasFailure()) return;
  }
}

// What store_check.cc compares with the directory.
TEST_F(AssumedFiles, AManifestNamesTheTableFilesAndTheirSizes) {
  Open(SmallFiles());
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(round);
    PutRows(round * 10, round * 10 + 200, "round " + std::to_string(round));
    Ok(db_->Put({}, changes_, Key(round), "change"));
    Flush();
    if (round % 2 == 0) Ok(db_->Flush({}, changes_));
    if (round % 3 == 1) {
      const std::string name = std::to_string(round) + ".sst";
      Ok(Ingest({FileOf(name, 300 + round, 320 + round)}));
    }
    if (round % 4 == 3) Compact();
    if (round == 5) {
      LosePower();
      Open(SmallFiles());  // and with it a new manifest, which begins with all there is
    }
    std::string current;
    Ok(rocksdb::ReadFileToString(memory_.get(), std::string(kDirectory) + "/CURRENT", &current));
    current.pop_back();
    ManifestTables tables;
    ASSERT_TRUE(
        ScanLog(*memory_->GetFileSystem(), std::string(kDirectory) + "/" + current, [&](std::string_view record) {
          tables.Take(record);
        }).ok());
    std::vector<rocksdb::LiveFileMetaData> live;
    db_->GetLiveFilesMetaData(&live);
    std::map<std::uint64_t, std::uint64_t> bytes;
    for (const rocksdb::LiveFileMetaData& file : live) bytes[file.file_number] = file.size;
    EXPECT_TRUE(tables.known());
    EXPECT_EQ(tables.bytes(), bytes);
    EXPECT_FALSE(bytes.empty());
  }
}

TEST_F(AssumedFiles, RowsTakenInAreNotSeenByOlderSnapshotsAndOverrideOlderRows) {
  Open(SmallFiles());
  PutRows(0, 20);
  rocksdb::ManagedSnapshot snapshot(db_.get());
  rocksdb::ReadOptions before;
  before.snapshot = snapshot.snapshot();
  Ok(Ingest({FileOf("some.sst", 10, 30)}));
  Rows rows = RowsOf(0, 10, "v");
  rows.merge(RowsOf(10, 30));
  EXPECT_EQ(All(), rows);
  EXPECT_EQ(All(before), RowsOf(0, 20, "v"));
  Compact();
  EXPECT_EQ(All(), rows);
  EXPECT_EQ(All(before), RowsOf(0, 20, "v"));
}

// Ordering files of level 0 among memtables had faults until 7.10.0, of which files below it know nothing.
TEST_F(AssumedFiles, FilesOfRangesNobodyWritesToGoBelowLevelZero) {
  Open(SmallFiles());
  PutRows(0, 20);
  Flush();
  PutRows(0, 20, "again");
  rocksdb::ManagedSnapshot snapshot(db_.get());
  Ok(Ingest({FileOf("one.sst", 100, 120), FileOf("two.sst", 120, 140)}));
  EXPECT_EQ(FilesAtLevel(0), 1);
  EXPECT_EQ(FilesBelowTheFirstLevel(), 2);
}

// Mended in 9.10.0. So nothing is taken in by a store that was never written to.
TEST_F(AssumedFiles, ACompactionDropsRowsTakenInBeforeAnyWriteUnderASnapshotOfThen) {
  for (const bool written : {false, true}) {
    memory_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    LosePower();
    Open(SmallFiles());
    if (written) Put("a", "first");
    Ok(Ingest({FileOf("rows.sst", 0, 10)}));
    EXPECT_EQ(db_->GetLatestSequenceNumber(), written ? 1u : 0u) << "taking in takes no number";
    rocksdb::ManagedSnapshot snapshot(db_.get());
    Compact();
    Rows rows = All();
    rows.erase("a");
    EXPECT_EQ(rows == RowsOf(0, 10), written) << rows.size();
  }
}

// With ranges deleted and without: a level's files are read one after the other, and the end of one isn't the end of
// all.
TEST_F(AssumedFiles, ACompactionThatCouldNotReadAFileLosesNothing) {
  for (const bool ranges : {false, true}) {
    bool reached = true;
    for (std::uint64_t nth = 1; reached; nth += 1 + nth / 8) {
      SCOPED_TRACE((ranges ? "with ranges, look " : "look ") + std::to_string(nth));
      memory_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
      LosePower();
      Open(SmallFiles());
      PutRows(0, kRows, "old");
      Flush();
      Compact();
      PutRows(0, kRows, "new", 3);
      for (int i = 0; i < kRows; i += 7) Ok(db_->Delete({}, items_, Key(i)));
      if (ranges) Ok(db_->DeleteRange({}, items_, Key(50), Key(120)));
      Flush();
      const Rows all = All();
      Open(Cold(SmallFiles()));
      FailRead(nth);
      rocksdb::CompactRangeOptions options;
      options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
      const rocksdb::Status status = db_->CompactRange(options, items_, nullptr, nullptr);
      reached = faults_->failed();
      FailRead(0);
      EXPECT_TRUE(status.ok() || reached) << status.ToString();
      Open(Cold(SmallFiles()));
      EXPECT_EQ(All(), all) << status.ToString();
      if (HasFailure()) return;
    }
  }
}

// Whatever byte of a file has changed: what a compaction makes of it is right, or it says that it couldn't.
TEST_F(AssumedFiles, ACompactionThatMeetsADamagedBlockLosesNothing) {
  int refused = 0;
  for (std::size_t at = 0, end = 1; at < end; at += 487) {
    SCOPED_TRACE("byte " + std::to_string(at));
    memory_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    LosePower();
    Open(SmallFiles());
    PutRows(0, kRows, "old");
    Flush();
    Compact();
    PutRows(0, kRows, "new", 3);
    for (int i = 0; i < kRows; i += 7) Ok(db_->Delete({}, items_, Key(i)));
    Flush();
    const Rows all = All();
    std::vector<rocksdb::LiveFileMetaData> files;
    db_->GetLiveFilesMetaData(&files);
    Close();
    // As if they were one behind the other.
    end = 0;
    std::string damaged;
    for (const auto& file : files) {
      if (at >= end && at < end + file.size) {
        damaged = kDirectory + file.name;
        FlipByte(damaged, at - end);
      }
      end += file.size;
    }
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    rocksdb::Status status = TryOpen(Cold(SmallFiles()));  // reads the indexes of the first files
    if (status.ok()) {
      status = db_->CompactRange(options, items_, nullptr, nullptr);
      refused += status.ok() ? 0 : 1;
    }
    if (!status.ok()) {
      EXPECT_TRUE(status.IsCorruption()) << status.ToString();
      Close();
      FlipByte(damaged, flipped_);  // mended
    }
    Open(Cold(SmallFiles()));
    EXPECT_EQ(All(), all) << status.ToString();
    if (HasFailure()) return;
  }
  EXPECT_GT(refused, 10) << "hardly a block was read";
}

// So files may pile up: writes are neither slowed down nor stopped for their number.
TEST_F(AssumedFiles, WithoutCompactionsWritesAreNotHeldBack) {
  rocksdb::Options options = SmallFiles();
  options.disable_auto_compactions = false;
  options.level0_file_num_compaction_trigger = 1'000;  // none, while the limits count
  options.level0_slowdown_writes_trigger = 2;
  options.level0_stop_writes_trigger = 3;
  Open(options);
  Ok(db_->SetOptions(items_, {{"disable_auto_compactions", "true"}}));
  for (int i = 0; i < 20; ++i) {
    PutRows(i, i + 1);
    Flush();
  }
  EXPECT_EQ(FilesAtLevel(0), 20);
  std::uint64_t delayed = 1, stopped = 1;
  EXPECT_TRUE(db_->GetIntProperty(rocksdb::DB::Properties::kActualDelayedWriteRate, &delayed));
  EXPECT_TRUE(db_->GetIntProperty(rocksdb::DB::Properties::kIsWriteStopped, &stopped));
  EXPECT_EQ(delayed, 0u);
  EXPECT_EQ(stopped, 0u);
  EXPECT_EQ(All(), RowsOf(0, 20, "v"));
}

TEST_F(AssumedFiles, DeletedRangesEndBeforeTheirEnd) {
  Open(SmallFiles());
  PutRows(0, kRows);
  Flush();
  Compact();
  const std::string begin = Key(20), end = Key(200);
  const rocksdb::Slice begin_slice(begin), end_slice(end);
  Rows kept = RowsOf(0, 20, "v");
  kept.merge(RowsOf(200, kRows, "v"));
  Ok(rocksdb::DeleteFilesInRange(db_.get(), items_, &begin_slice, &end_slice, false));
  const Rows rows = All();
  for (const auto& [key, value] : kept) EXPECT_TRUE(rows.contains(key)) << key;
  Ok(db_->DeleteRange({}, items_, begin, end));
  EXPECT_EQ(All(), kept);
  Flush();
  EXPECT_EQ(All(), kept);
  Open(SmallFiles());
  EXPECT_EQ(All(), kept);
  Compact();
  EXPECT_EQ(All(), kept);
}

// Deleted files come back neither by a crash nor by what was below them.
TEST_F(AssumedFiles, ADeletedRangeStaysDeletedAfterALossOfPower) {
  Open(SmallFiles());
  PutRows(0, kRows, "older");
  Flush();
  Compact();
  PutRows(0, kRows);
  Flush();
  const std::string begin = Key(20), end = Key(200);
  const rocksdb::Slice begin_slice(begin), end_slice(end);
  Ok(rocksdb::DeleteFilesInRange(db_.get(), items_, &begin_slice, &end_slice, false));
  Ok(db_->DeleteRange({}, items_, begin, end));
  Flush();
  Put("z", "synced");
  LosePower();
  Open(SmallFiles());
  Rows kept = RowsOf(0, 20, "v");
  kept.merge(RowsOf(200, kRows, "v"));
  kept["z"] = "synced";
  EXPECT_EQ(All(), kept);
}

}  // namespace
}  // namespace insula::storage::rocks
