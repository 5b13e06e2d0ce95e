// What a failing disk and a crash leave behind. For every I/O a fixed workload makes: that one fails, once or for good;
// the engine is brought down as if the power had gone; a new one opens what the disk kept. Every acknowledged write
// must be there, whole with its index entries, counters and change records; the one write that was under way may be
// there, whole, or not at all.
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "storage/expiry.h"
#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/store_check.h"
#include "storage/rocks/testing/faulty_disk.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

using ItemsByKey = std::map<std::string, AttributeMap>;

TableRef TableInStore(StoreId store) {
  TableSchema schema;
  schema.key.hash = {{"pk", AttributeType::kS}};
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kN}}, {}})};
  schema.log_changes = true;
  schema.ttl_attribute = "i";
  return MakeTable(1, schema, store);
}

// The i-th step: what to send and what it makes of the items.
struct Step {
  std::vector<WriteRequest> writes;
  ItemsByKey after;
};
Step StepOf(const TableRef& table, int i, ItemsByKey items) {
  std::mt19937 random(static_cast<unsigned>(i));
  auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  Step step;
  const int writes = i % 4 == 3 ? 3 : 1;
  for (int w = 0; w < writes; ++w) {
    const std::string pk = std::to_string((below(5) * 3 + w) % 15);
    bool again = false;  // one item once per transaction
    for (const WriteRequest& write : step.writes) again = again || write.key == Key(S(pk));
    if (again) continue;
    if (below(4) == 0) {
      step.writes.push_back(DeleteOf(table, Key(S(pk))));
      items.erase(pk);
    } else {
      AttributeMap item{{"pk", S(pk)}, {"i", N(i)}, {"v", S(std::string(1500, 'v'))}};
      if (below(2) == 0) item.Set("g", N(below(3)));
      step.writes.push_back(PutOf(table, item));
      items[pk] = item;
    }
  }
  step.after = std::move(items);
  return step;
}
constexpr int kSteps = 24;

Result<void> Send(Loop* loop, Engine* engine, const Step& step) {
  if (step.writes.size() == 1) {
    Result<WriteOutcome> outcome = loop->Run(engine->Write(step.writes.front()));
    if (!outcome.ok()) return std::move(outcome).error();
    return {};
  }
  TransactWriteRequest request;
  request.writes = step.writes;
  Result<TransactWriteOutcome> outcome = loop->Run(engine->TransactWrite(std::move(request)));
  if (!outcome.ok()) return std::move(outcome).error();
  return {};
}

// What the engine holds; fails the test if its parts disagree.
ItemsByKey Contents(Loop* loop, Engine* engine, const TableRef& table) {
  ItemsByKey items, indexed, entries;
  std::uint64_t bytes = 0;
  for (const EncodedItem& item : Must(loop->Run(engine->ReadPage(PageRequest{.table = table}))).items) {
    const AttributeMap tree = item.Decode();
    items[*tree.Find("pk")->As<std::string>()] = tree;
    if (tree.Find("g")) indexed[*tree.Find("pk")->As<std::string>()] = tree;
    bytes += item.size();
  }
  PageRequest of_index{.table = table};
  of_index.index = 1;
  for (const EncodedItem& item : Must(loop->Run(engine->ReadPage(of_index))).items) {
    const AttributeMap tree = item.Decode();
    entries[*tree.Find("pk")->As<std::string>()] = tree;
  }
  EXPECT_EQ(entries, indexed) << "the index disagrees with the table";
  const TableStats stats = Must(loop->Run(engine->Stats(table)));
  EXPECT_EQ(stats.item_count, items.size());
  EXPECT_EQ(stats.size_bytes, bytes);
  EXPECT_EQ(stats.indexes.at(0).item_count, indexed.size());
  return items;
}

struct Outcome {
  bool failed = false;  // the fault was reached
  ItemsByKey acknowledged;
  ItemsByKey maybe;  // if the write under way got through
};

// Opens, runs the workload until something fails, crashes.
Outcome RunUntilFailure(Disk* disk, StoreId store, std::size_t torn_bytes) {
  const TableRef table = TableInStore(store);
  ManualClock clock;
  Loop loop;
  Outcome outcome;
  Result<std::unique_ptr<Engine>> opened = disk->Open(clock);
  if (opened.ok()) {
    Engine* engine = opened->get();
    bool ready = loop.Run(engine->CreateTable(AnyTableIn(store))).ok();
    for (int i = 0; ready && i < kSteps; ++i) {
      const Step step = StepOf(table, i, outcome.acknowledged);
      outcome.maybe = step.after;
      if (!Send(&loop, engine, step).ok()) break;
      outcome.acknowledged = step.after;
    }
  }
  outcome.failed = disk->faults().failed();
  disk->faults().Crash(torn_bytes);
  if (opened.ok()) Must(loop.Run((*opened)->Stop()));
  return outcome;
}

