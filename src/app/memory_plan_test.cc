// A process that is given less than its caches take would be killed under load; it has to say so before it serves.
#include "app/memory_plan.h"

#include <gtest/gtest.h>

#include "base/byte_units.h"

namespace insula::app {
namespace {

TEST(MemoryPlanTest, HalfOfTheMachineUnlessToldOtherwise) {
  Settings settings;
  const auto half = PlanMemory(settings, 8 * kGiB);
  ASSERT_TRUE(half.ok()) << half.error().message();
  EXPECT_EQ(half->bytes_max, 4 * kGiB);
  EXPECT_EQ(half->caches, 384 * kMiB);
  EXPECT_EQ(half->caches + half->own + half->requests, half->bytes_max);
  settings.memory_bytes_max = static_cast<std::int64_t>(1 * kGiB);
  EXPECT_EQ(PlanMemory(settings, 8 * kGiB)->bytes_max, 1 * kGiB);
}

TEST(MemoryPlanTest, ASmallMachineIsEnoughForTheDefaults) {
  const auto plan = PlanMemory(Settings(), 1 * kGiB);
  ASSERT_TRUE(plan.ok()) << plan.error().message();
  EXPECT_GE(plan->requests, 32 * kMiB);
}

TEST(MemoryPlanTest, TooLittleIsSaidWithWhatItIsFor) {
  const auto little = PlanMemory(Settings(), 512 * kMiB);
  ASSERT_FALSE(little.ok());
  EXPECT_EQ(little.error().message(),
            "limits.memory_bytes_max is 256 MiB (half of this machine's 512 MiB): too little for 384 MiB of caches "
            "(engine.block_cache_bytes and engine.write_buffer_bytes), 80 MiB for the program and 32 MiB for requests "
            "(2 times limits.body_bytes_max). Allow more, or make one of these smaller");
  Settings settings;
  settings.block_cache_bytes = settings.write_buffer_bytes = static_cast<std::int64_t>(32 * kMiB);
  EXPECT_TRUE(PlanMemory(settings, 512 * kMiB).ok());
}

TEST(MemoryPlanTest, TheMachineHasMemory) { EXPECT_GT(MachineMemory(), 64 * kMiB); }

}  // namespace
}  // namespace insula::app
