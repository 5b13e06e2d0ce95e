// A table file that is damaged, or can't be read: its store serves all else. Writes go on where only a compaction is
// concerned, and what was acknowledged is there in any case; the program isn't ended, and the operator is told.
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/mutex.h"
#include "storage/rocks/file_damage.h"
#include "storage/rocks/testing/faulty_disk.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary
using Reason = rocksdb::BackgroundErrorReason;
using Mode = FaultFileSystem::Mode;

constexpr int kItemsToDamage = 300;

class DamagedFiles : public ::testing::TestWithParam<StoreId> {
 protected:
  DamagedFiles() {
    disk_.Tune([this](RocksOptions& options) {
      options.log = [this](std::string_view line) {
        const MutexLock lock(mutex_);
        said_ += std::string(line) + "\n";
      };
    });
    engine_ = Must(disk_.Open(clock_));
    Must(loop_.Run(engine_->CreateTable(AnyTableIn(GetParam()))));
  }
  ~DamagedFiles() override {
    if (engine_) Must(loop_.Run(engine_->Stop()));
  }

  void Restart() {
    Must(loop_.Run(engine_->Stop()));
    engine_.reset();
    {
      const MutexLock lock(mutex_);
      said_.clear();
    }
    engine_ = Must(disk_.Open(clock_));
  }
  std::string said() {
    const MutexLock lock(mutex_);
    return said_;
  }
  bool Says(std::string_view what) { return said().find(what) != std::string::npos; }

