// The bytes in the store are a promise to later versions: these tests hold the grammars of docs/data_format.md.
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "storage/rocks/change_log.h"
#include "storage/rocks/index_row.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/page_range.h"
#include "storage/rocks/table_counters.h"
#include "storage/rocks/tokens.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary
using namespace std::string_literals;      // NOLINT

TEST(KeyFormat, AnItemsRow) {
  const TableRef table = MakeTable(0x0102030405060708, RangeSchema());
  const std::string key = ItemRowKey(table, Key(S("ab"), S("range")));
  EXPECT_EQ(key.substr(0, 17), "\x00\x00\x00\x0b\x00\x00\x00\x07\x01\x02\x03\x04\x05\x06\x07\x08\x01"s);
  EXPECT_EQ(key.substr(17 + 8), "\x00\x02"s + "abrange");
  EXPECT_EQ(CountersRowKey(table), key.substr(0, 16) + "\x03"s);
  EXPECT_EQ(CollectionRowKey(key), key.substr(0, 16) + "\x04"s + key.substr(17, 8) + "\x00\x02"s + "ab");
}

TEST(KeyFormat, AnIndexRowEndsInTheItemsKey) {
  IndexSchema index = MakeIndex(0x0304, "i", {{{"h", AttributeType::kS}}, {{"r", AttributeType::kB}}});
  const TableRef table = MakeTable(1, RangeSchema());
  const std::string item = ItemRowKey(table, Key(S("a"), S("b")));
  const auto key = IndexRowKeyOf(table, index, {{"h", S("x")}, {"r", B("\0y"s)}}, item);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->substr(0, 19), item.substr(0, 16) + "\x02\x03\x04"s);
  EXPECT_EQ(key->substr(19 + 8, 3), "\x00\x01x"s);
  EXPECT_EQ(key->substr(19 + 11), "\x00\xFFy\x00\x01"s + item.substr(17));
  EXPECT_EQ(ItemRowKeyFrom(*key, index), item);
}

RC_GTEST_PROP(KeyFormat, PartsKeepTheOrderOfText, (const std::string& a, const std::string& b)) {
  std::string part_a, part_b;
  AppendPart(B(a), &part_a);
  AppendPart(B(b), &part_b);
  RC_ASSERT((a < b) == (part_a < part_b));
  // Whatever follows: no part is the beginning of another.
  RC_ASSERT(a == b || !part_a.starts_with(part_b));
}

RC_GTEST_PROP(KeyFormat, TheSuccessorIsAfterEverythingWithThePrefix, (std::string prefix, const std::string& rest)) {
  const std::string successor = SuccessorOf(prefix);
  if (successor.empty()) {
    RC_ASSERT(prefix.find_first_not_of('\xFF') == std::string::npos);
  } else {
    RC_ASSERT(prefix + rest < successor);
    RC_ASSERT(prefix < successor);
  }
}

RC_GTEST_PROP(PageRange, SegmentsMeetWithoutGapOrOverlap, (std::uint64_t hash)) {
  const std::uint32_t total = *rc::gen::inRange<std::uint32_t>(1, 1'000'000);
  __extension__ using Uint128 = unsigned __int128;
  const auto number = static_cast<std::uint32_t>(static_cast<Uint128>(hash) * total >> 64);
  RC_ASSERT(FirstHashOf(number, total) <= hash);
  if (number + 1 < total) RC_ASSERT(hash < FirstHashOf(number + 1, total));
}

TEST(Counters, RoundTripAndDamage) {
  TableCounters counters;
  counters.items = 3;
  counters.bytes = 1000;
  counters.written_halves = 77;
  counters.change_sequence = 5;
  counters.indexes = {{1, 2, 300, 0}, {9, 0, 0, 0}};
  std::string bytes;
  AppendCounters(counters, &bytes);
  EXPECT_EQ(bytes, "\x01\x03\xE8\x07\x4D\x05\x02\x01\x02\xAC\x02\x09\x00\x00"s);
  TableCounters read = Must(CountersFrom(bytes));
  EXPECT_EQ(read.items, 3);
  EXPECT_EQ(read.indexes.at(0).bytes, 300);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(CountersFrom(bytes.substr(0, cut)).ok()) << cut;
  }
  EXPECT_FALSE(CountersFrom(bytes + "x").ok());
  EXPECT_FALSE(CountersFrom("\x03" + bytes.substr(1)).ok()) << "a version from the future";
}