class Crash : public ::testing::TestWithParam<std::tuple<FaultFileSystem::Mode, std::uint32_t>> {};

TEST_P(Crash, NothingAcknowledgedIsLost) {
  const auto [mode, store_number] = GetParam();
  const StoreId store(store_number);
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("I/O " + std::to_string(nth));
    Disk disk;
    const FaultFileSystem::Mode failure = mode;  // a structured binding can't be captured everywhere
    disk.ArmNext([nth, failure](FaultFileSystem& faults) { faults.FailAt(nth, failure); });
    const Outcome outcome = RunUntilFailure(&disk, store, nth % 5 * 300);
    reached = outcome.failed;

    disk.ArmNext(nullptr);
    ManualClock clock;
    Loop loop;
    std::unique_ptr<Engine> engine = Must(disk.Open(clock));
    Must(loop.Run(engine->CreateTable(AnyTableIn(store))));
    const TableRef table = TableInStore(store);
    const ItemsByKey found = Contents(&loop, engine.get(), table);
    EXPECT_TRUE(found == outcome.acknowledged || found == outcome.maybe)
        << found.size() << " items found, " << outcome.acknowledged.size() << " acknowledged";
    // When each expires is known, too: all by now.
    const WallTime now{std::chrono::seconds(kSteps)};
    EXPECT_EQ(Must(loop.Run(engine->expiry()->DeleteDue(table, now, 1000))).items, found.size());
    EXPECT_TRUE(Contents(&loop, engine.get(), table).empty());
    // And it takes writes again.
    Must(loop.Run(engine->Write(PutOf(table, {{"pk", S("after")}}))));
    Must(loop.Run(engine->Stop()));
    if (HasFailure()) return;
  }
}

