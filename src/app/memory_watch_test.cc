// The budget believes what it is told; the watch is what keeps it honest.
#include "app/memory_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "base/byte_units.h"

namespace insula::app {
namespace {

TEST(MemoryWatchTest, WhatIsLeftIsWhatTheProcessMayGrowBy) {
  MemoryPlan plan;
  plan.bytes_max = 1000 * kMiB;
  plan.caches = 400 * kMiB;
  plan.own = 100 * kMiB;
  plan.requests = 500 * kMiB;
  EXPECT_EQ(TakenElsewhere(plan, 300 * kMiB, 0), 0u);  // caches that aren't full yet
  EXPECT_EQ(TakenElsewhere(plan, 600 * kMiB, 100 * kMiB), 0u);
  for (const std::size_t resident : {700 * kMiB, 900 * kMiB, 1000 * kMiB}) {
    const std::size_t held = 50 * kMiB;
    const std::size_t left = plan.requests - held - TakenElsewhere(plan, resident, held);
    EXPECT_EQ(left, plan.bytes_max - resident);
  }
}

TEST(MemoryWatchTest, MemoryThatNobodyChargedIsNoticed) {
  const std::size_t before = ResidentBytes();
  ASSERT_GT(before, kMiB);
  MemoryPlan plan;
  plan.own = before;
  plan.requests = 512 * kMiB;
  plan.bytes_max = plan.own + plan.requests;
  MemoryBudget budget(plan.requests);
  MemoryWatch watch(plan, budget, [](std::string_view) {});
  const auto taken = std::make_unique_for_overwrite<char[]>(200 * kMiB);
  volatile char* const bytes = taken.get();  // or a compiler leaves out what nobody reads
  for (std::size_t at = 0; at < 200 * kMiB; at += 1024) bytes[at] = 1;
  for (int i = 0; i < 400 && budget.taken_elsewhere() < 150 * kMiB; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(budget.taken_elsewhere(), 150 * kMiB);
  MemoryCharge charge(&budget);
  EXPECT_FALSE(charge.Grow(400 * kMiB));
}

}  // namespace
}  // namespace insula::app
