// Attempts are bounded for each key, whatever others do, and so is what is remembered of them.
#include "federation/attempts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace insula::federation {
namespace {

using std::chrono::milliseconds;

// How many of so many tries were let through.
int Passed(Attempts& attempts, std::string_view key, int tries) {
  int passed = 0;
  for (int i = 0; i < tries; ++i) passed += attempts.Take(key).ok() ? 1 : 0;
  return passed;
}

TEST(Attempts, FiveSecondsWorthAtOnceAndThenTheRate) {
  ManualClock clock;
  Attempts attempts(clock, 20);
  EXPECT_EQ(Passed(attempts, "192.0.2.1", 150), 100);
  const auto refused = attempts.Take("192.0.2.1");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kThrottling);
  EXPECT_EQ(refused.error().message(), "Rate exceeded");
  clock.Advance(milliseconds(49));
  EXPECT_EQ(Passed(attempts, "192.0.2.1", 10), 0) << "what is refused is not made up for";
  clock.Advance(milliseconds(1));
  EXPECT_EQ(Passed(attempts, "192.0.2.1", 10), 1);
  clock.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Passed(attempts, "192.0.2.1", 150), 20);
  clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(Passed(attempts, "192.0.2.1", 150), 100) << "no more is saved";
}

TEST(Attempts, NobodyUsesUpAnothers) {
  ManualClock clock;
  Attempts attempts(clock, 1);
  EXPECT_EQ(Passed(attempts, "192.0.2.1", 50), 5);
  EXPECT_EQ(Passed(attempts, "192.0.2.2", 50), 5);
  EXPECT_EQ(Passed(attempts, "", 50), 5);
}

TEST(Attempts, ThoseThatTriedLongestAgoAreForgotten) {
  ManualClock clock;
  Attempts attempts(clock, 1, 3);
  EXPECT_EQ(Passed(attempts, "a", 5), 5);
  EXPECT_EQ(Passed(attempts, "b", 5), 5);
  EXPECT_EQ(Passed(attempts, "c", 5), 5);
  EXPECT_EQ(Passed(attempts, "a", 5), 0);  // so it was used after the others
  EXPECT_EQ(Passed(attempts, "d", 5), 5);  // in the place of b
  EXPECT_EQ(Passed(attempts, "a", 5), 0);
  EXPECT_EQ(Passed(attempts, "c", 5), 0);
  EXPECT_EQ(Passed(attempts, "b", 5), 5);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Passed(attempts, fmt::format("key {}", i), 6), 5);
}

TEST(Attempts, ThreadsShareWhatThereIs) {
  ManualClock clock;
  Attempts attempts(clock, 1000);
  std::vector<int> passed(4);
  std::vector<std::thread> threads;
  for (int& of_one : passed) threads.emplace_back([&] { of_one = Passed(attempts, "issuer", 3000); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(passed[0] + passed[1] + passed[2] + passed[3], 5000);
}

}  // namespace
}  // namespace insula::federation
