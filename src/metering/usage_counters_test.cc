// What a tenant used is what it pays for: counted once, kept whatever ends the process.
#include "metering/usage_counters.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace insula::metering {
namespace {

class UsageCountersTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string path_ = std::filesystem::temp_directory_path() / ("insula_usage_" + std::to_string(::getpid()));
};

TEST_F(UsageCountersTest, AddsUpPerContextAndTable) {
  auto counters = UsageCounters::Open("");
  counters->CellsOf("t/prod/a/acme", "T")->AddRead(HalfUnits{3});
  counters->CellsOf("t/prod/a/acme", "T")->AddRead(HalfUnits{4});
  counters->CellsOf("t/prod/a/acme", "T")->AddWrite(HalfUnits{10});
  counters->CellsOf("t/prod/a/other", "T")->AddWrite(HalfUnits{1});
  auto all = counters->Snapshot();
  ASSERT_EQ(2U, all.size());
  EXPECT_EQ("t/prod/a/acme", all[0].context);
  EXPECT_EQ("T", all[0].table);
  EXPECT_EQ(7, all[0].read.value());
  EXPECT_EQ(10, all[0].written.value());
  EXPECT_EQ(3U, all[0].requests);
}

TEST_F(UsageCountersTest, CellsStayWhereTheyAre) {
  auto counters = UsageCounters::Open("");
  UsageCells* cells = counters->CellsOf("t/prod/a/acme", "T");
  for (int i = 0; i < 3000; ++i) counters->CellsOf("t/prod/a/" + std::to_string(i), "T");
  EXPECT_EQ(cells, counters->CellsOf("t/prod/a/acme", "T"));
}

TEST_F(UsageCountersTest, NamesLongerThanASlotAreNotCounted) {
  auto counters = UsageCounters::Open("");
  EXPECT_EQ(nullptr, counters->CellsOf(std::string(UsageCounters::kSlotBytes, 'c'), "T"));
  EXPECT_TRUE(counters->Snapshot().empty());
}

TEST_F(UsageCountersTest, TheBorderBetweenContextAndTableCounts) {
  auto counters = UsageCounters::Open("");
  counters->CellsOf("ab", "c")->AddRead(HalfUnits{1});
  counters->CellsOf("a", "bc")->AddRead(HalfUnits{1});
  EXPECT_EQ(2U, counters->Snapshot().size());
}

TEST_F(UsageCountersTest, SurvivesBeingOpenedAgainAndGrowsBeyondOneSegment) {
  constexpr int kMany = 2500;
  {
    auto counters = UsageCounters::Open(path_);
    for (int i = 0; i < kMany; ++i) counters->CellsOf("t/prod/a/" + std::to_string(i), "T")->AddWrite(HalfUnits{i + 1});
  }
  auto counters = UsageCounters::Open(path_);
  counters->CellsOf("t/prod/a/7", "T")->AddWrite(HalfUnits{100});
  auto all = counters->Snapshot();
  ASSERT_EQ(static_cast<std::size_t>(kMany), all.size());
  EXPECT_EQ(108, all[7].written.value());
  EXPECT_EQ(kMany, all.back().written.value());
}

// The service doesn't stop for want of a counter.
TEST_F(UsageCountersTest, WhatIsNoFileOfCountersIsSetAsideAndBegunAnew) {
  const std::string segment(UsageCounters::kSlotBytes * UsageCounters::kSlotsPerSegment, 'x');
  std::string damaged_slot = segment;
  damaged_slot.replace(0, 8, "INSULAU1");
  damaged_slot.replace(UsageCounters::kSlotBytes, 4, std::string("\1\0\0\0", 4));
  int number = 0;
  for (const std::string& content : {segment, std::string("short"), damaged_slot}) {
    std::ofstream(path_, std::ios::trunc) << content;
    std::string said;
    {
      auto counters = UsageCounters::Open(path_, [&](std::string_view line) { said += line; });
      EXPECT_TRUE(counters->Snapshot().empty());
      counters->CellsOf("t/prod/a/acme", "T")->AddRead(HalfUnits{5});
    }
    const std::string aside = path_ + ".damaged-" + std::to_string(++number);
    EXPECT_NE(std::string::npos, said.find(aside)) << said;
    EXPECT_EQ(content.size(), std::filesystem::file_size(aside));
    EXPECT_EQ(1U, UsageCounters::Open(path_)->Snapshot().size());
  }
  for (; number > 0; --number) std::filesystem::remove(path_ + ".damaged-" + std::to_string(number));
}

