// Shard ids and sequence numbers are what consumers keep for days: they must mean the same whenever they come back.
#include "operations/streams/stream_shards.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace insula::operations {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
constexpr Shard kFirst{0, 1, 0};

// Of streams that begin with one lane.
StreamLanes OneLane(std::vector<std::uint64_t> splits = {}) { return {1, std::move(splits), {}}; }

TEST(StreamShards, IdsComeBackAsTheyWere) {
  EXPECT_EQ(ShardIdOf(kFirst), "shardId-00000000000000000000-00000004");
  EXPECT_EQ(ShardIdOf({7, 2, 1}), "shardId-00000000000000000007-00000009");
  EXPECT_EQ(ShardIdOf({0, 8, 7}), "shardId-00000000000000000000-00000027");
  // As they were before streams had other numbers of lanes.
  EXPECT_EQ(ShardIdOf({0, 4, 0}), "shardId-00000000000000000000-00000000");
  EXPECT_EQ(ShardIdOf({1234, 4, 3}), "shardId-00000000000000001234-00000003");
  for (std::uint32_t lanes = 1; lanes <= 1024; lanes *= 2) {
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
      const Shard shard{17, lanes, lane};
      EXPECT_EQ(ShardFrom(ShardIdOf(shard)), shard);
    }
  }
  EXPECT_EQ(ShardFrom(ShardIdOf({kMax, 1, 0})), (Shard{kMax, 1, 0}));
  for (const char* other : {"", "shardId-", "shardId-00000000000000000000-00000005",
                            "shardId-00000000000000000000-0000000a", "shardId-00000000000000000000-00000010",
                            "shardId-00000000000000000000-ffffffff", "shardId-00000000000000000000-0000000g",
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
  for (std::uint32_t lanes = 1; lanes <= 64; lanes *= 2) {
    std::uint64_t next = 0;
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
      EXPECT_EQ(HashesOf({0, lanes, lane}).first, next);
      next = HashesOf({0, lanes, lane}).last + 1;
    }
    EXPECT_EQ(next, 0U) << "the last one ends at the greatest hash";
  }
  EXPECT_EQ(HashesOf(kFirst), storage::HashRange());
}

TEST(StreamShards, AYoungStreamHasOneOpenShard) {
  const ShardMap map({.first = 1, .kept = 1, .next = 1, .last = {}}, OneLane(), 100);
  EXPECT_EQ(map.Shards(), std::vector<Shard>{kFirst});
  EXPECT_FALSE(map.IsClosed(kFirst));
  EXPECT_EQ(map.ParentOf(kFirst), std::nullopt);
  EXPECT_EQ(map.FirstOf(kFirst), 1U);
}

TEST(StreamShards, AFullGenerationClosesAndHasChildren) {
  const ShardMap nearly({.first = 1, .kept = 1, .next = 100, .last = {}}, OneLane(), 100);
  EXPECT_EQ(nearly.Shards().size(), 1U);
  EXPECT_FALSE(nearly.IsClosed(kFirst));
  const ShardMap full({.first = 1, .kept = 1, .next = 101, .last = {}}, OneLane(), 100);
  const Shard child{1, 1, 0};
  EXPECT_EQ(full.Shards(), (std::vector<Shard>{kFirst, child}));
  EXPECT_TRUE(full.IsClosed(kFirst));
  EXPECT_EQ(full.LastOf(kFirst), 100U);
  EXPECT_FALSE(full.IsClosed(child));
  EXPECT_EQ(full.FirstOf(child), 101U);
  EXPECT_EQ(full.ParentOf(child), kFirst);
}

// DynamoDB's: "shards can be split; the parent is closed, and its children name it".
TEST(StreamShards, ASplitClosesEachShardAndGivesItTwoChildren) {
  const StreamExtent before{.first = 1, .kept = 1, .next = 39, .last = {}};
  const StreamLanes lanes = OneLane({40, 60});
  EXPECT_EQ(ShardMap(before, lanes, 100).Shards(), std::vector<Shard>{kFirst}) << "the log has not got there";
  EXPECT_FALSE(ShardMap(before, lanes, 100).IsClosed(kFirst));
  const ShardMap map({.first = 1, .kept = 1, .next = 130, .last = {}}, lanes, 100);
  const Shard left{0, 2, 0}, right{0, 2, 1};
  EXPECT_EQ(map.Shards(), (std::vector<Shard>{kFirst,
                                              left,
                                              right,
                                              {0, 4, 0},
                                              {0, 4, 1},
                                              {0, 4, 2},
                                              {0, 4, 3},
                                              {1, 4, 0},
                                              {1, 4, 1},
                                              {1, 4, 2},
                                              {1, 4, 3}}));
  EXPECT_TRUE(map.IsClosed(kFirst));
  EXPECT_EQ(map.LastOf(kFirst), 39U);
  for (const Shard& child : {left, right}) {
    EXPECT_EQ(map.ParentOf(child), kFirst);
    EXPECT_EQ(map.FirstOf(child), 40U);
    EXPECT_EQ(map.LastOf(child), 59U);
    EXPECT_TRUE(map.IsClosed(child));
  }
  EXPECT_EQ(map.ParentOf({0, 4, 1}), left);
  EXPECT_EQ(map.ParentOf({0, 4, 2}), right);
  EXPECT_EQ(map.ParentOf({1, 4, 2}), (Shard{0, 4, 2})) << "rolled over";
  EXPECT_FALSE(map.HadEver({1, 1, 0}));
  EXPECT_FALSE(map.HadEver({0, 8, 0}));
  // A child has half of its parent's hashes.
  EXPECT_EQ(HashesOf(left).first, HashesOf(kFirst).first);
  EXPECT_EQ(HashesOf(right).last, HashesOf(kFirst).last);
  EXPECT_EQ(HashesOf(left).last + 1, HashesOf(right).first);
}

