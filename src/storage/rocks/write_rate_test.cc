#include "storage/rocks/write_rate.h"

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace insula::storage::rocks {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr auto kLow = rocksdb::Env::IO_LOW;
constexpr auto kHigh = rocksdb::Env::IO_HIGH;

TEST(WriteRate, LetsThroughNoMoreThanItsRate) {
  WriteRate rate(10'000'000);
  const auto started = steady_clock::now();
  for (int i = 0; i < 50; ++i) rate.Request(rate.GetSingleBurstBytes() / 10, kLow, nullptr);
  // 5 MB: half a second, of which a tenth may be caught up with at the start.
  EXPECT_GE(duration<double>(steady_clock::now() - started).count(), 0.38);
  EXPECT_EQ(rate.GetTotalBytesThrough(kLow), 5'000'000);
  EXPECT_EQ(rate.GetTotalBytesThrough(rocksdb::Env::IO_TOTAL), 5'000'000);
  EXPECT_EQ(rate.GetTotalBytesThrough(kHigh), 0);
  EXPECT_EQ(rate.GetTotalRequests(rocksdb::Env::IO_TOTAL), 50);
}

TEST(WriteRate, DoesNotHoldUpWhatIsBelowIt) {
  WriteRate rate(1'000'000'000);
  const auto started = steady_clock::now();
  for (int i = 0; i < 1000; ++i) rate.Request(1, kHigh, nullptr);
  EXPECT_LT(duration<double>(steady_clock::now() - started).count(), 0.5);
}

// Threads that come and go, each with requests of its own sizes: a limiter whose threads wake each other hung here.
TEST(WriteRate, LeavesNobodyWaitingWhenOthersHaveGone) {
  constexpr int kRounds = 40;
  std::atomic<int> through{0};
  for (int round = 0; round < kRounds; ++round) {
    WriteRate rate(1'000'000);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, i] {
        std::mt19937 random(static_cast<unsigned>(round * 3 + i));
        for (int request = 0; request < 6; ++request) {
          rate.Request(3000 + static_cast<int>(random() % 7000), i == 0 ? kHigh : kLow, nullptr);
          ++through;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(through, kRounds * 3 * 6);
}

}  // namespace
}  // namespace insula::storage::rocks
