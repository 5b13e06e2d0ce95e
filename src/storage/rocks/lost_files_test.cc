// Any file of a store, missing, emptied, cut in half or with one byte changed: either the store isn't opened, with the
// file's name said and nothing touched, or all that was acknowledged is there. Never silently less.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/store_check.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary
namespace fs = std::filesystem;

constexpr int kItemsToLose = 240;
const StoreId kAccount(5);

std::string Content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return (std::ostringstream() << in.rdbuf()).str();
}
void SetContent(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}
// All files below, with what is in them; but RocksDB's own log of events.
std::map<std::string, std::string> AllFiles(const fs::path& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename();
    if (!entry.is_regular_file() || name.starts_with("LOG") || name == "LOCK") continue;
    files[fs::relative(entry.path(), root)] = Content(entry.path());
  }
  return files;
}

using Damage = std::function<void(const fs::path&)>;
const std::map<std::string, Damage> kDamages = {
    {"missing", [](const fs::path& path) { fs::remove(path); }},
    {"empty", [](const fs::path& path) { fs::resize_file(path, 0); }},
    {"half", [](const fs::path& path) { fs::resize_file(path, fs::file_size(path) / 2); }},
    {"zeroed", [](const fs::path& path) { SetContent(path, std::string(fs::file_size(path), '\0')); }},
    {"a byte changed",
     [](const fs::path& path) {
       std::string content = Content(path);
       if (content.empty()) return;
       content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x10);
       SetContent(path, content);
     }},
};