TEST(StreamShards, ASplitMayFallOnTheEndOfAGeneration) {
  const ShardMap map({.first = 1, .kept = 1, .next = 130, .last = {}}, OneLane({101}), 100);
  EXPECT_EQ(map.Shards(), (std::vector<Shard>{kFirst, {1, 2, 0}, {1, 2, 1}}));
  EXPECT_EQ(map.ParentOf({1, 2, 1}), kFirst);
}

TEST(StreamShards, NobodyReadsBeyondAPlannedSplit) {
  StreamLanes lanes = OneLane();
  lanes.planned_split = 50;
  const ShardMap map({.first = 1, .kept = 1, .next = 60, .last = {}}, lanes, 100);
  EXPECT_EQ(map.ReadableUpTo(kFirst), 49U);
  EXPECT_EQ(map.LastOf(kFirst), 100U) << "it is no split yet";
  EXPECT_EQ(map.Shards(), std::vector<Shard>{kFirst});
}

// Streams that were made before there were other numbers of lanes: consumers hold their ids.
TEST(StreamShards, AStreamOfFourLanesGoesOnAsItWas) {
  const ShardMap map({.first = 1, .kept = 1, .next = 101, .last = {}}, StreamLanes(), 100);
  EXPECT_EQ(map.Shards().size(), 8U);
  EXPECT_EQ(map.ParentOf({1, 4, 2}), (Shard{0, 4, 2}));
  EXPECT_EQ(HashesOf({0, 4, 1}), (storage::HashRange{kMax / 4 + 1, kMax / 2}));
  EXPECT_FALSE(map.Has(kFirst));
  const ShardMap split({.first = 1, .kept = 1, .next = 70, .last = {}}, {4, {50}, {}}, 100);
  EXPECT_EQ(split.Shards().size(), 12U);
  EXPECT_EQ(split.ParentOf({0, 8, 5}), (Shard{0, 4, 2}));
}

TEST(StreamShards, AStreamBeginsAndEndsWithinTheLog) {
  const ShardMap map({.first = 150, .kept = 150, .next = 320, .last = 319}, OneLane(), 100);
  EXPECT_EQ(map.Shards(), (std::vector<Shard>{{1, 1, 0}, {2, 1, 0}, {3, 1, 0}}));
  EXPECT_EQ(map.FirstOf({1, 1, 0}), 150U);
  EXPECT_EQ(map.ParentOf({1, 1, 0}), std::nullopt) << "the log before it was no part of the stream";
  EXPECT_EQ(map.LastOf({3, 1, 0}), 319U);
  EXPECT_TRUE(map.IsClosed({3, 1, 0}));
  EXPECT_FALSE(map.Has({4, 1, 0}));
}

TEST(StreamShards, TrimmedShardsGoAndTheLastStays) {
  const ShardMap trimmed({.first = 1, .kept = 250, .next = 320, .last = {}}, OneLane({220}), 100);
  EXPECT_FALSE(trimmed.Has({1, 1, 0}));
  EXPECT_TRUE(trimmed.HadEver({1, 1, 0}));
  EXPECT_FALSE(trimmed.Has({2, 1, 0}));
  EXPECT_TRUE(trimmed.Has({2, 2, 0}));
  EXPECT_EQ(trimmed.ParentOf({2, 2, 0}), (Shard{2, 1, 0})) << "named though it is gone";
  const ShardMap empty({.first = 1, .kept = 301, .next = 301, .last = 300}, OneLane(), 100);
  EXPECT_EQ(empty.Shards(), (std::vector<Shard>{{2, 1, 0}}));
  // Ended before it had a record.
  const ShardMap none({.first = 5, .kept = 5, .next = 5, .last = 4}, OneLane(), 100);
  ASSERT_EQ(none.Shards().size(), 1U);
  EXPECT_TRUE(none.IsClosed(kFirst));
}

}  // namespace
}  // namespace insula::operations
