// What the engine takes for granted of RocksDB's reads, one test each, named after it. Where RocksDB promises less than
// its names suggest, the test holds what it does, so that nobody builds on more; a newer RocksDB that does better fails
// it, and docs/rocksdb.md says what may then be simplified.
#include <functional>
#include <memory>
#include <string>

#include <rocksdb/convenience.h>
#include <rocksdb/snapshot.h>

#include "storage/rocks/testing/assumed_database.h"

namespace insula::storage::rocks {
namespace {

class AssumedReads : public AssumedDatabase {
 protected:
  static constexpr int kRows = 240;

  // Old rows in many files of the last level; every third row newer, in a file of the first; every seventh deleted
  // there.
  Rows Fill() {
    PutRows(0, kRows, "old");
    Flush();
    Compact();
    EXPECT_GE(FilesBelowTheFirstLevel(), 3);
    PutRows(0, kRows, "new", 3);
    for (int i = 0; i < kRows; i += 7) Ok(db_->Delete({}, items_, Key(i)));
    Flush();
    EXPECT_EQ(FilesAtLevel(0), 1);
    return All();
  }
  // Asks with the first look at a table file failing, then the second, and so on until none does.
  void AtEveryLook(const std::function<void()>& ask) {
    bool reached = true;
    for (std::uint64_t nth = 1; reached; ++nth) {
      SCOPED_TRACE("look " + std::to_string(nth));
      FailRead(nth);
      ask();
      reached = failed();
      FailRead(0);
      if (HasFailure()) return;
    }
  }
  void FailRead(std::uint64_t nth) {
    reached_ = false;
    AssumedDatabase::FailRead(nth);
  }
  // Whether a read failed since FailRead.
  bool failed() { return reached_ = reached_ || faults_->failed(); }
  // The disk is well again.
  void Heal() {
    (void)failed();
    AssumedDatabase::FailRead(0);
  }
  static rocksdb::ReadOptions OfMemory() {
    rocksdb::ReadOptions options;
    options.read_tier = rocksdb::kBlockCacheTier;
    return options;
  }

