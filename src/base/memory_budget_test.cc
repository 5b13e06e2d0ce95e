// A budget that one holder can empty keeps everybody else out; one that is carved up in advance wastes what nobody
// uses. These hold what lies between: shares of what is free, and small requests that always come through.
#include "base/memory_budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/byte_units.h"

namespace insula {
namespace {

TEST(MemoryBudgetTest, WhatEndsIsGivenBack) {
  MemoryBudget budget(10 * kMiB);
  {
    MemoryCharge charge(&budget);
    EXPECT_TRUE(charge.Grow(6 * kMiB));
    EXPECT_FALSE(charge.Grow(5 * kMiB));
    EXPECT_EQ(charge.bytes(), 6 * kMiB);
    charge.Shrink(2 * kMiB);
    EXPECT_EQ(budget.held(), 4 * kMiB);
    charge.Shrink(99 * kMiB);  // no more than it holds
    EXPECT_EQ(budget.held(), 0u);
    charge.Add(20 * kMiB);  // there already: counted, though there is no room
    EXPECT_FALSE(MemoryCharge(&budget).Grow(1));
  }
  EXPECT_EQ(budget.held(), 0u);
}

TEST(MemoryBudgetTest, ATenantAloneGetsHalfAndAnAddressThreeQuarters) {
  MemoryBudget budget(64 * kMiB);
  auto address = std::make_shared<MemoryHolder>(kAddressMemoryShare);
  MemoryCharge of_address(&budget, address);
  while (of_address.Grow(kMiB)) {
  }
  EXPECT_EQ(address->held(), 48 * kMiB);
  of_address.ShrinkTo(0);
  of_address.SetTenant(std::make_shared<MemoryHolder>(kTenantMemoryShare));
  while (of_address.Grow(kMiB)) {
  }
  EXPECT_EQ(of_address.bytes(), 32 * kMiB);
}

TEST(MemoryBudgetTest, WhoComesLaterFindsRoom) {
  MemoryBudget budget(64 * kMiB);
  std::vector<std::unique_ptr<MemoryCharge>> greedy;
  for (int i = 0; i < 3; ++i) {
    greedy.push_back(std::make_unique<MemoryCharge>(&budget));
    greedy.back()->SetTenant(std::make_shared<MemoryHolder>(kTenantMemoryShare));
    while (greedy.back()->Grow(kMiB)) {
    }
    EXPECT_GE(greedy.back()->bytes(), (32u >> i) * kMiB);
  }
  MemoryCharge late(&budget);
  late.SetTenant(std::make_shared<MemoryHolder>(kTenantMemoryShare));
  EXPECT_TRUE(late.Grow(4 * kMiB));
  greedy.clear();
  EXPECT_TRUE(late.Grow(20 * kMiB));
}

TEST(MemoryBudgetTest, SmallRequestsComeThroughWhateverTheirSenderHolds) {
  MemoryBudget budget(64 * kMiB);
  auto tenant = std::make_shared<MemoryHolder>(kTenantMemoryShare);
  MemoryCharge large(&budget);
  large.SetTenant(tenant);
  while (large.Grow(kMiB)) {
  }
  MemoryCharge small(&budget);
  small.SetTenant(tenant);
  EXPECT_TRUE(small.Grow(MemoryBudget::kSmallBytes));
  EXPECT_FALSE(small.Grow(kMiB));
}

TEST(MemoryBudgetTest, ATenantThatIsKnownLateIsChargedForWhatCameBefore) {
  MemoryBudget budget(64 * kMiB);
  auto tenant = std::make_shared<MemoryHolder>(kTenantMemoryShare);
  MemoryCharge charge(&budget);
  ASSERT_TRUE(charge.Grow(5 * kMiB));
  charge.SetTenant(tenant);
  charge.SetTenant(tenant);
  EXPECT_EQ(tenant->held(), 5 * kMiB);
  charge.SetTenant(nullptr);
  EXPECT_EQ(tenant->held(), 0u);
  EXPECT_EQ(budget.held(), 5 * kMiB);
}

TEST(MemoryBudgetTest, ATenantsLargeRequestsTakeTurns) {
  MemoryBudget budget(64 * kMiB);
  auto tenant = std::make_shared<MemoryHolder>(kTenantMemoryShare);
  std::vector<std::unique_ptr<MemoryCharge>> waiting;
  int let_in = 0;
  for (int i = 0; i < 10; ++i) {
    waiting.push_back(std::make_unique<MemoryCharge>(&budget));
    waiting.back()->SetTenant(tenant);
    let_in += waiting.back()->Pledge(20 * kMiB);
  }
  EXPECT_EQ(let_in, 3);
  MemoryCharge another(&budget);
  another.SetTenant(std::make_shared<MemoryHolder>(kTenantMemoryShare));
  EXPECT_TRUE(another.Pledge(500 * kMiB));  // alone, whatever it says
  EXPECT_EQ(budget.held(), 0u);
  waiting.clear();
  MemoryCharge next(&budget);
  next.SetTenant(tenant);
  EXPECT_TRUE(next.Pledge(60 * kMiB));
  MemoryCharge after(&budget);
  after.SetTenant(tenant);
  EXPECT_FALSE(after.Pledge(60 * kMiB));
  next.SetTenant(nullptr);
  EXPECT_TRUE(after.Pledge(60 * kMiB));
}

TEST(MemoryBudgetTest, WhatIsTakenElsewhereCantBeHeld) {
  MemoryBudget budget(64 * kMiB);
  budget.SetTakenElsewhere(60 * kMiB);
  MemoryCharge charge(&budget);
  EXPECT_FALSE(charge.Grow(5 * kMiB));
  EXPECT_FALSE(budget.HasRoomFor(5 * kMiB, nullptr));
  budget.SetTakenElsewhere(100 * kMiB);
  EXPECT_FALSE(charge.Grow(1));
  budget.SetTakenElsewhere(0);
  EXPECT_TRUE(charge.Grow(5 * kMiB));
}

TEST(MemoryBudgetTest, ManyThreadsLeaveNothingBehind) {
  MemoryBudget budget(64 * kMiB);
  auto address = std::make_shared<MemoryHolder>(kAddressMemoryShare);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20'000; ++n) {
        MemoryCharge charge(&budget, address);
        if (charge.Grow(kMiB)) charge.Shrink(kMiB / 2);
        charge.Add(10);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.held(), 0u);
  EXPECT_EQ(address->held(), 0u);
}

}  // namespace
}  // namespace insula
