// The expirer over an engine that only says what is due: whose turn it is, what a failure delays, how fast it goes.
#include "control/expirer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "base/mutex.h"
#include "base/testing/log_capture.h"
#include "storage/expiry.h"
#include "storage/testing/noting_engine.h"
#include "tenancy/faces/expiring.h"
#include "tenancy/testing/world.h"

namespace insula::control {
namespace {

using storage::Expired;
using storage::TableRef;
using tenancy::PartitionModel;
using tenancy::testing::Await;
using tenancy::testing::Definition;
using tenancy::testing::Must;
using tenancy::testing::World;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Has a number of due items for each tenant, and notes who was asked to delete some.
class Piles final : public storage::testing::NotingEngine {
 public:
  WallTime NextDue(const TableRef& table) const override {
    const MutexLock lock(mutex_);
    ++asked_;
    return due_.contains(std::string(TextOf(table.pooled_tenant()))) ? WallTime::min() : WallTime::max();
  }
  Task<Result<Expired>> DeleteDue(TableRef table, WallTime, std::size_t items_max) override {
    const MutexLock lock(mutex_);
    const std::string name(TextOf(table.pooled_tenant()));
    turns_.push_back(name);
    if (name == failing_) co_return Error(ErrorCode::kStorageFull, "no room");
    std::uint64_t& left = due_[name];
    Expired expired;
    expired.items = std::min<std::uint64_t>(left, items_max);
    left -= expired.items;
    expired.more = left > 0;
    if (!expired.more) due_.erase(name);
    co_return expired;
  }

  void Add(const std::string& tenant, std::uint64_t items) {
    const MutexLock lock(mutex_);
    due_[tenant] += items;
  }
  void Fail(std::string tenant) {
    const MutexLock lock(mutex_);
    failing_ = std::move(tenant);
  }
  std::vector<std::string> TakeTurns() {
    const MutexLock lock(mutex_);
    return std::exchange(turns_, {});
  }
  bool empty() const {
    const MutexLock lock(mutex_);
    return due_.empty();
  }
  int asked() const {
    const MutexLock lock(mutex_);
    return asked_;
  }

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> due_ INSULA_GUARDED_BY(mutex_);
  std::vector<std::string> turns_ INSULA_GUARDED_BY(mutex_);
  std::string failing_ INSULA_GUARDED_BY(mutex_);
  mutable int asked_ INSULA_GUARDED_BY(mutex_) = 0;
};

class ExpirerTest : public ::testing::Test {
 protected:
  ExpirerTest() {
    options_.items_per_second = 1'000'000;
    options_.batch_items = 10;
    TableDefinition definition = Definition("Sessions");
    definition.ttl.attribute_name = "ttl";
    definition.ttl.enabled = true;
    world_.Service("prod", "shop", PartitionModel::kIndex);
    world_.Template("prod", "shop", definition);
    for (const char* tenant : {"a", "b", "c"}) world_.Tenant("prod", "shop", tenant);
    world_.Provision();
  }
  std::uint64_t Round() { return Await(Expirer(*world_.catalog, engine_, world_.clock, options_).Round()); }

  World world_;
  Piles engine_;
  ExpirerOptions options_;
};

TEST_F(ExpirerTest, LeavesAloneWhatHasNothingDue) {
  EXPECT_EQ(Round(), 0u);
  EXPECT_THAT(engine_.TakeTurns(), IsEmpty());
  engine_.Add("b", 3);
  EXPECT_EQ(Round(), 3u);
  EXPECT_THAT(engine_.TakeTurns(), ElementsAre("b"));
}

TEST_F(ExpirerTest, TenantsTakeTurns) {
  engine_.Add("a", 40);
  engine_.Add("b", 5);
  engine_.Add("c", 20);
  EXPECT_EQ(Round(), 65u);
  EXPECT_THAT(engine_.TakeTurns(), ElementsAre("a", "b", "c", "a", "c", "a", "a"));
}

TEST_F(ExpirerTest, WhatFailsWaitsForTheNextRoundAndDelaysNobody) {
  LogCapture log;
  engine_.Fail("a");
  engine_.Add("a", 20);
  engine_.Add("b", 20);
  EXPECT_EQ(Round(), 20u);
  EXPECT_THAT(engine_.TakeTurns(), ElementsAre("a", "b", "b"));
  EXPECT_THAT(log.Take(),
              ElementsAre("warn could not delete what has expired; room=control, table=prod.shop._pool.Sessions, "
                          "cause=no room, tables=1"));
  engine_.Fail("");
  EXPECT_EQ(Round(), 20u);
}

TEST_F(ExpirerTest, ARoundEndsWhenTheNextIsDueAndThatGoesOnWithWhoIsNext) {
  options_.period = std::chrono::milliseconds(1);
  options_.items_per_second = 5'000;  // two milliseconds a batch
  for (const char* tenant : {"a", "b", "c"}) engine_.Add(tenant, 20);
  Expirer expirer(*world_.catalog, engine_, world_.clock, options_);
  std::vector<std::string> turns;
  for (int round = 0; round < 20 && !engine_.empty(); ++round) {
    Await(expirer.Round());
    for (std::string& turn : engine_.TakeTurns()) turns.push_back(std::move(turn));
  }
  EXPECT_THAT(turns, ElementsAre("a", "b", "c", "a", "b", "c"));
}

TEST_F(ExpirerTest, KeepsToItsRate) {
  options_.items_per_second = 1'000;
  engine_.Add("a", 200);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(Round(), 200u);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(190)) << "it rests between batches";
}

TEST_F(ExpirerTest, WorksByItselfUntilItIsStopped) {
  options_.period = std::chrono::milliseconds(1);
  Expirer expirer(*world_.catalog, engine_, world_.clock, options_);
  expirer.Start();
  engine_.Add("a", 100);
  for (int i = 0; i < 5000 && !engine_.empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(engine_.empty());
  expirer.Stop();
  const int asked = engine_.asked();
  engine_.Add("b", 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(engine_.asked(), asked);
  expirer.Start();
  for (int i = 0; i < 5000 && !engine_.empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(engine_.empty());
}

TEST_F(ExpirerTest, StoppingDoesNotWaitForThePeriod) {
  options_.period = std::chrono::hours(1);
  Expirer expirer(*world_.catalog, engine_, world_.clock, options_);
  expirer.Start();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto began = std::chrono::steady_clock::now();
  expirer.Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

}  // namespace
}  // namespace insula::control