  bool reached_ = false;
};

// Mended in 9.1.0, where it is Incomplete.
TEST_F(AssumedReads, AGetOfTheMemoryTierAnswersWithNothingWhereAFileIsNotOpen) {
  Open(SmallFiles());
  Fill();
  Open(Cold(SmallFiles()));
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db_->Get(OfMemory(), items_, Key(1), &value);
  EXPECT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(value.ToString(), "") << "the row has a value";
  EXPECT_EQ(Get(Key(1)), Value(1, "old"));
}

// Of an index in one part; of one in several, the first stays in memory with the file.
TEST_F(AssumedReads, KeyMayExistSaysThatItFoundAValueWhereTheIndexIsNotInMemory) {
  const auto with_index_in_one_part = [](rocksdb::Options options) {
    auto table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    table.index_type = rocksdb::BlockBasedTableOptions::kBinarySearch;
    table.partition_filters = false;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    return options;
  };
  Open(with_index_in_one_part(SmallFiles()));
  Fill();
  rocksdb::Options options = with_index_in_one_part(Cold(SmallFiles()));
  options.max_open_files = -1;  // every file is open, no block is there
  Open(options);
  std::string value = "untouched";
  bool found = false;
  EXPECT_TRUE(db_->KeyMayExist({}, items_, Key(1), &value, &found));
  EXPECT_TRUE(found);
  EXPECT_EQ(value, "") << "the row has a value";
}

// Mended in 8.7.0.
TEST_F(AssumedReads, AnIteratorOfTheMemoryTierEndsALevelWhereTheNextFileIsNotOpen) {
  Open(SmallFiles());
  PutRows(0, kRows);
  Flush();
  Compact();
  rocksdb::Options options = SmallFiles();
  options.max_open_files = 20;  // of which RocksDB opens two with the database, the others when they are asked for
  ASSERT_GT(FilesBelowTheFirstLevel(), 2);
  Open(options);
  EXPECT_EQ(All().size(), kRows);  // every block is in memory from here on
  Open(options);
  EXPECT_EQ(Get(Key(0)), Value(0));  // opens the first file
  const Answer answer = Scan(OfMemory());
  EXPECT_TRUE(answer.status.ok() && answer.rows.size() < kRows)
      << answer.status.ToString() << " after " << answer.rows.size();
}

TEST_F(AssumedReads, AGetThatFailedGivesNoOlderVersionAndTheNextOneIsRight) {
  Open(SmallFiles());
  const Rows all = Fill();
  for (const int i : {0, 1, 3, 7, kRows - 1, kRows}) {
    SCOPED_TRACE(Key(i));
    const auto row = all.find(Key(i));
    const std::string expected = row == all.end() ? "nothing" : row->second;
    Open(Cold(SmallFiles()));
    AtEveryLook([&] {
      const std::string got = Get(Key(i));
      EXPECT_TRUE(got == expected || (got == "IO error: injected" && failed())) << got;
      Heal();
      EXPECT_EQ(Get(Key(i)), expected);
    });
    if (HasFailure()) return;
  }
}

// Until 8.7.0 it may be a lie that goes unsaid: the iterator goes on without the rest of the level that the file is of.
// So no iterator's word is believed without asking the file system whether a read failed.
TEST_F(AssumedReads, AnIteratorMayHideThatAReadFailed) {
  Open(SmallFiles());
  const Rows all = Fill();
  int hidden = 0;
  Open(Cold(SmallFiles()));
  AtEveryLook([&] {
    const Answer answer = Scan();
    if (answer.status.ok() && failed() && answer.rows != all) ++hidden;
    Heal();
    EXPECT_EQ(All(), all) << "the next one is right";
  });
  EXPECT_GT(hidden, 0);
}

TEST_F(AssumedReads, AnIteratorThatIgnoresRangeDeletionsSaysThatAReadFailed) {
  Open(SmallFiles());
  const Rows all = Fill();
  Open(Cold(SmallFiles()));
  rocksdb::ReadOptions options;
  options.ignore_range_deletions = true;
  AtEveryLook([&] {
    const Answer answer = Scan(options);
    EXPECT_TRUE(answer.status.ok() || failed()) << answer.status.ToString();
    EXPECT_TRUE(!answer.status.ok() || answer.rows == all);
    for (const auto& [key, value] : answer.rows) EXPECT_TRUE(all.contains(key) && all.at(key) == value) << key;
  });
}

TEST_F(AssumedReads, WhatAnIteratorGaveBeforeAReadFailedIsRight) {
  Open(SmallFiles());
  const Rows all = Fill();
  Open(Cold(SmallFiles()));
  for (const bool forward : {true, false}) {
    AtEveryLook([&] {
      const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}, items_));
      Rows before;
      for (forward ? row->SeekToFirst() : row->SeekToLast(); row->Valid() && !failed();
           forward ? row->Next() : row->Prev()) {
        before[row->key().ToString()] = row->value().ToString();
      }
      const std::size_t left = all.size() - before.size();
      EXPECT_EQ(before, forward ? Rows(all.begin(), std::prev(all.end(), static_cast<std::ptrdiff_t>(left)))
                                : Rows(std::next(all.begin(), static_cast<std::ptrdiff_t>(left)), all.end()));
      EXPECT_TRUE(left == 0 || failed());
    });
  }
}

// It may keep what it was told: another must be made.
TEST_F(AssumedReads, AnIteratorThatAReadFailedForIsNotToBeUsedAgain) {
  Open(SmallFiles());
  const Rows all = Fill();
  int kept = 0;
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    Open(Cold(SmallFiles()));
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}, items_));
    FailRead(nth);
    row->SeekToFirst();
    reached = failed();
    Heal();
    Rows rows;
    for (row->SeekToFirst(); row->Valid(); row->Next()) rows[row->key().ToString()] = row->value().ToString();
    if (rows != all) ++kept;
    EXPECT_EQ(All(), all);
  }
  EXPECT_GT(kept, 0);
}

// It costs reads, not answers. A file system that refuses reads for a while must refuse to open files, too, or readers
// like that are left behind.
TEST_F(AssumedReads, AFileWhoseFilterCouldNotBeReadStaysOpenWithoutOne) {
  Open(SmallFiles());
  PutRows(0, kRows);
  Flush();
  Compact();
  rocksdb::Options options = Cold(SmallFiles());
  int without = 0;
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    Open(options);
    FailRead(nth);
    (void)Get(Key(kRows / 2) + "x");  // opens the file, if need be
    reached = failed();
    Heal();
    EXPECT_EQ(Get(Key(kRows / 2) + "x"), "nothing");
    FailRead(1'000'000);  // counts them
    EXPECT_EQ(Get(Key(kRows / 2) + "y"), "nothing");
    without += faults_->count() > 1 ? 1 : 0;  // of the filter alone, or else of index and data
    EXPECT_EQ(Get(Key(kRows / 2)), Value(kRows / 2));
  }
  EXPECT_GT(without, 0);
}

