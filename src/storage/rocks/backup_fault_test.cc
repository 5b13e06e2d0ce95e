// What a failing disk, a full one, a crash and damage do to backups and restores: a backup is whole or not there, a
// restore goes on or is refused, and no table is ever changed by either.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "storage/backups.h"
#include "storage/rocks/testing/faulty_disk.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

constexpr int kBackedUpItems = 10;

TableSchema Schema() {
  TableSchema schema = RangeSchema();
  schema.indexes = {MakeIndex(1, "local", {{{"pk", AttributeType::kS}}, {{"l", AttributeType::kN}}}, IndexKind::kLocal),
                    MakeIndex(2, "global", {{{"g", AttributeType::kN}}, {}})};
  return schema;
}

// Large and hard to compress: several chunks.
const std::vector<AttributeMap>& Items() {
  static const std::vector<AttributeMap> items = [] {
    std::vector<AttributeMap> made;
    std::uint32_t state = 1;
    for (int i = 0; i < kBackedUpItems; ++i) {
      std::string value(390'000, '\0');
      for (char& c : value) c = static_cast<char>('a' + (state = state * 1664525 + 1013904223) % 26);
      AttributeMap item{{"pk", S("p" + std::to_string(i / 5))}, {"sk", S(std::to_string(i))}, {"v", S(value)}};
      item.Set("l", N(i));
      if (i % 2 == 0) item.Set("g", N(i % 3));
      made.push_back(std::move(item));
    }
    return made;
  }();
  return items;
}

// Runs the steps of one test on a disk.
class Machine {
 public:
  void Start() { engine_ = Must(disk_.Open(clock_)); }
  void Crash() {
    disk_.faults().Crash(0);
    if (engine_) Must(loop_.Run(engine_->Stop()));
    engine_.reset();
    disk_.ArmNext(nullptr);
  }
  void Stop() {
    Must(loop_.Run(engine_->Stop()));
    engine_.reset();
  }
  void Fill() {
    for (const AttributeMap& item : Items()) Must(loop_.Run(engine_->Write(PutOf(table_, item))));
  }
  Result<BackupStats> Create(std::string id) {
    return loop_.Run(engine_->backups()->Create(table_, std::move(id), std::nullopt));
  }
  Result<BackupStats> Restore(std::string id, const TableRef& into) {
    return loop_.Run(engine_->backups()->Restore(StoreId(0), std::move(id), into, {}));
  }
  Result<BackupStats> Verify(std::string id) {
    return loop_.Run(engine_->backups()->Verify(StoreId(0), std::move(id)));
  }
  std::vector<std::string> Rows(const TableRef& table, std::optional<std::uint16_t> index = std::nullopt) {
    std::vector<std::string> rows;
    PageRequest request{.table = table};
    request.index = index;
    for (;;) {
      Page page = Must(loop_.Run(engine_->ReadPage(request)));
      for (const EncodedItem& item : page.items) rows.push_back(item.bytes());
      if (!page.last_evaluated_key) return rows;
      request.exclusive_start_key = std::move(page.last_evaluated_key);
    }
  }
  void ExpectSame(const TableRef& a, const TableRef& b) {
    EXPECT_EQ(Rows(a), Rows(b));
    EXPECT_EQ(Rows(a, 1), Rows(b, 1));
    EXPECT_EQ(Rows(a, 2), Rows(b, 2));
    EXPECT_EQ(Must(loop_.Run(engine_->Stats(a))).size_bytes, Must(loop_.Run(engine_->Stats(b))).size_bytes);
  }
  // Paths of the backups' files, without those that only mark something.
  std::vector<std::string> Files() {
    std::vector<std::string> files;
    std::vector<std::string> names;
    if (!disk_.files().GetChildren("/disk/backups/0/1", &names).ok()) return files;
    for (const std::string& name : names) {
      if (name != "." && name != "..") files.push_back("/disk/backups/0/1/" + name);
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  Disk disk_;
  ManualClock clock_;
  Loop loop_;
  std::unique_ptr<Engine> engine_;
  const TableRef table_ = MakeTable(1, Schema());
  const TableRef other_ = MakeTable(2, Schema());
};

using Mode = FaultFileSystem::Mode;

class BackupFaults : public ::testing::TestWithParam<Mode> {};

TEST_P(BackupFaults, ABackupIsWholeOrNotThere) {
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("I/O " + std::to_string(nth));
    Machine machine;
    machine.Start();
    machine.Fill();
    machine.disk_.faults().FailAt(nth, GetParam());
    const bool made = machine.Create("b1").ok();
    reached = machine.disk_.faults().failed();
    machine.Crash();

    machine.Start();
    const Result<BackupStats> verified = machine.Verify("b1");
    if (!verified.ok()) {
      EXPECT_EQ(RefusalOf(verified.error()), Refusal::kNoSuchBackup) << verified.error().message();
      EXPECT_FALSE(made);
      EXPECT_TRUE(machine.Files().empty()) << "swept at the start";
    }
    EXPECT_EQ(Must(machine.Create("b1")).items, static_cast<std::uint64_t>(kBackedUpItems));
    Must(machine.Restore("b1", machine.other_));
    machine.ExpectSame(machine.other_, machine.table_);
    machine.Stop();
    if (HasFailure()) return;
  }
}

TEST_P(BackupFaults, ARestoreGoesOnWhereItWas) {
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("I/O " + std::to_string(nth));
    Machine machine;
    machine.Start();
    machine.Fill();
    Must(machine.Create("b1"));
    machine.disk_.faults().FailAt(nth, GetParam());
    const bool restored = machine.Restore("b1", machine.other_).ok();
    reached = machine.disk_.faults().failed();
    machine.Crash();

    machine.Start();
    if (restored) machine.ExpectSame(machine.other_, machine.table_);
    Must(machine.Restore("b1", machine.other_));
    machine.ExpectSame(machine.other_, machine.table_);
    machine.Stop();
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(AtEveryIo, BackupFaults, ::testing::Values(Mode::kOnce, Mode::kForGood));

TEST(BackupOnAFullDisk, FailsAndLeavesNothing) {
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("append " + std::to_string(nth));
    Machine machine;
    machine.Start();
    machine.Fill();
    machine.disk_.faults().FailAt(nth, Mode::kForGood, FaultFileSystem::Kind::kNoSpaceOnAppend);
    const Result<BackupStats> made = machine.Create("b1");
    reached = machine.disk_.faults().failed();
    if (!made.ok()) {
      EXPECT_EQ(made.error().code(), ErrorCode::kStorageFull) << made.error().message();
      EXPECT_TRUE(machine.Files().empty());
    }
    EXPECT_EQ(machine.Verify("b1").ok(), made.ok());
    machine.disk_.faults().FailAt(0, Mode::kOnce);  // room again, which upkeep finds
    Result<BackupStats> again = machine.Create("b1");
    for (int attempt = 0; !again.ok() && attempt < 1000; ++attempt) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      again = machine.Create("b1");
    }
    Must(std::move(again));
    Must(machine.Verify("b1"));
    machine.Stop();
    if (HasFailure()) return;
  }
}

// A store's first row is a write, whatever a restore brings (docs/rocksdb.md).
TEST(RestoreIntoANewStore, GivesItTheBackupsRows) {
  Machine machine;
  machine.Start();
  machine.Fill();
  Must(machine.Create("b1"));
  const TableRef own = MakeTable(1, Schema(), StoreId(5));
  Must(machine.loop_.Run(machine.engine_->CreateTable(AnyTableIn(StoreId(5)))));
  Must(machine.Restore("b1", own));
  machine.ExpectSame(own, machine.table_);
  machine.Stop();
}

TEST(DamagedBackup, IsNamedBeforeAnythingIsRestored) {
  Machine machine;
  machine.Start();
  machine.Fill();
  Must(machine.Create("b1"));
  const std::vector<std::string> files = machine.Files();
  ASSERT_GT(files.size(), 2u) << "a manifest and several chunks";
  rocksdb::Env& env = machine.disk_.files();
  std::uint64_t into = 10;
  for (const std::string& path : files) {
    std::string whole;
    ASSERT_TRUE(rocksdb::ReadFileToString(&env, path, &whole).ok());
    std::vector<std::pair<std::string, std::string>> damages = {
        {"cut", whole.substr(0, whole.size() / 2)}, {"empty", ""}, {"longer", whole + "x"}};
    for (const std::size_t at : {std::size_t{0}, std::size_t{4}, std::size_t{14}, whole.size() / 2, whole.size() - 1}) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
      damages.emplace_back("flipped at " + std::to_string(at), flipped);
    }
    for (const auto& [what, bytes] : damages) {
      SCOPED_TRACE(path + ": " + what);
      ASSERT_TRUE(rocksdb::WriteStringToFile(&env, bytes, path).ok());
      const TableRef target = MakeTable(++into, Schema());
      for (const Result<BackupStats>& result : {machine.Verify("b1"), machine.Restore("b1", target)}) {
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().code(), ErrorCode::kCorruption);
        EXPECT_NE(result.error().message().find(path), std::string::npos) << result.error().message();
      }
      EXPECT_EQ(Must(machine.loop_.Run(machine.engine_->Stats(target))).item_count, 0u);
    }
    ASSERT_TRUE(rocksdb::WriteStringToFile(&env, whole, path).ok());
    Must(machine.Verify("b1"));
  }
  // Damaged while restoring has begun, mended, restored.
  Must(machine.Restore("b1", machine.other_));
  machine.ExpectSame(machine.other_, machine.table_);
  machine.Stop();
}