class LostFiles : public ::testing::TestWithParam<StoreId> {
 protected:
  LostFiles() {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~LostFiles() override { fs::remove_all(root_); }

  RocksOptions Options(const fs::path& directory) {
    RocksOptions options;
    options.directory = directory;
    options.background_bytes_per_second = 0;
    options.shared_write_buffer_bytes = 64 << 10;  // so that there are table files, too
    options.account_write_buffer_bytes = 64 << 10;
    options.free_bytes_min = 0;
    options.log = [this](std::string_view line) { said_ += std::string(line) + "\n"; };
    return options;
  }
  TableRef Table() {
    TableSchema schema = HashSchema();
    schema.log_changes = true;
    return MakeTable(1, schema, GetParam());
  }
  // A store with table files and a live log, as a killed process leaves it.
  void Fill() {
    auto engine = Must(RocksEngine::Open(Options(root_ / "filled"), clock_));
    Must(loop_.Run(engine->CreateTable(AnyTableIn(GetParam()))));
    for (int i = 0; i < kItemsToLose; ++i) {
      Must(loop_.Run(engine->Write(PutOf(
          Table(), {{"pk", S(std::to_string(i))}, {"v", S(std::string(1500, static_cast<char>('a' + i % 26)))}}))));
    }
    // Until nothing of it is being flushed or deleted any more.
    for (std::map<std::string, std::string> before; before != AllFiles(root_ / "filled");) {
      before = AllFiles(root_ / "filled");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    fs::copy(root_ / "filled", root_ / "killed", fs::copy_options::recursive);
    Must(loop_.Run(engine->Stop()));
    said_.clear();
  }
  fs::path StoreIn(const fs::path& directory) { return StoreDirectory(directory, GetParam()); }

  // "" if everything is there, else why nothing of it is; anything in between fails the test.
  std::string Look(const RocksOptions& options, int items = kItemsToLose) {
    auto engine = RocksEngine::Open(options, clock_);
    if (!engine.ok()) return engine.error().message();
    std::string refusal;
    int found = 0, refused = 0;
    for (int i = 0; i < kItemsToLose; ++i) {
      auto item = loop_.Run((*engine)->Get(GetOf(Table(), Key(S(std::to_string(i))))));
      if (!item.ok()) {
        refusal = item.error().message();
        ++refused;
      } else if (*item && (*item)->Decode().Find("v")) {
        ++found;
      }
    }
    EXPECT_EQ(found + refused, items) << said_;
    if (refused == 0) {
      const auto stats = loop_.Run((*engine)->Stats(Table()));
      EXPECT_TRUE(stats.ok());
      if (stats.ok()) {
        EXPECT_EQ(stats->item_count, static_cast<std::uint64_t>(items));
      }
      EXPECT_TRUE(loop_.Run((*engine)->Write(PutOf(Table(), {{"pk", S("new")}}))).ok());
      EXPECT_TRUE(loop_.Run((*engine)->Write(DeleteOf(Table(), Key(S("new"))))).ok());
    }
    Must(loop_.Run((*engine)->Stop()));
    return refusal;
  }

  // In memory, if there is such a place: hundreds of stores are opened, and what isn't synced isn't the question.
  const fs::path root_ = (fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
                         ("insula_lost_files_" + std::to_string(::getpid()));
  ManualClock clock_;
  Loop loop_;
  std::string said_;
};

TEST_P(LostFiles, NeverSilentlyLess) {
  Fill();
  std::map<std::string, int> kinds;
  for (const auto& entry : fs::directory_iterator(StoreIn(root_ / "killed"))) {
    const std::string name = entry.path().filename();
    if (name.starts_with("LOG") || name == "LOCK") continue;
    const std::string kind = name.ends_with(".sst") || name.ends_with(".log") ? name.substr(name.size() - 4)
                                                                              : name.substr(0, name.find('-'));
    ++kinds[kind];
    for (const auto& [how, damage] : kDamages) {
      SCOPED_TRACE(name + " " + how);
      const fs::path copy = root_ / "damaged";
      fs::remove_all(copy);
      fs::copy(root_ / "killed", copy, fs::copy_options::recursive);
      damage(StoreIn(copy) / name);
      RocksOptions options = Options(copy);
      options.create_if_missing = false;
      const auto before = AllFiles(StoreIn(copy));
      // As often as it is tried.
      for (int attempt = 0; attempt < 2; ++attempt) {
        said_.clear();
        const std::string refusal = Look(options);
        if (refusal.empty()) {
          // Of a table file, what wasn't read may be damaged; an empty log has nothing to lose.
          const bool harmless = kind == "IDENTITY" || kind == "OPTIONS" || kind == "WITNESS" ||
                                (kind == ".sst" && (how == "zeroed" || how == "a byte changed")) ||
                                (kind == ".log" && fs::file_size(StoreIn(root_ / "killed") / name) == 0);
          EXPECT_TRUE(harmless) << "it wasn't noticed";
          if (kind == "WITNESS") {
            EXPECT_NE(said_.find("WITNESS"), std::string::npos) << said_;
          }
          break;
        }
        EXPECT_NE(refusal.find(name), std::string::npos) << refusal;
        // What is changed within a table file RocksDB itself finds, once it has begun to open the store.
        if (kind != ".sst" || (how != "zeroed" && how != "a byte changed")) {
          EXPECT_TRUE(AllFiles(StoreIn(copy)) == before) << "something was changed by looking";
        }
      }
    }
  }
  for (const char* kind : {"CURRENT", "MANIFEST", "FORMAT", "IDENTITY", "OPTIONS", "WITNESS", ".log", ".sst"}) {
    EXPECT_GT(kinds[kind], 0) << kind;
  }
}

TEST_P(LostFiles, AWholeStoreIsOpenedAgainAndAgain) {
  Fill();
  RocksOptions options = Options(root_ / "killed");
  options.create_if_missing = false;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Look(options), "");
  EXPECT_EQ(said_, "");
  EXPECT_TRUE(Must(RocksEngine::FindDamage(root_ / "killed", GetParam())).empty());
}

// A loss of power may leave a file longer by a write that nobody was promised, with anything in its place.
TEST_P(LostFiles, ATornLastWriteIsCutOff) {
  Fill();
  const fs::path store = StoreIn(root_ / "killed");
  std::string current = Content(store / "CURRENT");
  current.pop_back();
  fs::path log;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() == ".log" && entry.path() > log) log = entry.path();
  }
  std::string noise(5'000, '\0');
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<char>(i * i % 251 + 1);
  const std::string zeros(40'000, '\0');
  for (const std::string& name : {log.filename().string(), current}) {
    const std::string whole = Content(store / name);
    ASSERT_GT(whole.size(), 1'500u)
        << "a row at least, of the manifest more; how many rows a flush has left is a matter of time";
    // A record's header and a part of the 2,000 bytes that it announces, with zeros for the rest.
    const std::string front = std::string("\x01\x02\x03\x04\xd0\x07\x01", 7) + noise.substr(0, 500) + zeros;
    for (const std::string& tail : {zeros, noise, noise + zeros, zeros + noise, front}) {
      SCOPED_TRACE(name + " and " + std::to_string(tail.size()) + " bytes more");
      const fs::path copy = root_ / "torn";
      fs::remove_all(copy);
      fs::copy(root_ / "killed", copy, fs::copy_options::recursive);
      SetContent(StoreIn(copy) / name, whole + tail);
      RocksOptions options = Options(copy);
      options.create_if_missing = false;
      said_.clear();
      EXPECT_EQ(Look(options), "");
      EXPECT_NE(said_.find(name), std::string::npos) << said_;
      EXPECT_NE(said_.find("torn"), std::string::npos) << said_;
      said_.clear();
      EXPECT_EQ(Look(options), "");
      EXPECT_EQ(said_, "");
    }
  }
}

// What lies behind the damage was written after something had been synced, so it may have been promised.
TEST_P(LostFiles, DamageThatIsFollowedByWritesIsNotTorn) {
  Fill();
  const fs::path store = StoreIn(root_ / "killed");
  fs::path log;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() == ".log" && entry.path() > log) log = entry.path();
  }
  const std::string whole = Content(log);
  const std::string padding(32768 - whole.size() % 32768, 'x');
  SetContent(log, whole + padding + whole);
  RocksOptions options = Options(root_ / "killed");
  options.create_if_missing = false;
  const std::string refusal = Look(options);
  EXPECT_NE(refusal.find(log.filename()), std::string::npos) << refusal;
}

TEST_P(LostFiles, ADirectoryThatIsGoneIsNoEmptyStore) {
  Fill();
  RocksOptions options = Options(root_ / "killed");
  options.create_if_missing = false;
  for (const bool empty : {false, true}) {
    fs::remove_all(StoreIn(root_ / "killed"));
    if (empty) fs::create_directories(StoreIn(root_ / "killed"));
    if (GetParam() == StoreId(0)) {
      auto engine = RocksEngine::Open(options, clock_);
      ASSERT_FALSE(engine.ok());
      EXPECT_NE(engine.error().message().find("shared"), std::string::npos) << engine.error().message();
      continue;
    }
    auto engine = Must(RocksEngine::Open(options, clock_));
    for (int i = 0; i < 2; ++i) {
      const auto made = loop_.Run(engine->CreateTable(AnyTableIn(GetParam())));
      ASSERT_FALSE(made.ok()) << "as for another table of the account";
      EXPECT_NE(made.error().message().find("accounts/5 is missing"), std::string::npos) << made.error().message();
    }
    Must(loop_.Run(engine->Stop()));
  }
}

TEST_P(LostFiles, ACutLogIsGivenUpWhenItIsToldTo) {
  Fill();
  const fs::path store = StoreIn(root_ / "killed");
  fs::path log;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0 && entry.path() > log) log = entry.path();
  }
  ASSERT_FALSE(log.empty());
  const std::string whole = Content(log);
  fs::resize_file(log, whole.size() / 2);
  RocksOptions options = Options(root_ / "killed");
  options.create_if_missing = false;
  const std::string refusal = Look(options);
  EXPECT_NE(refusal.find(log.filename()), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("ends at byte"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("Writes after sequence"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("engine.lost_writes = give_up"), std::string::npos) << refusal;
  EXPECT_EQ(Must(RocksEngine::FindDamage(root_ / "killed", GetParam())).size(), 1u);

  options.give_up_lost_writes = true;
  auto engine = Must(RocksEngine::Open(options, clock_));
  const int left = static_cast<int>(Must(loop_.Run(engine->Stats(Table()))).item_count);
  Must(loop_.Run(engine->Stop()));
  engine.reset();
  EXPECT_LT(left, kItemsToLose);
  EXPECT_GT(left, 0);
  EXPECT_NE(said_.find("Writes after sequence"), std::string::npos) << said_;
  EXPECT_EQ(Content(store / kLostDirectory / log.filename()), whole.substr(0, whole.size() / 2));

  // From here on it is a store like any other, and says what it lacks until that is cleared away.
  options.give_up_lost_writes = false;
  EXPECT_EQ(Look(options, left), "");
  EXPECT_EQ(Must(RocksEngine::FindDamage(root_ / "killed", GetParam())).size(), 1u);
  fs::remove_all(store / kLostDirectory);
  EXPECT_TRUE(Must(RocksEngine::FindDamage(root_ / "killed", GetParam())).empty());
}

// As long as the engine runs nothing is lost yet: what was deleted it still has open. So it must be said now.
TEST_P(LostFiles, WhatIsDeletedUnderARunningEngineIsFound) {
  Fill();
  RocksOptions options = Options(root_ / "killed");
  options.create_if_missing = false;
  auto engine = Must(RocksEngine::Open(options, clock_));
  Must(loop_.Run(engine->CreateTable(AnyTableIn(GetParam()))));
  const auto found = [&] {
    std::string all;
    for (const std::string& line : Must(RocksEngine::FindDamage(root_ / "killed", GetParam()))) all += line;
    return all;
  };
  EXPECT_EQ(found(), "");
  int tables = 0;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(StoreIn(root_ / "killed"))) {
    if (entry.path().extension() == ".sst") paths.push_back(entry.path());
  }
  for (const fs::path& path : paths) {
    ++tables;
    const std::string whole = Content(path);
    fs::resize_file(path, whole.size() - 1);
    EXPECT_NE(found().find(path.filename().string() + " ends at byte " + std::to_string(whole.size() - 1)),
              std::string::npos)
        << found();
    fs::remove(path);
    EXPECT_NE(found().find(path.filename().string() + " is missing"), std::string::npos) << found();
    SetContent(path, whole);
    EXPECT_EQ(found(), "");
  }
  EXPECT_GT(tables, 0);
  Must(loop_.Run(engine->Stop()));
}

// Files come and go while it looks.
TEST_P(LostFiles, NothingIsFoundWhereFilesAreWrittenAndCompacted) {
  RocksOptions options = Options(root_ / "filled");
  auto engine = Must(RocksEngine::Open(options, clock_));
  Must(loop_.Run(engine->CreateTable(AnyTableIn(GetParam()))));
  for (int i = 0; i < 1500; ++i) {
    Must(loop_.Run(engine->Write(PutOf(Table(), {{"pk", S(std::to_string(i))}, {"v", S(std::string(1500, 'x'))}}))));
    if (i % 5 != 0) continue;
    const auto damage = Must(RocksEngine::FindDamage(root_ / "filled", GetParam()));
    ASSERT_TRUE(damage.empty()) << damage.front();
  }
  Must(loop_.Run(engine->Stop()));
}

INSTANTIATE_TEST_SUITE_P(Stores, LostFiles, ::testing::Values(StoreId(0), kAccount),
                         [](const auto& store) { return store.param == StoreId(0) ? "Shared" : "Account"; });

}  // namespace
}  // namespace insula::storage::rocks
