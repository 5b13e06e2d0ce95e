// Shard ids and sequence numbers are what consumers keep for days: they must mean the same whenever they come back.
#include "operations/streams/stream_shards.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace insula::operations {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(StreamShards, IdsComeBackAsTheyWere) {
  EXPECT_EQ(ShardIdOf({0, 0}), "shardId-00000000000000000000-00000000");
  EXPECT_EQ(ShardIdOf({1234, 3}), "shardId-00000000000000001234-00000003");
  for (const Shard shard : {Shard{0, 0}, Shard{17, 2}, Shard{kMax, 3}}) EXPECT_EQ(ShardFrom(ShardIdOf(shard)), shard);
  for (const char* other :
       {"", "shardId-", "shardId-00000000000000000000-00000004", "shardId-00000000000000000000-0000000g",
        "shardId-0000000000000000000x-00000000", "shardId-99999999999999999999-00000000",
        "shardId-00000000000000000000+00000000", "shardId-+0000000000000000000-00000000",
        "ShardId-00000000000000000000-00000000", "shardId-00000000000000000000-000000000"}) {
    EXPECT_EQ(ShardFrom(other), std::nullopt) << other;
  }
}

TEST(StreamShards, SequenceNumbersAreOfTheLengthThatClientsCheckFor) {
  EXPECT_EQ(SequenceNumberOf(1), "100000000000000000001");
  EXPECT_EQ(SequenceNumberOf(kMax).size(), 21U);
  EXPECT_EQ(SequenceFrom(SequenceNumberOf(kMax)), kMax);
  for (const char* other : {"", "1", "200000000000000000001", "10000000000000000000a", "1000000000000000000001",
                            "199999999999999999999", "1-0000000000000000001"}) {
    EXPECT_EQ(SequenceFrom(other), std::nullopt) << other;
  }
}

RC_GTEST_PROP(StreamShards, SequenceNumbersSortAsTextAndAsNumbers, (std::uint64_t a, std::uint64_t b)) {
  RC_ASSERT((a < b) == (SequenceNumberOf(a) < SequenceNumberOf(b)));
  RC_ASSERT(SequenceFrom(SequenceNumberOf(a)) == a);
}

TEST(StreamShards, LanesPartTheHashes) {
  std::uint64_t next = 0;
  for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
    EXPECT_EQ(HashesOf({0, lane}).first, next);
    next = HashesOf({0, lane}).last + 1;
  }
  EXPECT_EQ(next, 0U) << "the last one ends at the greatest hash";
}

TEST(StreamShards, AYoungStreamHasOneOpenGeneration) {
  const ShardMap map({.first = 1, .kept = 1, .next = 1, .last = {}}, 100);
  ASSERT_EQ(map.Shards().size(), kLanes);
  EXPECT_FALSE(map.IsClosed({0, 0}));
  EXPECT_EQ(map.ParentOf({0, 0}), std::nullopt);
  EXPECT_EQ(map.FirstOf({0, 0}), 1U);
}

TEST(StreamShards, AFullGenerationClosesAndHasChildren) {
  const ShardMap nearly({.first = 1, .kept = 1, .next = 100, .last = {}}, 100);
  EXPECT_EQ(nearly.Shards().size(), kLanes);
  EXPECT_FALSE(nearly.IsClosed({0, 1}));
  const ShardMap full({.first = 1, .kept = 1, .next = 101, .last = {}}, 100);
  EXPECT_EQ(full.Shards().size(), 2 * kLanes);
  EXPECT_TRUE(full.IsClosed({0, 1}));
  EXPECT_EQ(full.LastOf({0, 1}), 100U);
  EXPECT_FALSE(full.IsClosed({1, 1}));
  EXPECT_EQ(full.FirstOf({1, 1}), 101U);
  EXPECT_EQ(full.ParentOf({1, 1}), (Shard{0, 1}));
}

TEST(StreamShards, AStreamBeginsAndEndsWithinTheLog) {
  const ShardMap map({.first = 150, .kept = 150, .next = 320, .last = 319}, 100);
  ASSERT_EQ(map.Shards().size(), 3 * kLanes);
  EXPECT_EQ(map.Shards().front(), (Shard{1, 0}));
  EXPECT_EQ(map.FirstOf({1, 0}), 150U);
  EXPECT_EQ(map.ParentOf({1, 0}), std::nullopt) << "the log before it was no part of the stream";
  EXPECT_EQ(map.LastOf({3, 0}), 319U);
  EXPECT_TRUE(map.IsClosed({3, 0}));
  EXPECT_FALSE(map.Has({4, 0}));
}

TEST(StreamShards, TrimmedGenerationsGoAndTheLastStays) {
  const ShardMap trimmed({.first = 1, .kept = 250, .next = 320, .last = {}}, 100);
  EXPECT_FALSE(trimmed.Has({1, 0}));
  EXPECT_TRUE(trimmed.Has({2, 0}));
  EXPECT_EQ(trimmed.ParentOf({2, 0}), (Shard{1, 0})) << "named though it is gone";
  const ShardMap empty({.first = 1, .kept = 301, .next = 301, .last = 300}, 100);
  EXPECT_EQ(empty.Shards().size(), kLanes);
  EXPECT_TRUE(empty.Has({2, 0}));
  // Ended before it had a record.
  const ShardMap none({.first = 5, .kept = 5, .next = 5, .last = 4}, 100);
  ASSERT_EQ(none.Shards().size(), kLanes);
  EXPECT_TRUE(none.IsClosed({0, 0}));
}

}  // namespace
}  // namespace insula::operations