// Vectors of long numbers take more than the floats they are billed as, those of short ones less.
TEST(Counters, WhatVectorsTakeBeyondTheirFloats) {
  for (const std::int64_t excess : {1, -1, 300, -300}) {
    TableCounters counters;
    counters.indexes = {{1, 2, 300, 0}, {9, 1, 20, excess}};
    std::string bytes;
    AppendCounters(counters, &bytes);
    const TableCounters read = Must(CountersFrom(bytes));
    EXPECT_EQ(read.indexes.at(0).vector_excess, 0);
    EXPECT_EQ(read.indexes.at(1).vector_excess, excess);
    EXPECT_EQ(read.indexes.at(1).bytes, 20);
  }
}

TEST(ChangeLog, RoundTripAndDamage) {
  const WallTime time{std::chrono::microseconds(1'700'000'000'000'000)};
  std::string value = ChangeHead(time) + ChangeBody("key", std::nullopt, "new", false);
  EXPECT_EQ(value.substr(value.size() - 9), "\x02\x03key\x03new"s);
  const ChangeRecord record = Must(ChangeRecordFrom(value));
  EXPECT_EQ(record.committed_at, time);
  EXPECT_EQ(record.key, "key");
  EXPECT_EQ(record.old_item, std::nullopt);
  EXPECT_EQ(record.new_item, "new");
  EXPECT_FALSE(record.by_time_to_live);
  for (std::size_t cut = 0; cut < value.size(); ++cut) {
    EXPECT_FALSE(ChangeRecordFrom(value.substr(0, cut)).ok()) << cut;
  }
  value = ChangeHead(time) + ChangeBody("key", "old", std::nullopt, true);
  EXPECT_EQ(value.substr(value.size() - 9), "\x05\x03key\x03old"s);
  EXPECT_TRUE(Must(ChangeRecordFrom(value)).by_time_to_live);
  value[value.size() - 9] = 9;
  EXPECT_FALSE(ChangeRecordFrom(value).ok()) << "a flag from the future";
  EXPECT_EQ(ChangeRowKey(Incarnation(1), 258), "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\1\2"s);
}

TEST(Tokens, OldOnesAreOneRange) {
  const WallTime now{std::chrono::seconds(1'700'000'000)};
  const std::string row = TokenRowKey(now, "context/token");
  EXPECT_LT(FirstLiveTokenRowKey(now + kTokenLifetime - std::chrono::seconds(1)), row);
  EXPECT_GT(FirstLiveTokenRowKey(now + 2 * kTokenLifetime), row);
  const TokenRecord record = Must(TokenRecordFrom(TokenRowValue({now, "fingerprint"})));
  EXPECT_EQ(record.committed_at, now);
  EXPECT_EQ(record.fingerprint, "fingerprint");
}

TEST(Tokens, RoundTripAndTheVersionWithoutSizes) {
  const WallTime now{std::chrono::microseconds(300)};
  const std::string row = TokenRowValue({now, "fp", {9000, 0}});
  EXPECT_EQ(row, "\x02\xAC\x02\x02\xA8\x46\x00"s + "fp");
  const TokenRecord record = Must(TokenRecordFrom(row));
  EXPECT_EQ(record.fingerprint, "fp");
  EXPECT_EQ(record.sizes, (std::vector<std::uint64_t>{9000, 0}));
  const TokenRecord old = Must(TokenRecordFrom("\x01\xAC\x02"s + "fp"));
  EXPECT_EQ(old.fingerprint, "fp");
  EXPECT_TRUE(old.sizes.empty());
  EXPECT_FALSE(TokenRecordFrom("\x03\xAC\x02"s + "fp").ok());
}

}  // namespace
}  // namespace insula::storage::rocks