// A start replays logs, writes what they held to files and begins a new manifest.
TEST_P(Crash, AStartThatFailedAtAnyIoDoesNoHarm) {
  const auto [mode, store_number] = GetParam();
  const StoreId store(store_number);
  const TableRef table = TableInStore(store);
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("I/O " + std::to_string(nth));
    Disk disk;
    const Outcome before = RunUntilFailure(&disk, store, 0);
    ASSERT_FALSE(before.failed);
    const FaultFileSystem::Mode failure = mode;
    disk.ArmNext([nth, failure](FaultFileSystem& faults) { faults.FailAt(nth, failure); });
    ManualClock clock;
    Loop loop;
    {
      Result<std::unique_ptr<Engine>> opened = disk.Open(clock);
      if (opened.ok()) (void)loop.Run((*opened)->CreateTable(AnyTableIn(store)));
      reached = disk.faults().failed();
      disk.faults().Crash(0);
      if (opened.ok()) Must(loop.Run((*opened)->Stop()));
    }
    disk.ArmNext(nullptr);
    std::unique_ptr<Engine> engine = Must(disk.Open(clock));
    Must(loop.Run(engine->CreateTable(AnyTableIn(store))));
    EXPECT_EQ(Contents(&loop, engine.get(), table), before.acknowledged);
    Must(loop.Run(engine->Stop()));
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(AtEveryIo, Crash,
                         ::testing::Combine(::testing::Values(FaultFileSystem::Mode::kOnce,
                                                              FaultFileSystem::Mode::kForGood),
                                            ::testing::Values(0u, 5u)));

TEST(FullDisk, WritesResumeWhenThereIsRoomAndRefusedOnesAreNotSeen) {
  bool reached = true;
  for (std::uint64_t nth = 1; reached; nth += 7) {
    SCOPED_TRACE("append " + std::to_string(nth));
    Disk disk;
    const TableRef table = TableInStore(StoreId(0));
    ManualClock clock;
    Loop loop;
    std::unique_ptr<Engine> engine = Must(disk.Open(clock));
    disk.faults().FailAt(nth, FaultFileSystem::Mode::kOnce, FaultFileSystem::Kind::kNoSpaceOnAppend);
    ItemsByKey items;
    for (int i = 0; i < kSteps; ++i) {
      const Step step = StepOf(table, i, items);
      // Refused until upkeep has found room.
      for (int attempt = 0;; ++attempt) {
        const Result<void> sent = Send(&loop, engine.get(), step);
        if (sent.ok()) break;
        ASSERT_EQ(sent.error().code(), ErrorCode::kStorageFull) << sent.error().message();
        ASSERT_LT(attempt, 5000);
        EXPECT_EQ(Contents(&loop, engine.get(), table), items);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      items = step.after;
    }
    EXPECT_FALSE(disk.fatal());
    EXPECT_EQ(Contents(&loop, engine.get(), table), items);
    reached = disk.faults().failed();
    disk.faults().Crash(0);
    Must(loop.Run(engine->Stop()));
    engine.reset();
    engine = Must(disk.Open(clock));
    EXPECT_EQ(Contents(&loop, engine.get(), table), items);
    Must(loop.Run(engine->Stop()));
    if (HasFailure()) return;
  }
}

// The files that hold data.
std::set<std::string> DataFiles(Disk* disk, StoreId store) {
  std::vector<std::string> names;
  (void)disk->files().GetChildren(StoreDirectory("/disk", store), &names);
  std::set<std::string> data;
  for (const std::string& name : names) {
    if (name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST-")) data.insert(name);
  }
  return data;
}

class FullDiskAtTheStart : public ::testing::TestWithParam<std::uint32_t> {};

// It neither waits nor ends the process, whichever append is the first that finds no room; nor does it take room that
// it doesn't give back, so that the next one needs no more.
TEST_P(FullDiskAtTheStart, IsSaidAndAllIsAsItWas) {
  const StoreId store(GetParam());
  const TableRef table = TableInStore(store);
  int refused = 0;
  bool reached = true;
  for (std::uint64_t nth = 1; reached; ++nth) {
    SCOPED_TRACE("append " + std::to_string(nth));
    Disk disk;
    const Outcome before = RunUntilFailure(&disk, store, 0);
    const std::set<std::string> files = DataFiles(&disk, store);
    disk.ArmNext([nth](FaultFileSystem& faults) {
      faults.FailAt(nth, FaultFileSystem::Mode::kForGood, FaultFileSystem::Kind::kNoSpaceOnAppend);
    });
    ManualClock clock;
    Loop loop;
    {
      Result<std::unique_ptr<Engine>> opened = disk.Open(clock);
      const Result<void> open =
          !opened.ok() ? Result<void>(opened.error()) : loop.Run((*opened)->CreateTable(AnyTableIn(store)));
      reached = disk.faults().failed();
      if (!open.ok()) {
        EXPECT_EQ(open.error().code(), ErrorCode::kStorageFull) << open.error().message();
        EXPECT_NE(open.error().message().find("bytes of room"), std::string::npos) << open.error().message();
        ++refused;
      }
      disk.faults().Crash(0);
      if (opened.ok()) Must(loop.Run((*opened)->Stop()));
      if (!open.ok()) {
        EXPECT_EQ(DataFiles(&disk, store), files);
      }
    }
    disk.ArmNext(nullptr);
    std::unique_ptr<Engine> engine = Must(disk.Open(clock));
    Must(loop.Run(engine->CreateTable(AnyTableIn(store))));
    EXPECT_EQ(Contents(&loop, engine.get(), table), before.acknowledged);
    Must(loop.Run(engine->Stop()));
    if (HasFailure()) return;
  }
  EXPECT_GT(refused, 3);
}

INSTANTIATE_TEST_SUITE_P(Stores, FullDiskAtTheStart, ::testing::Values(0u, 5u));

// The shared store's failure is everybody's: whoever runs the server must hear of it. An account's is its own.
TEST(FailedSync, FencesTheStoreItHappenedIn) {
  Disk disk;
  ManualClock clock;
  Loop loop;
  std::unique_ptr<Engine> engine = Must(disk.Open(clock));
  const TableRef shared = TableInStore(StoreId(0));
  const TableRef own = TableInStore(StoreId(5));
  Must(loop.Run(engine->CreateTable(AnyTableIn(StoreId(5)))));
  Must(loop.Run(engine->Write(PutOf(shared, {{"pk", S("a")}}))));
  Must(loop.Run(engine->Write(PutOf(own, {{"pk", S("a")}}))));
  disk.faults().FailAt(1, FaultFileSystem::Mode::kOnce);
  EXPECT_FALSE(loop.Run(engine->Write(PutOf(own, {{"pk", S("b")}}))).ok());
  Result<WriteOutcome> fenced = loop.Run(engine->Write(PutOf(own, {{"pk", S("c")}})));
  ASSERT_FALSE(fenced.ok());
  EXPECT_EQ(fenced.error().code(), ErrorCode::kInternalServerError);
  EXPECT_TRUE(Must(loop.Run(engine->Get(GetOf(own, Key(S("a")))))));  // reads go on
  Must(loop.Run(engine->Write(PutOf(shared, {{"pk", S("b")}}))));
  EXPECT_FALSE(disk.fatal());
  disk.faults().FailAt(1, FaultFileSystem::Mode::kOnce);
  EXPECT_FALSE(loop.Run(engine->Write(PutOf(shared, {{"pk", S("c")}}))).ok());
  EXPECT_TRUE(disk.fatal());
  Must(loop.Run(engine->Stop()));
}

}  // namespace
}  // namespace insula::storage::rocks