// What a disk that fills up leaves of a growth.
TEST_F(UsageCountersTest, ATornGrowthCostsNothing) {
  {
    UsageCounters::Open(path_)->CellsOf("t/prod/a/acme", "T")->AddRead(HalfUnits{5});
  }
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) + 4096);
  std::string said;
  auto counters = UsageCounters::Open(path_, [&](std::string_view line) { said += line; });
  EXPECT_EQ("", said);
  for (int i = 0; i < 2500; ++i) counters->CellsOf("t/prod/a/" + std::to_string(i), "T")->AddWrite(HalfUnits{1});
  EXPECT_EQ(2501U, counters->Snapshot().size());
}

TEST_F(UsageCountersTest, WithoutAFileTheyAreInMemory) {
  std::string said;
  auto counters = UsageCounters::Open(path_ + "/no/such/directory", [&](std::string_view line) { said += line; });
  counters->CellsOf("t/prod/a/acme", "T")->AddRead(HalfUnits{5});
  EXPECT_EQ(1U, counters->Snapshot().size());
  EXPECT_NE(std::string::npos, said.find("in memory only")) << said;
}

// Whoever makes and deletes tables without end costs a bounded number of slots, and pays all the same.
TEST_F(UsageCountersTest, DeletedTablesBecomeOneRowAndTheSumStays) {
  constexpr int kMany = 5000;
  constexpr std::size_t kOneByOne = UsageCounters::kDeletedOneByOneMax;
  std::set<std::string> existing{"Stays"};
  const auto exists = [&](std::string_view context, std::string_view table) {
    return context != "t/prod/a/acme" || existing.contains(std::string(table));
  };
  const auto sum = [](const std::vector<Usage>& all) {
    std::int64_t halves = 0;
    for (const Usage& usage : all) halves += usage.written.value();
    return halves;
  };
  {
    auto counters = UsageCounters::Open(path_);
    counters->FoldDeletedTables(exists);
    counters->CellsOf("t/prod/a/acme", "Stays")->AddWrite(HalfUnits{1});
    counters->CellsOf("t/prod/a/other", "T")->AddWrite(HalfUnits{1});
    UsageCells* late = nullptr;
    for (int i = 0; i < kMany; ++i) {
      UsageCells* cells = counters->CellsOf("t/prod/a/acme", "T" + std::to_string(i));
      cells->AddWrite(HalfUnits{2});
      if (i == 7) late = cells;
    }
    late->AddWrite(HalfUnits{5});  // a request that was still at work when its table went
    const std::vector<Usage> all = counters->Snapshot();
    EXPECT_LE(all.size(), kOneByOne + 3);
    EXPECT_EQ(sum(all), 1 + 1 + 2 * kMany + 5);
    EXPECT_EQ(all.back().table, kDeletedTables);
    EXPECT_EQ(all.back().context, "t/prod/a/acme");
    EXPECT_EQ(std::filesystem::file_size(path_), UsageCounters::kSlotBytes * UsageCounters::kSlotsPerSegment);
  }
  auto counters = UsageCounters::Open(path_);
  EXPECT_EQ(sum(counters->Snapshot()), 1 + 1 + 2 * kMany + 5);
  counters->FoldDeletedTables(exists);
  EXPECT_EQ(sum(counters->Snapshot()), 1 + 1 + 2 * kMany + 5);
  // What one context no longer needs is anybody's once nobody counts there.
  for (int i = 0; i < 950; ++i) counters->CellsOf("t/prod/b/acme", "T" + std::to_string(i))->AddWrite(HalfUnits{1});
  EXPECT_EQ(sum(counters->Snapshot()), 1 + 1 + 2 * kMany + 5 + 950);
  const auto stays = counters->CellsOf("t/prod/a/acme", "Stays");
  EXPECT_EQ(stays->written().value(), 1);
}

TEST_F(UsageCountersTest, TablesThatExistAreNeverFolded) {
  auto counters = UsageCounters::Open("");
  counters->FoldDeletedTables([](std::string_view, std::string_view) { return true; });
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 500; ++i) counters->CellsOf("t/prod/a/acme", "T" + std::to_string(i))->AddRead(HalfUnits{1});
  }
  const std::vector<Usage> all = counters->Snapshot();
  EXPECT_EQ(all.size(), 500u);
  for (const Usage& usage : all) EXPECT_EQ(usage.read.value(), 2) << usage.table;
}

TEST_F(UsageCountersTest, ManyThreadsLoseNothing) {
  auto counters = UsageCounters::Open("");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i)
        counters->CellsOf("t/prod/a/" + std::to_string(i % 50), "T")->AddRead(HalfUnits{1});
    });
  for (auto& thread : threads) thread.join();
  std::uint64_t requests = 0;
  for (const auto& usage : counters->Snapshot()) requests += usage.requests;
  EXPECT_EQ(20000U, requests);
}

}  // namespace
}  // namespace insula::metering
