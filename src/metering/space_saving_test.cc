// What Space-Saving promises, against a map that remembers everything.
#include "metering/space_saving.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace insula::metering {
namespace {

const SpaceSaving::Counter* Find(const SpaceSaving& sketch, std::string_view key) {
  for (const auto& counter : sketch.counters()) {
    if (counter.key == key) return &counter;
  }
  return nullptr;
}

TEST(SpaceSaving, CountsExactlyWhileThereIsRoom) {
  SpaceSaving sketch(3);
  sketch.Add("a", 2);
  sketch.Add("b", 5);
  sketch.Add("a", 1);
  EXPECT_EQ(sketch.total(), 8u);
  EXPECT_EQ(sketch.missed_max(), 0u);
  ASSERT_NE(Find(sketch, "a"), nullptr);
  EXPECT_EQ(Find(sketch, "a")->weight, 3u);
  EXPECT_EQ(Find(sketch, "a")->error, 0u);
  EXPECT_EQ(Find(sketch, "b")->weight, 5u);
  EXPECT_EQ(sketch.key_bytes(), 2u);
}

TEST(SpaceSaving, TheLightestGivesWay) {
  SpaceSaving sketch(2);
  sketch.Add("heavy", 10);
  sketch.Add("light", 3);
  sketch.Add("new", 1);
  EXPECT_EQ(Find(sketch, "light"), nullptr);
  EXPECT_EQ(Find(sketch, "new")->weight, 4u);
  EXPECT_EQ(Find(sketch, "new")->error, 3u);
  EXPECT_EQ(sketch.missed_max(), 4u);
  EXPECT_EQ(sketch.key_bytes(), 8u);
}

TEST(SpaceSaving, AHotKeyIsFoundAmongManyThousands) {
  SpaceSaving sketch(64);
  for (int i = 0; i < 100'000; ++i) {
    sketch.Add("key" + std::to_string(i), 1);
    if (i % 20 == 0) sketch.Add("hot", 1);
  }
  const auto* hot = Find(sketch, "hot");
  ASSERT_NE(hot, nullptr);
  EXPECT_GE(hot->weight, 5000u);
  EXPECT_LE(hot->weight - hot->error, 5000u);
}

RC_GTEST_PROP(SpaceSavingProperty, KeepsItsPromises, ()) {
  const auto capacity = *rc::gen::inRange<std::size_t>(1, 9);
  const auto stream = *rc::gen::container<std::vector<std::pair<int, unsigned>>>(
      rc::gen::pair(rc::gen::inRange(0, 20), rc::gen::inRange(0u, 100u)));
  SpaceSaving sketch(capacity);
  std::map<std::string, std::uint64_t> truth;
  std::uint64_t total = 0;
  for (const auto& [number, weight] : stream) {
    const std::string key = "key" + std::to_string(number);
    sketch.Add(key, weight);
    truth[key] += weight;
    total += weight;
  }
  RC_ASSERT(sketch.total() == total);
  RC_ASSERT(sketch.counters().size() <= capacity);
  std::size_t key_bytes = 0;
  for (const auto& counter : sketch.counters()) {
    RC_ASSERT(counter.weight >= truth[counter.key]);
    RC_ASSERT(counter.weight - counter.error <= truth[counter.key]);
    key_bytes += counter.key.size();
  }
  RC_ASSERT(sketch.key_bytes() == key_bytes);
  for (const auto& [key, weight] : truth) {
    if (Find(sketch, key) != nullptr) continue;
    RC_ASSERT(weight <= sketch.missed_max());
    RC_ASSERT(weight * capacity <= total);
  }
}

}  // namespace
}  // namespace insula::metering
