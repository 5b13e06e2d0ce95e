// A store knows whose it is. Directories of stores that were mixed up, as when copies are put back, are refused with
// what lies where, and left as they are; never served as if nothing had been in them.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/store_check.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary
namespace fs = std::filesystem;

const StoreId kShared(0), kOne(1), kTwo(2);

class StoreIdentities : public ::testing::Test {
 protected:
  StoreIdentities() {
    fs::remove_all(root_);
    fs::create_directories(root_);
    Make(home_);
  }
  ~StoreIdentities() override { fs::remove_all(root_); }

  std::unique_ptr<Engine> Open(const fs::path& directory) { return Must(TryOpen(directory)); }
  Result<std::unique_ptr<Engine>> TryOpen(const fs::path& directory) {
    RocksOptions options;
    options.directory = directory;
    options.free_bytes_min = 0;
    options.log = [this](std::string_view line) { said_ += std::string(line) + "\n"; };
    return RocksEngine::Open(std::move(options), clock_);
  }
  // Each store has one item, which says where it is.
  void Make(const fs::path& directory) {
    auto engine = Open(directory);
    for (const StoreId id : {kShared, kOne, kTwo}) {
      Must(loop_.Run(engine->CreateTable(AnyTableIn(id))));
      Must(loop_.Run(engine->Write(PutOf(TableIn(id), {{"pk", S("where")}, {"store", N(id.value())}}))));
    }
    Must(loop_.Run(engine->Stop()));
  }
  static TableRef TableIn(StoreId id) { return MakeTable(1, HashSchema(), id); }
  // The store that the item of `id` names; or why not.
  std::string Look(Engine* engine, StoreId id) {
    auto item = loop_.Run(engine->Get(GetOf(TableIn(id), Key(S("where")))));
    if (!item.ok()) return item.error().message();
    return *item ? (*item)->Decode().Find("store")->As<Number>()->ToString() : "nothing";
  }
  static std::string Format(const fs::path& store) {
    std::ifstream in(store / "FORMAT");
    return (std::ostringstream() << in.rdbuf()).str();
  }
  void Exchange(const fs::path& a, const fs::path& b) {
    fs::rename(a, root_ / "aside");
    fs::rename(b, a);
    fs::rename(root_ / "aside", b);
  }
  static fs::path StoreIn(const fs::path& directory, StoreId id) { return StoreDirectory(directory, id); }

  const fs::path root_ = fs::temp_directory_path() / ("insula_store_identity_" + std::to_string(::getpid()));
  const fs::path home_ = root_ / "home";
  ManualClock clock_;
  Loop loop_;
  std::string said_;
};

TEST_F(StoreIdentities, AccountsExchangedAreRefusedUntilEachIsBack) {
  const std::string one = Format(StoreIn(home_, kOne)), two = Format(StoreIn(home_, kTwo));
  Exchange(StoreIn(home_, kOne), StoreIn(home_, kTwo));
  {
    auto engine = Open(home_);
    for (int i = 0; i < 2; ++i) {
      const std::string refusal = Look(engine.get(), kOne);
      EXPECT_NE(refusal.find("accounts/1 holds the store of accounts/2"), std::string::npos) << refusal;
      EXPECT_NE(Look(engine.get(), kTwo).find("accounts/2 holds the store of accounts/1"), std::string::npos);
      EXPECT_FALSE(loop_.Run(engine->Write(PutOf(TableIn(kOne), {{"pk", S("new")}}))).ok());
      EXPECT_FALSE(loop_.Run(engine->CreateTable(AnyTableIn(kOne))).ok());
    }
    EXPECT_EQ(Look(engine.get(), kShared), "0");
    EXPECT_NE(said_.find("accounts/1 holds"), std::string::npos) << "the operator isn't told";
    for (const StoreId id : {kOne, kTwo}) {
      const auto damage = Must(RocksEngine::FindDamage(home_, id));
      ASSERT_EQ(damage.size(), 1u);
      EXPECT_NE(damage[0].find("put each back in its own place"), std::string::npos) << damage[0];
    }
    EXPECT_TRUE(Must(RocksEngine::FindDamage(home_, kShared)).empty());
    Must(loop_.Run(engine->Stop()));
  }
  EXPECT_EQ(Format(StoreIn(home_, kOne)), two);
  EXPECT_EQ(Format(StoreIn(home_, kTwo)), one);
  Exchange(StoreIn(home_, kOne), StoreIn(home_, kTwo));
  auto engine = Open(home_);
  EXPECT_EQ(Look(engine.get(), kOne), "1");
  EXPECT_EQ(Look(engine.get(), kTwo), "2");
}