  static TableRef Table() { return MakeTable(1, HashSchema(), GetParam()); }
  // Puts item `i` in this version, and keeps in mind what was acknowledged.
  bool PutItem(int i, int version) {
    const std::string name = "key-" + std::to_string(i);
    const auto put = PutOf(Table(), {{"pk", S(name)}, {"version", N(version)}, {"v", S(std::string(1'500, 'v'))}});
    const bool ok = loop_.Run(engine_->Write(put)).ok();
    if (ok) acknowledged_[name] = version;
    return ok;
  }
  void PutAll(int version) {
    for (int i = 0; i < kItemsToDamage; ++i) ASSERT_TRUE(PutItem(i, version)) << i;
  }
  // Each item is as it was acknowledged, or can't be read: how many of them can't.
  int Unreadable() {
    int unreadable = 0;
    for (const auto& [name, version] : acknowledged_) {
      const auto item = loop_.Run(engine_->Get(GetOf(Table(), Key(S(name)))));
      if (!item.ok()) {
        ++unreadable;
        continue;
      }
      EXPECT_TRUE(*item) << name;
      if (*item) {
        EXPECT_EQ((*item)->Decode().Find("version")->As<Number>()->ToString(), std::to_string(version)) << name;
      }
    }
    return unreadable;
  }
  std::string Directory() const {
    return GetParam() == StoreId(0) ? "/disk/shared" : "/disk/accounts/" + std::to_string(GetParam().value());
  }
  // One byte of the middle of the store's largest table file. The same once more mends it. Precondition: it is closed.
  std::string Flip(std::string path = "") {
    std::vector<std::string> files;
    EXPECT_TRUE(disk_.files().GetChildren(Directory(), &files).ok());
    std::uint64_t largest = 0;
    for (const std::string& file : files) {
      std::uint64_t bytes = 0;
      if (!file.ends_with(".sst") || !path.empty()) continue;
      EXPECT_TRUE(disk_.files().GetFileSize(Directory() + "/" + file, &bytes).ok());
      if (bytes > largest) {
        largest = bytes;
        path_ = Directory() + "/" + file;
      }
    }
    if (!path.empty()) path_ = path;
    std::string content;
    EXPECT_TRUE(rocksdb::ReadFileToString(&disk_.files(), path_, &content).ok());
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x41);
    EXPECT_TRUE(rocksdb::WriteStringToFile(&disk_.files(), content, path_).ok());
    return path_;
  }

  Disk disk_;
  ManualClock clock_;
  Loop loop_;
  Mutex mutex_;
  std::string said_ INSULA_GUARDED_BY(mutex_);
  std::unique_ptr<Engine> engine_;
  std::map<std::string, int> acknowledged_;
  std::string path_;
};

TEST_P(DamagedFiles, WritesGoOnPastACompactionThatMeetsDamageStartAfterStart) {
  PutAll(0);
  PutAll(1);
  Must(loop_.Run(engine_->Stop()));
  engine_.reset();
  const std::string damaged = Flip();
  engine_ = Must(disk_.Open(clock_));
  int version = 2;
  for (int start = 0; start < 2; ++start) {
    SCOPED_TRACE("start " + std::to_string(start));
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::set<int> refused;
    // In the range of the damaged file, though the items are others.
    const auto put_other = [&](int i) {
      if (!PutItem(kItemsToDamage + i % kItemsToDamage, version)) refused.insert(i % kItemsToDamage);
    };
    for (int i = 0; !Says("is damaged"); ++i) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "no compaction met it";
      put_other(i);
    }
    EXPECT_TRUE(Says(damaged)) << said();
    ++version;
    // Many more files than there may be where they are compacted.
    for (int i = 0; i < 10 * kItemsToDamage; ++i) put_other(i);
    // A filter may send the writer of an item that isn't there into the damaged block, each time: then it is refused.
    EXPECT_LT(refused.size(), std::size_t{kItemsToDamage / 20}) << said();
    EXPECT_FALSE(disk_.fatal());
    EXPECT_GT(Unreadable(), 0);
    EXPECT_LT(Unreadable(), kItemsToDamage / 2);
    const std::string told = said();
    EXPECT_EQ(told.find("is damaged"), told.rfind("is damaged")) << "it is told once: " << told;
    ++version;
    Restart();
  }
  Must(loop_.Run(engine_->Stop()));
  engine_.reset();
  Flip(damaged);
  engine_ = Must(disk_.Open(clock_));
  EXPECT_EQ(Unreadable(), 0);
}

TEST_P(DamagedFiles, AFileThatCannotBeReadStopsWritesAlone) {
  PutAll(0);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (int i = 0; !Says("takes no more writes"); ++i) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << "no compaction met it";
    // Whoever reads next: a client or a compaction.
    if (i % 10 == 0) disk_.faults().FailAt(1, Mode::kOnce, FaultFileSystem::Kind::kReadError);
    (void)PutItem(i % kItemsToDamage, 1);
  }
  disk_.faults().FailAt(0, Mode::kOnce);
  EXPECT_FALSE(disk_.fatal());
  EXPECT_FALSE(PutItem(0, 2));
  EXPECT_EQ(engine_->CheckWritable().ok(), GetParam() != StoreId(0));  // an account's own store is its own matter
  EXPECT_EQ(Unreadable(), 0);
  Restart();
  EXPECT_EQ(Unreadable(), 0);
  EXPECT_TRUE(PutItem(0, 2));
}

TEST_P(DamagedFiles, FailedSyncsStillEndIt) {
  PutAll(0);
  disk_.faults().FailAt(1, Mode::kForGood);
  EXPECT_FALSE(PutItem(0, 1));
  EXPECT_EQ(disk_.fatal(), GetParam() == StoreId(0));
  disk_.faults().FailAt(0, Mode::kOnce);
}

INSTANTIATE_TEST_SUITE_P(Stores, DamagedFiles, ::testing::Values(StoreId(0), StoreId(5)),
                         [](const auto& store) { return store.param == StoreId(0) ? "Shared" : "Account"; });

// What the background work of one that flushes finds can't be passed over: its rows are in memory alone, and in the
// log.
TEST(FileDamage, OnlyCompactionsArePassedOver) {
  std::vector<FoundDamage> found;
  const auto corruption = rocksdb::Status::Corruption("block checksum mismatch in /a/000001.sst");
  const auto after = [&](FileDamage& damage, Reason reason, rocksdb::Status status) {
    damage.OnBackgroundError(reason, &status);
    return status.ok();
  };
  const auto note = [&](FoundDamage one) { found.push_back(std::move(one)); };
  FileDamage damage(note);
  rocksdb::CompactionJobInfo compaction;
  compaction.cf_name = "changes";
  compaction.status = corruption;
  damage.OnCompactionCompleted(nullptr, compaction);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].family, "changes");
  EXPECT_TRUE(after(damage, Reason::kCompaction, corruption));
  EXPECT_FALSE(damage.log_is_whole()) << "nothing has failed";
  EXPECT_FALSE(after(damage, Reason::kFlush, corruption));
  EXPECT_TRUE(damage.log_is_whole());

  compaction.status = rocksdb::Status::Corruption("bad block");
  compaction.input_files = {"/a/000002.sst", "/a/000003.sst"};
  damage.OnCompactionCompleted(nullptr, compaction);
  EXPECT_NE(found[1].what.find("in /a/000002.sst in /a/000003.sst"), std::string::npos) << found[1].what;

  FileDamage log(note);
  EXPECT_FALSE(after(log, Reason::kWriteCallback, rocksdb::Status::IOError("sync")));
  EXPECT_FALSE(after(log, Reason::kFlush, corruption));
  EXPECT_FALSE(log.log_is_whole()) << "the log failed first";
  FileDamage full(note);
  EXPECT_FALSE(after(full, Reason::kFlush, rocksdb::Status::NoSpace("full")));
  EXPECT_FALSE(full.log_is_whole());
}

}  // namespace
}  // namespace insula::storage::rocks
