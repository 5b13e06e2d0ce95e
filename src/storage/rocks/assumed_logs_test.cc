// What the engine takes for granted of RocksDB's writes and write-ahead logs, one test each, named after it
// (docs/rocksdb.md).
#include <algorithm>
#include <string>
#include <vector>

#include <rocksdb/write_batch.h>

#include "storage/rocks/testing/assumed_database.h"

namespace insula::storage::rocks {
namespace {

class AssumedLogs : public AssumedDatabase {
 protected:
  // Oldest first, by their names' numbers.
  std::vector<std::string> Logs() {
    std::vector<std::string> names, logs;
    Ok(memory_->GetChildren(kDirectory, &names));
    for (const std::string& name : names) {
      if (name.ends_with(".log")) logs.push_back(std::string(kDirectory) + "/" + name);
    }
    std::sort(logs.begin(), logs.end());
    return logs;
  }
  std::string Contents(const std::string& path) {
    std::string contents;
    Ok(rocksdb::ReadFileToString(memory_.get(), path, &contents));
    return contents;
  }
  void Replace(const std::string& path, const std::string& contents) {
    Ok(rocksdb::WriteStringToFile(memory_.get(), contents, path, /*should_sync=*/true));
  }
  // The whole disk, to go back to.
  std::map<std::string, std::string> Copy() {
    std::map<std::string, std::string> files;
    std::vector<std::string> names;
    Ok(memory_->GetChildren(kDirectory, &names));
    for (const std::string& name : names) {
      if (name == "." || name == ".." || name == "LOCK") continue;
      files[name] = Contents(std::string(kDirectory) + "/" + name);
    }
    return files;
  }
  void GoBackTo(const std::map<std::string, std::string>& files) {
    Close();
    Ok(memory_->CreateDirIfMissing(kDirectory));
    std::vector<std::string> names;
    Ok(memory_->GetChildren(kDirectory, &names));
    for (const std::string& name : names) {
      if (name != "." && name != ".." && name != "LOCK")
        (void)memory_->DeleteFile(std::string(kDirectory) + "/" + name);
    }
    for (const auto& [name, contents] : files) Replace(std::string(kDirectory) + "/" + name, contents);
  }
  static Rows RowsUpTo(int end) {
    Rows rows;
    for (int i = 0; i < end; ++i) rows[Key(i)] = Value(i);
    return rows;
  }
};

// The committer writes what many asked for as one batch, made by joining theirs.
TEST_F(AssumedLogs, BatchesAreJoinedByJoiningTheirRecords) {
  constexpr std::size_t kHeader = 12;
  Open(OptionsOfAStore());
  rocksdb::WriteBatch one, other;
  Ok(one.Put(items_, "a", "1"));
  Ok(one.Put(changes_, "a", "change 1"));
  Ok(other.Delete(items_, "a"));
  Ok(other.Put(items_, "b", "2"));
  std::string joined = one.Data() + other.Data().substr(kHeader);
  const std::uint32_t count = one.Count() + other.Count();
  for (unsigned byte = 0; byte < 4; ++byte) joined[8 + byte] = static_cast<char>(count >> (8 * byte));
  rocksdb::WriteBatch batch(std::move(joined));
  Ok(batch.Put(items_, "c", "3"));  // and it can be added to
  EXPECT_EQ(batch.Count(), 5u);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  Ok(db_->Write(synced, &batch));
  for (const bool reopened : {false, true}) {
    if (reopened) {
      LosePower();
      Open(OptionsOfAStore());
    }
    EXPECT_EQ(All(), (Rows{{"b", "2"}, {"c", "3"}})) << "in the order of the records";
    std::string change;
    Ok(db_->Get({}, changes_, "a", &change));
    EXPECT_EQ(change, "change 1");
    EXPECT_EQ(db_->GetLatestSequenceNumber(), 5u);
  }
}

TEST_F(AssumedLogs, TheLatestSequenceNumberCountsEntriesAndNeverGoesBack) {
  Open(OptionsOfAStore());
  EXPECT_EQ(db_->GetLatestSequenceNumber(), 0u);
  std::uint64_t expected = 0;
  for (int round = 0; round < 4; ++round) {
    rocksdb::WriteBatch batch;
    for (int i = 0; i < 3; ++i) Ok(batch.Put(items_, Key(i), Value(round)));
    Ok(batch.Delete(items_, Key(9)));
    Ok(batch.Put(changes_, Key(round), "change"));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    Ok(db_->Write(synced, &batch));
    expected += 5;
    EXPECT_EQ(db_->GetLatestSequenceNumber(), expected);
    if (round % 2 == 1) Flush();  // a flush takes none
    EXPECT_EQ(db_->GetLatestSequenceNumber(), expected);
    LosePower();
    Open(OptionsOfAStore());
    EXPECT_EQ(db_->GetLatestSequenceNumber(), expected) << "after a restart";
  }
  Ok(db_->DeleteRange({}, items_, Key(0), Key(2)));
  EXPECT_EQ(db_->GetLatestSequenceNumber(), expected + 1) << "a range counts once";
}

TEST_F(AssumedLogs, ASyncedWriteSurvivesALossOfPowerAndWithItAllBeforeIt) {
  Open(OptionsOfAStore());
  PutRows(0, 10);
  // Makes a new log; what isn't synced of the old one is still needed, for the other family.
  Ok(db_->Put({}, changes_, "change", "kept"));
  Flush();
  PutRows(10, 20);
  Put(Key(20), Value(20), /*sync=*/true);
  LosePower();
  Open(OptionsOfAStore());
  EXPECT_EQ(All(), RowsUpTo(21));
  std::string change;
  Ok(db_->Get({}, changes_, "change", &change));
}

TEST_F(AssumedLogs, ALossOfPowerTakesAnEndOfWhatWasNotSyncedAndNoBatchInPart) {
  for (std::size_t torn = 0; torn < 2000; torn += 37) {
    SCOPED_TRACE(torn);
    GoBackTo({});
    Open(OptionsOfAStore());
    Put(Key(0), Value(0), /*sync=*/true);
    for (int i = 1; i < 15; i += 2) {
      rocksdb::WriteBatch batch;
      Ok(batch.Put(items_, Key(i), Value(i)));
      Ok(batch.Put(items_, Key(i + 1), Value(i + 1)));
      Ok(db_->Write({}, &batch));
    }
    LosePower(torn);
    Open(OptionsOfAStore());
    const Rows rows = All();
    EXPECT_EQ(rows, RowsUpTo(static_cast<int>(rows.size())));
    EXPECT_EQ(rows.size() % 2, 1u);
    if (HasFailure()) return;
  }
}

TEST_F(AssumedLogs, ALogCutAnywhereLosesWhatIsBehindTheCutAndNothingElse) {
  Open(OptionsOfAStore());
  for (int i = 0; i < 4; ++i) Put(Key(i), Value(i));
  LosePower();
  const auto disk = Copy();
  ASSERT_EQ(Logs().size(), 1u);
  const std::string log = Logs().front();
  const std::string contents = Contents(log);
  std::size_t before = 0;
  for (std::size_t size = 0; size <= contents.size(); ++size) {
    SCOPED_TRACE(size);
    GoBackTo(disk);
    Replace(log, contents.substr(0, size));
    Open(OptionsOfAStore());
    const Rows rows = All();
    EXPECT_EQ(rows, RowsUpTo(static_cast<int>(rows.size())));
    EXPECT_GE(rows.size(), before);
    before = rows.size();
    if (HasFailure()) return;
  }
  EXPECT_EQ(before, 4u);
}

// Of this mode, a whole record that is damaged is said, the last one, too: also where a loss of power left zeros in it.
// A damaged length that points behind the log's end can't be told from a torn end.
TEST_F(AssumedLogs, NothingBehindDamageIsReplayed) {
  rocksdb::Options options = OptionsOfAStore();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  Open(options);
  for (int i = 0; i < 4; ++i) Put(Key(i), Value(i));
  LosePower();
  const auto disk = Copy();
  const std::string log = Logs().front();
  const std::string contents = Contents(log);
  int refused = 0, cut = 0;
  for (std::size_t at = 0; at < contents.size(); ++at) {
    SCOPED_TRACE(at);
    GoBackTo(disk);
    std::string damaged = contents;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    Replace(log, damaged);
    options.env = sleepless_.get();  // the disk is another one since the power was lost
    const rocksdb::Status status = TryOpen(options);
    if (!status.ok()) {
      EXPECT_TRUE(status.IsCorruption()) << status.ToString();
      ++refused;
      continue;
    }
    const Rows rows = All();
    EXPECT_EQ(rows, RowsUpTo(static_cast<int>(rows.size()))) << "a hole";
    EXPECT_LT(rows.size(), 4u);
    ++cut;
    if (HasFailure()) return;
  }
  EXPECT_GT(refused, 100 * cut);
  EXPECT_LE(cut, 4) << "bytes of the first records' lengths";
}

TEST_F(AssumedLogs, LogsAreReplayedOldestFirst) {
  Open(OptionsOfAStore());
  for (int i = 0; i < 12; ++i) {
    Ok(db_->Put({}, changes_, "last", std::to_string(i)));
    Put(Key(i), Value(i));
    Flush();  // of one family: a new log, while the old one is needed for the other
  }
  EXPECT_GE(Logs().size(), 12u);
  LosePower();
  Open(OptionsOfAStore());
  std::string last;
  Ok(db_->Get({}, changes_, "last", &last));
  EXPECT_EQ(last, "11");
  EXPECT_EQ(All(), RowsUpTo(12));
}

TEST_F(AssumedLogs, AFlushOfOneFamilyKeepsTheOthersPartOfABatch) {
  Open(OptionsOfAStore());
  rocksdb::WriteBatch batch;
  Ok(batch.Put(items_, "item", "1"));
  Ok(batch.Put(changes_, "change", "1"));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  Ok(db_->Write(synced, &batch));
  Flush();
  for (int restart = 0; restart < 3; ++restart) {
    LosePower();
    Open(OptionsOfAStore());
    std::string change;
    Ok(db_->Get({}, changes_, "change", &change));
    EXPECT_EQ(Get("item"), "1");
  }
}

TEST_F(AssumedLogs, AClosedLogThatIsGoneIsMissedAndTheLastOneIsNot) {
  Open(OptionsOfAStore());
  for (int i = 0; i < 3; ++i) {
    Ok(db_->Put({}, changes_, Key(i), "change"));
    Put(Key(i), Value(i));
    if (i < 2) Flush();
  }
  LosePower();
  const auto disk = Copy();
  const std::vector<std::string> logs = Logs();
  ASSERT_GE(logs.size(), 3u);
  for (std::size_t gone = 0; gone < logs.size(); ++gone) {
    for (const bool shorter : {false, true}) {
      SCOPED_TRACE(logs[gone] + (shorter ? " is shorter" : " is gone"));
      GoBackTo(disk);
      if (shorter) {
        const std::string contents = Contents(logs[gone]);
        Replace(logs[gone], contents.substr(0, contents.size() / 2));
      } else {
        Ok(memory_->DeleteFile(logs[gone]));
      }
      const rocksdb::Status status = TryOpen(OptionsOfAStore());
      const bool last = gone + 1 == logs.size();
      EXPECT_EQ(status.ok(), last) << status.ToString();
      EXPECT_EQ(status.IsCorruption(), !last);
      if (status.ok()) {
        EXPECT_EQ(All(), RowsUpTo(2)) << "without a word: the store's witness must tell";
      }
    }
  }
}

TEST_F(AssumedLogs, AWriteThatFailedIsNotSeenAndNoneSucceedsAfterIt) {
  Open(OptionsOfAStore());
  Put(Key(0), Value(0));
  faults_->FailAt(2, FaultFileSystem::Mode::kOnce);  // appended, but not synced
  rocksdb::WriteOptions synced;
  synced.sync = true;
  EXPECT_FALSE(db_->Put(synced, items_, Key(1), Value(1)).ok());
  EXPECT_EQ(Get(Key(1)), "nothing");
  EXPECT_FALSE(db_->Put(synced, items_, Key(2), Value(2)).ok());
  EXPECT_EQ(All(), RowsUpTo(1));
  LosePower();
  Open(OptionsOfAStore());
  EXPECT_EQ(All(), RowsUpTo(1));
}

TEST_F(AssumedLogs, AFlushThatFoundTheDiskFullResumesWithoutLoss) {
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("append " + std::to_string(nth));
    GoBackTo({});
    Open(Guarded());
    for (int i = 0; i < 20; ++i) Put(Key(i), Value(i));
    faults_->FailAt(nth, FaultFileSystem::Mode::kOnce, FaultFileSystem::Kind::kNoSpaceOnAppend);
    (void)db_->Flush({}, items_);
    reached = faults_->failed();
    faults_->FailAt(0, FaultFileSystem::Mode::kOnce);
    EXPECT_EQ(All(), RowsUpTo(20)) << "what was acknowledged is read meanwhile";
    Ok(db_->Resume());
    Put(Key(20), Value(20));
    Flush();
    EXPECT_EQ(All(), RowsUpTo(21));
    LosePower();
    Open(OptionsOfAStore());
    EXPECT_EQ(All(), RowsUpTo(21));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace insula::storage::rocks