TEST_F(AssumedReads, NeitherAFullBlockCacheNorAFullTableCacheChangesAnAnswer) {
  Open(SmallFiles());
  const Rows all = Fill();
  Open(Cold(SmallFiles()));
  const std::unique_ptr<rocksdb::Iterator> one(db_->NewIterator({}, items_)), other(db_->NewIterator({}, items_));
  // Each pins blocks and a file of its own, with room for neither.
  one->SeekToFirst();
  other->SeekToLast();
  Rows forward, backward;
  while (one->Valid() && other->Valid()) {
    forward[one->key().ToString()] = one->value().ToString();
    backward[other->key().ToString()] = other->value().ToString();
    one->Next();
    other->Prev();
  }
  EXPECT_EQ(forward, all);
  EXPECT_EQ(backward, all);
  for (const auto& [key, value] : all) EXPECT_EQ(Get(key), value);
}

TEST_F(AssumedReads, TheLowerBoundIsInclusiveAndTheUpperOneExclusive) {
  Open(SmallFiles());
  const Rows all = Fill();
  for (const auto& [begin, end] : {std::pair{1, 5}, {30, 31}, {31, 31}, {0, kRows}, {kRows - 1, kRows + 9}}) {
    const std::string lower = Key(begin), upper = Key(end);
    const rocksdb::Slice lower_slice(lower), upper_slice(upper);
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower_slice;
    options.iterate_upper_bound = &upper_slice;
    const Rows expected(all.lower_bound(lower), all.lower_bound(upper));
    EXPECT_EQ(All(options), expected);
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options, items_));
    Rows backward;
    for (row->SeekToLast(); row->Valid(); row->Prev()) backward[row->key().ToString()] = row->value().ToString();
    EXPECT_EQ(backward, expected);
  }
}

class AssumedSnapshots : public AssumedReads {
 protected:
  // Changes and deletes rows in every way the engine does, and rewrites every file.
  void Upset() {
    PutRows(0, kRows, "later", 2);
    for (int i = 1; i < kRows; i += 4) Ok(db_->Delete({}, items_, Key(i)));
    Flush();
    Ok(db_->DeleteRange({}, items_, Key(kRows / 2), Key(kRows)));
    Flush();
    Compact();
  }
};

TEST_F(AssumedSnapshots, ASnapshotSeesItsRowsAcrossDeletionsAndCompactions) {
  Open(SmallFiles());
  const Rows all = Fill();
  rocksdb::ManagedSnapshot snapshot(db_.get());
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  Upset();
  EXPECT_EQ(All(options), all);
  for (const auto& [key, value] : all) EXPECT_EQ(Get(key, options), value);
  EXPECT_NE(All(), all);
}

TEST_F(AssumedSnapshots, AnIteratorSeesWhatThereWasWhenItWasMade) {
  Open(SmallFiles());
  const Rows all = Fill();
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}, items_));
  Upset();
  const std::string begin = Key(0), end = Key(kRows);
  const rocksdb::Slice begin_slice(begin), end_slice(end);
  Ok(rocksdb::DeleteFilesInRange(db_.get(), items_, &begin_slice, &end_slice, false));
  Rows rows;
  for (row->SeekToFirst(); row->Valid(); row->Next()) rows[row->key().ToString()] = row->value().ToString();
  Ok(row->status());
  EXPECT_EQ(rows, all);
}

// Whoever reads with a snapshot must count on it: trimming the change log takes records from a copy of the past.
TEST_F(AssumedSnapshots, DeletingFilesTakesRowsFromSnapshots) {
  Open(SmallFiles());
  PutRows(0, kRows);
  Flush();
  Compact();
  rocksdb::ManagedSnapshot snapshot(db_.get());
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.snapshot();
  const std::string begin = Key(0), end = Key(kRows / 2);
  const rocksdb::Slice begin_slice(begin), end_slice(end);
  Ok(rocksdb::DeleteFilesInRange(db_.get(), items_, &begin_slice, &end_slice, false));
  const Rows rows = All(options);
  EXPECT_LT(rows.size(), kRows);
  // But none outside of the range.
  EXPECT_GE(rows.size(), kRows / 2);
  for (int i = kRows / 2; i < kRows; ++i) EXPECT_TRUE(rows.contains(Key(i)));
}

}  // namespace
}  // namespace insula::storage::rocks