TEST_F(StoreIdentities, TheSharedStoreIsNoAccounts) {
  fs::remove_all(StoreIn(home_, kOne));
  fs::copy(StoreIn(home_, kShared), StoreIn(home_, kOne));
  {
    auto engine = Open(home_);
    EXPECT_NE(Look(engine.get(), kOne).find("accounts/1 holds the shared store"), std::string::npos);
    EXPECT_EQ(Look(engine.get(), kTwo), "2");
  }
  fs::remove_all(StoreIn(home_, kShared));
  fs::copy(StoreIn(home_, kTwo), StoreIn(home_, kShared));
  const auto refused = TryOpen(home_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kCorruption);
  EXPECT_NE(refused.error().message().find("shared holds the store of accounts/2"), std::string::npos);
}

TEST_F(StoreIdentities, AnotherOrganizationsAccountIsRefused) {
  Make(root_ / "other");
  fs::remove_all(StoreIn(home_, kOne));
  fs::copy(StoreIn(root_ / "other", kOne), StoreIn(home_, kOne));
  auto engine = Open(home_);
  const std::string refusal = Look(engine.get(), kOne);
  EXPECT_NE(refusal.find("put back this organization's own"), std::string::npos) << refusal;
  EXPECT_EQ(Look(engine.get(), kTwo), "2");
}

TEST_F(StoreIdentities, ACopyOfEverythingIsAsGoodAsTheFirst) {
  fs::copy(home_, root_ / "copy", fs::copy_options::recursive);
  for (const fs::path& directory : {root_ / "copy", home_}) {
    auto engine = Open(directory);
    for (const StoreId id : {kShared, kOne, kTwo}) EXPECT_EQ(Look(engine.get(), id), std::to_string(id.value()));
    Must(loop_.Run(engine->Stop()));
  }
}

// As programs made them that didn't say whose a store is.
TEST_F(StoreIdentities, AStoreThatDoesNotSayIsTakenForWhatItsPlaceSaysAndSaysSoFromThenOn) {
  for (const StoreId id : {kShared, kOne, kTwo}) {
    std::ofstream(StoreIn(home_, id) / "FORMAT", std::ios::trunc) << "insula-store 1\n";
  }
  {
    auto engine = Open(home_);
    for (const StoreId id : {kShared, kOne, kTwo}) EXPECT_EQ(Look(engine.get(), id), std::to_string(id.value()));
    Must(loop_.Run(engine->Stop()));
  }
  const std::string shared = Format(StoreIn(home_, kShared));
  ASSERT_TRUE(shared.starts_with("insula-store 2 store 0 of ")) << shared;
  const std::string organization = shared.substr(shared.find(" of "));
  EXPECT_EQ(Format(StoreIn(home_, kTwo)), "insula-store 2 store 2" + organization);
  Exchange(StoreIn(home_, kOne), StoreIn(home_, kTwo));
  auto engine = Open(home_);
  EXPECT_NE(Look(engine.get(), kOne).find("holds the store of accounts/2"), std::string::npos);
}

// Dropping an account's store is by its place; whoever's data lies there.
TEST_F(StoreIdentities, WhatIsAnothersIsNotDropped) {
  Exchange(StoreIn(home_, kOne), StoreIn(home_, kTwo));
  {
    auto engine = Open(home_);
    const auto dropped = loop_.Run(engine->DropStore(kOne));
    ASSERT_FALSE(dropped.ok());
    EXPECT_NE(dropped.error().message().find("accounts/1 holds the store of accounts/2"), std::string::npos);
    Must(loop_.Run(engine->Stop()));
  }
  Exchange(StoreIn(home_, kOne), StoreIn(home_, kTwo));
  auto engine = Open(home_);
  EXPECT_EQ(Look(engine.get(), kTwo), "2");
  Must(loop_.Run(engine->DropStore(kOne)));
  EXPECT_FALSE(fs::exists(StoreIn(home_, kOne)));
}

}  // namespace
}  // namespace insula::storage::rocks
