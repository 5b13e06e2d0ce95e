// What a table file that can't be read makes of an answer, and of what is on the disk: for every read that a walk or a
// compaction makes, that one fails. An answer is the whole truth or an error, and no row is lost.
#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "storage/rocks/testing/faulty_disk.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

using Mode = FaultFileSystem::Mode;
using Kind = FaultFileSystem::Kind;

constexpr int kItemsToRead = 300;

TableRef Table() {
  TableSchema schema = HashSchema();
  schema.log_changes = true;
  return MakeTable(1, schema);
}

// The versions of the items by name; or why not.
Result<std::map<std::string, std::int64_t>> Contents(Loop* loop, Engine* engine) {
  std::map<std::string, std::int64_t> found;
  PageRequest request{.table = Table()};
  for (;;) {
    INSULA_ASSIGN(Page page, loop->Run(engine->ReadPage(request)));
    for (const EncodedItem& item : page.items) {
      const AttributeMap tree = item.Decode();
      found[std::string(*tree.Find("pk")->As<std::string>())] =
          std::stoll(tree.Find("version")->As<Number>()->ToString());
    }
    if (!page.last_evaluated_key) return found;
    request.exclusive_start_key = std::move(page.last_evaluated_key);
  }
}

// Puts versions of all items until one fails; those acknowledged are in `acknowledged`.
void PutAll(Loop* loop, Engine* engine, int version, std::map<std::string, std::int64_t>* acknowledged) {
  for (int i = 0; i < kItemsToRead; ++i) {
    const std::string name = KeyName((i * 7) % kItemsToRead);
    const auto put = PutOf(Table(), {{"pk", S(name)}, {"version", N(version)}, {"v", S(std::string(1'500, 'v'))}});
    if (!loop->Run(engine->Write(put)).ok()) return;
    (*acknowledged)[name] = version;
  }
}

TEST(ReadFaults, AnAnswerIsWholeOrAnError) {
  Disk disk;
  ManualClock clock;
  Loop loop;
  std::map<std::string, std::int64_t> items;
  auto engine = Must(disk.Open(clock));
  for (int version = 0; version < 3; ++version) PutAll(&loop, engine.get(), version, &items);
  ASSERT_EQ(items.size(), static_cast<std::size_t>(kItemsToRead));
  int errors = 0;
  for (std::uint64_t nth = 1;; ++nth) {
    Must(loop.Run(engine->Stop()));
    engine = Must(disk.Open(clock));
    Must(loop.Run(engine->Stats(Table())));
    disk.faults().FailAt(nth, Mode::kOnce, Kind::kReadError);
    const auto contents = Contents(&loop, engine.get());
    const bool failed = disk.faults().failed();
    if (contents.ok()) {
      EXPECT_EQ(*contents, items) << "with read " << nth << " failing";
    } else {
      ++errors;
    }
    disk.faults().FailAt(0, Mode::kOnce);
    EXPECT_EQ(Must(Contents(&loop, engine.get())), items) << "after read " << nth << " failed";
    if (!failed) break;
  }
  EXPECT_GT(errors, 10) << "hardly a read was met";
  Must(loop.Run(engine->Stop()));
}

TEST(ReadFaults, NoRowIsLostWhenACompactionCannotRead) {
  int failures = 0;
  // Not every read: RocksDB rests for a second after a compaction that failed.
  for (const std::uint64_t nth : {1u, 2u, 5u, 13u, 34u}) {
    for (const Mode mode : {Mode::kOnce, Mode::kForGood}) {
      Disk disk;
      ManualClock clock;
      Loop loop;
      std::map<std::string, std::int64_t> items;
      disk.ArmNext([&](FaultFileSystem& faults) { faults.FailAt(nth, mode, Kind::kReadError); });
      {
        const auto engine = disk.Open(clock);
        if (engine.ok()) {
          for (int version = 0; version < 4; ++version) PutAll(&loop, engine->get(), version, &items);
        }
        failures += disk.faults().failed();
        disk.faults().Crash(0);
        if (engine.ok()) (void)loop.Run((*engine)->Stop());
      }
      disk.ArmNext({});
      const auto engine = Must(disk.Open(clock));
      std::map<std::string, std::int64_t> found = Must(Contents(&loop, engine.get()));
      for (const auto& [name, version] : items) {
        // A put that wasn't acknowledged may be there all the same.
        EXPECT_GE(found[name], version) << name << ", read " << nth;
      }
      Must(loop.Run(engine->Stop()));
    }
  }
  EXPECT_GT(failures, 6) << "compactions read too little";
}

}  // namespace
}  // namespace insula::storage::rocks