TEST(Chunks, AreSharedByBackupsOfOneTable) {
  Machine machine;
  machine.Start();
  machine.Fill();
  Must(machine.Create("b1"));
  const std::size_t first = machine.Files().size();
  Must(machine.Create("b2"));
  EXPECT_EQ(machine.Files().size(), first + 1) << "only a manifest: the table hasn't changed";
  Must(machine.loop_.Run(machine.engine_->Write(DeleteOf(machine.table_, Key(S("p0"), S("0"))))));
  Must(machine.Create("b3"));
  const std::size_t third = machine.Files().size();
  EXPECT_GT(third, first + 2);
  EXPECT_LT(third - (first + 2), first - 1) << "chunks of what hasn't changed are there already";
  Must(machine.loop_.Run(machine.engine_->backups()->Delete(StoreId(0), "b1")));
  Must(machine.Verify("b2"));
  Must(machine.Verify("b3"));
  Must(machine.loop_.Run(machine.engine_->backups()->Delete(StoreId(0), "b2")));
  Must(machine.Verify("b3"));
  Must(machine.loop_.Run(machine.engine_->backups()->Delete(StoreId(0), "b3")));
  EXPECT_TRUE(machine.Files().empty());
  machine.Stop();
}

}  // namespace
}  // namespace insula::storage::rocks
