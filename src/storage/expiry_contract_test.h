// The part of the engines' contract that is about items that expire (expiry.h), for engines that have it. Joins like
// EngineContract.
#pragma once

#include "model/expiry_time.h"
#include "storage/change_log.h"
#include "storage/engine_contract_test.h"
#include "storage/expiry.h"

namespace insula::storage::testing {

template <class Engines>
class ExpiryContract : public EngineContract<Engines> {
 protected:
  static TableSchema Expiring(TableSchema schema, std::string attribute = "expires_at", std::uint32_t epoch = 1) {
    schema.ttl_attribute = std::move(attribute);
    schema.epoch = epoch;
    return schema;
  }
  std::int64_t Now() { return EpochSecond(this->clock_.Now()); }
  Expired DeleteDue(const TableRef& table, std::size_t items_max = 100) {
    return Must(this->loop_.Run(this->engine_->expiry()->DeleteDue(table, this->clock_.Now(), items_max)));
  }
  std::int64_t NextDue(const TableRef& table) { return EpochSecond(this->engine_->expiry()->NextDue(table)); }
  void Rebuild(const TableRef& table) { Must(this->loop_.Run(this->engine_->expiry()->Rebuild(table))); }
  void SetSchema(const TableRef& table) { Must(this->loop_.Run(this->engine_->SetSchema(table))); }
  // Each item's "pk".
  std::set<std::string> Names(const TableRef& table, std::optional<std::uint16_t> index = std::nullopt) {
    PageRequest request{.table = table};
    request.index = index;
    std::set<std::string> names;
    for (const AttributeMap& item : this->ReadAll(request)) names.insert(*item.Find("pk")->template As<std::string>());
    return names;
  }
  using Set = std::set<std::string>;
};

TYPED_TEST_SUITE_P(ExpiryContract);

TYPED_TEST_P(ExpiryContract, WhatIsDueGoesAndAllElseStays) {
  const TableRef table = MakeTable(1, this->Expiring(HashSchema()));
  const std::int64_t now = this->Now();
  const auto put = [&](const char* name, AttributeValue ttl) {
    this->Put(table, {{"pk", S(name)}, {"expires_at", std::move(ttl)}});
  };
  put("now", N(now));
  put("long ago", N(now - 100'000));
  put("five years ago", N(now - kExpiredSecondsMax));
  put("part of a second ago", AttributeValue::N(Must(Number::Parse(std::to_string(now - 1) + ".5"))));
  put("a second later", N(now + 1));
  put("part of a second later", AttributeValue::N(Must(Number::Parse(std::to_string(now) + ".5"))));
  put("longer than five years ago", N(now - kExpiredSecondsMax - 1));
  put("in milliseconds", N(now * 1000));
  put("never", AttributeValue::N(Must(Number::Parse("1E+100"))));
  put("negative", N(-now));
  put("text", S(std::to_string(now)));
  put("nested", AttributeValue::M({{"expires_at", N(now)}}));
  this->Put(table, {{"pk", S("none")}});
  this->Put(table, {{"pk", S("another attribute")}, {"Expires_At", N(now)}});

  const Expired expired = this->DeleteDue(table);
  EXPECT_EQ(expired.items, 4u);
  EXPECT_FALSE(expired.more);
  const typename TestFixture::Set left{"a second later",
                                       "part of a second later",
                                       "longer than five years ago",
                                       "in milliseconds",
                                       "never",
                                       "negative",
                                       "text",
                                       "nested",
                                       "none",
                                       "another attribute"};
  EXPECT_EQ(this->Names(table), left);
  EXPECT_EQ(this->NextDue(table), now + 1);
  EXPECT_EQ(this->DeleteDue(table).items, 0u);
  this->clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(this->DeleteDue(table).items, 2u);
}

TYPED_TEST_P(ExpiryContract, WhoeverChangesAnItemMovesItsTime) {
  const TableRef table = MakeTable(1, this->Expiring(HashSchema()));
  const std::int64_t now = this->Now();
  const auto set = [&](const char* name, std::int64_t ttl) {
    this->Write(UpdateOfItem(table, Key(S(name)), UpdateOf("SET expires_at = :t", {{":t", N(ttl)}})));
  };
  for (const char* name : {"later", "sooner", "removed", "deleted", "touched", "replaced", "text"}) set(name, now + 10);
  set("later", now + 20);
  set("sooner", now);
  this->Write(UpdateOfItem(table, Key(S("removed")), UpdateOf("REMOVE expires_at")));
  this->Write(DeleteOf(table, Key(S("deleted"))));
  this->Write(UpdateOfItem(table, Key(S("touched")), UpdateOf("SET v = :v", {{":v", N(1)}})));
  this->Put(table, {{"pk", S("replaced")}});
  TransactWriteRequest transaction;
  transaction.writes = {PutOf(table, {{"pk", S("text")}, {"expires_at", S("x")}}),
                        PutOf(table, {{"pk", S("new")}, {"expires_at", N(now + 5)}})};
  Must(this->loop_.Run(this->engine_->TransactWrite(transaction)));

  EXPECT_EQ(this->DeleteDue(table).items, 1u);
  this->clock_.Advance(std::chrono::seconds(10));
  EXPECT_EQ(this->DeleteDue(table).items, 2u);
  EXPECT_EQ(this->Names(table), (typename TestFixture::Set{"later", "removed", "replaced", "text"}));
  this->clock_.Advance(std::chrono::seconds(10));
  EXPECT_EQ(this->DeleteDue(table).items, 1u);
  EXPECT_EQ(this->Names(table), (typename TestFixture::Set{"removed", "replaced", "text"}));
}

TYPED_TEST_P(ExpiryContract, TheLongestOverdueGoFirstAndFewAtATime) {
  const TableRef table = MakeTable(1, this->Expiring(RangeSchema(AttributeType::kN)));
  const std::int64_t now = this->Now();
  for (int i = 0; i < 10; ++i) {
    this->Put(table,
              {{"pk", S("p")}, {"sk", N(9 - i)}, {"expires_at", N(now - i / 2)}});  // sk 0 and 1 have waited longest
  }
  std::vector<std::size_t> left;
  for (bool more = true; more;) {
    const Expired expired = this->DeleteDue(table, 3);
    more = expired.more;
    EXPECT_LE(expired.items, 3u);
    EXPECT_EQ(this->NextDue(table) <= this->Now(), more) << "it is still due exactly if there is more";
    const auto items = this->ReadAll(PageRequest{.table = table});
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_GE(*items[i].Find("sk")->template As<Number>()->ToInt64(), 10 - static_cast<int>(items.size() + 1));
    }
    left.push_back(items.size());
    // What comes in between, before where the last batch ended, isn't passed over.
    if (left.size() == 2) this->Put(table, {{"pk", S("p")}, {"sk", N(100)}, {"expires_at", N(now - 100)}});
  }
  EXPECT_EQ(left, (std::vector<std::size_t>{7, 4, 2, 0}));
}

TYPED_TEST_P(ExpiryContract, IndexesAndCountersFollowAndNothingIsCharged) {
  TableSchema schema = this->Expiring(RangeSchema());
  schema.indexes = {
      MakeIndex(1, "global", {{{"g", AttributeType::kS}}, {}}),
      MakeIndex(2, "local", {{{"pk", AttributeType::kS}}, {{"g", AttributeType::kS}}}, IndexKind::kLocal)};
  const TableRef table = MakeTable(1, schema);
  const std::int64_t now = this->Now();
  for (int i = 0; i < 20; ++i) {
    this->Put(table, {{"pk", S("p" + std::to_string(i))},
                      {"sk", S("s")},
                      {"g", S("g")},
                      {"v", S(std::string(2000, 'v'))},
                      {"expires_at", N(now + (i < 15 ? 0 : 100))}});
  }
  const HalfUnits written = this->Stats(table).written;
  EXPECT_EQ(this->DeleteDue(table).items, 15u);
  for (const std::optional<std::uint16_t> index : {std::optional<std::uint16_t>(), {1}, {2}}) {
    EXPECT_EQ(this->Names(table, index), (typename TestFixture::Set{"p15", "p16", "p17", "p18", "p19"}));
  }
  const TableStats stats = this->Stats(table);
  EXPECT_EQ(stats.item_count, 5u);
  EXPECT_EQ(stats.indexes.at(0).item_count, 5u);
  EXPECT_EQ(stats.indexes.at(1).item_count, 5u);
  EXPECT_EQ(stats.size_bytes, stats.indexes.at(0).size_bytes);
  EXPECT_EQ(stats.written, written);
}

TYPED_TEST_P(ExpiryContract, TheChangeLogSaysWhoDeleted) {
  if (this->engine_->change_log() == nullptr) GTEST_SKIP() << "an engine without a change log";
  TableSchema schema = this->Expiring(HashSchema());
  schema.log_changes = true;
  const TableRef table = MakeTable(1, schema);
  const AttributeMap item{{"pk", S("a")}, {"expires_at", N(this->Now())}};
  this->Put(table, item);
  this->Put(table, {{"pk", S("b")}});
  this->Write(DeleteOf(table, Key(S("b"))));
  EXPECT_EQ(this->DeleteDue(table).items, 1u);
  const ChangePage page = Must(this->loop_.Run(this->engine_->change_log()->Read(ChangesRequest{.table = table})));
  ASSERT_EQ(page.changes.size(), 4u);
  EXPECT_FALSE(page.changes[2].by_time_to_live);
  EXPECT_TRUE(page.changes[3].by_time_to_live);
  EXPECT_EQ(Tree(page.changes[3].old_item), item);
  EXPECT_EQ(page.changes[3].new_item, std::nullopt);
}

TYPED_TEST_P(ExpiryContract, WhenSomethingIsDueIsKnownWithoutLooking) {
  const TableRef table = MakeTable(1, this->Expiring(HashSchema()));
  const std::int64_t now = this->Now();
  EXPECT_LE(this->NextDue(table), now) << "not known yet";
  EXPECT_EQ(this->DeleteDue(table).items, 0u);
  EXPECT_EQ(this->engine_->expiry()->NextDue(table), WallTime::max());
  this->Put(table, {{"pk", S("b")}, {"expires_at", N(now + 50)}});
  EXPECT_EQ(this->NextDue(table), now + 50);
  this->Put(table, {{"pk", S("a")}, {"expires_at", N(now + 40)}});
  this->Put(table, {{"pk", S("c")}, {"expires_at", N(now + 60)}});
  EXPECT_EQ(this->NextDue(table), now + 40);
  for (auto& result :
       this->loop_.Run(this->engine_->BatchWrite({PutOf(table, {{"pk", S("d")}, {"expires_at", N(now + 30)}})}))) {
    Must(std::move(result));
  }
  EXPECT_EQ(this->NextDue(table), now + 30);
  this->clock_.Advance(std::chrono::seconds(45));
  EXPECT_EQ(this->DeleteDue(table).items, 2u);
  EXPECT_EQ(this->NextDue(table), now + 50);

  this->Reopen();
  EXPECT_LE(this->NextDue(table), this->Now()) << "not known any more";
  EXPECT_EQ(this->DeleteDue(table).items, 0u);
  EXPECT_EQ(this->NextDue(table), now + 50);
  this->clock_.Advance(std::chrono::seconds(5));
  EXPECT_EQ(this->DeleteDue(table).items, 1u);
}

TYPED_TEST_P(ExpiryContract, ItComesOnAndGoesOff) {
  const std::int64_t now = this->Now();
  const TableRef off = MakeTable(1, HashSchema());
  for (int i = 0; i < 300; ++i) {
    this->Put(off, {{"pk", S(std::to_string(i))}, {"a", N(i < 200 ? now : now + 100)}, {"b", N(now + 50)}});
  }
  EXPECT_EQ(this->DeleteDue(off).items, 0u);

  const TableRef by_a = MakeTable(1, this->Expiring(HashSchema(), "a", 2));
  this->SetSchema(by_a);
  std::stop_source stopped;
  stopped.request_stop();
  const Result<void> interrupted = this->loop_.Run(this->engine_->expiry()->Rebuild(by_a, stopped.get_token()));
  ASSERT_FALSE(interrupted.ok());
  EXPECT_EQ(interrupted.error().code(), ErrorCode::kServiceUnavailable);
  this->Rebuild(by_a);
  this->Rebuild(by_a);
  EXPECT_EQ(this->DeleteDue(by_a, 1000).items, 200u);
  EXPECT_EQ(this->NextDue(by_a), now + 100);

  const TableRef by_b = MakeTable(1, this->Expiring(HashSchema(), "b", 3));
  this->SetSchema(by_b);
  this->Rebuild(by_b);
  EXPECT_EQ(this->DeleteDue(by_b).items, 0u);
  EXPECT_EQ(this->NextDue(by_b), now + 50);

  const TableRef again_off = MakeTable(1, this->Expiring(HashSchema(), "", 4));
  this->SetSchema(again_off);
  this->Rebuild(again_off);
  this->clock_.Advance(std::chrono::seconds(1000));
  EXPECT_EQ(this->DeleteDue(again_off).items, 0u);
  EXPECT_EQ(this->Stats(again_off).item_count, 100u);

  // What was kept while it was off, or never was, doesn't matter.
  const TableRef again_by_a = MakeTable(1, this->Expiring(HashSchema(), "a", 5));
  this->SetSchema(again_by_a);
  this->Rebuild(again_by_a);
  EXPECT_EQ(this->DeleteDue(again_by_a, 1000).items, 100u);
}

// The other attribute's rows are still there: as after a crash between the two steps of a change.
TYPED_TEST_P(ExpiryContract, WhatAnotherAttributeSaidDeletesNothing) {
  const std::int64_t now = this->Now();
  const TableRef by_a = MakeTable(1, this->Expiring(HashSchema(), "a"));
  for (int i = 0; i < 10; ++i) this->Put(by_a, {{"pk", S(std::to_string(i))}, {"a", N(now)}, {"b", N(now + i)}});
  const TableRef by_b = MakeTable(1, this->Expiring(HashSchema(), "b", 2));
  this->SetSchema(by_b);
  EXPECT_EQ(this->DeleteDue(by_b).items, 1u) << "the one that both agree on";
  EXPECT_EQ(this->Names(by_b).size(), 9u);
  EXPECT_EQ(this->DeleteDue(by_b).items, 0u);
  EXPECT_GT(this->NextDue(by_b), now) << "what is stale is no reason to look again";
}

TYPED_TEST_P(ExpiryContract, ItComesOnWhileWritersGoOn) {
  const std::int64_t now = this->Now();
  const TableRef off = MakeTable(1, HashSchema());
  std::map<std::string, std::int64_t> expected;
  const auto put = [&](const TableRef& table, int i, std::int64_t ttl) {
    expected[std::to_string(i)] = ttl;
    return PutOf(table, {{"pk", S(std::to_string(i))}, {"expires_at", N(ttl)}});
  };
  for (int i = 0; i < 400; ++i) this->Write(put(off, i, now + i % 7));
  const TableRef on = MakeTable(1, this->Expiring(HashSchema(), "expires_at", 2));
  this->SetSchema(on);
  struct Both {
    static Task<Result<void>> Write(Engine* engine, std::vector<WriteRequest> requests) {
      for (WriteRequest& request : requests) {
        INSULA_CO_ASSIGN(const WriteOutcome written, co_await engine->Write(std::move(request)));
        EXPECT_TRUE(written.condition_met);
      }
      co_return Result<void>();
    }
  };
  std::vector<WriteRequest> writes;
  for (int i = 0; i < 200; ++i) writes.push_back(put(on, (i * 37) % 500, now + (i * 5) % 11));
  for (int i = 0; i < 30; ++i) {
    const std::string name = std::to_string(i * 13);
    expected.erase(name);
    writes.push_back(DeleteOf(on, Key(S(name))));
  }
  std::vector<Task<Result<void>>> tasks;
  tasks.push_back(this->engine_->expiry()->Rebuild(on));
  tasks.push_back(Both::Write(this->engine_.get(), std::move(writes)));
  for (auto& result : this->loop_.RunAll(std::move(tasks))) Must(std::move(result));

  for (int second = 0; second < 12; ++second) {
    const std::size_t before = expected.size();
    std::erase_if(expected, [&](const auto& item) { return item.second <= this->Now(); });
    EXPECT_EQ(this->DeleteDue(on, 1000).items, before - expected.size()) << "in second " << second;
    EXPECT_EQ(this->Stats(on).item_count, expected.size());
    this->clock_.Advance(std::chrono::seconds(1));
  }
  EXPECT_TRUE(expected.empty());
}

TYPED_TEST_P(ExpiryContract, AgreesWithAMapOnRandomWrites) {
  const auto seed = static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed());
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const TableRef table = MakeTable(1, this->Expiring(HashSchema()));
  std::map<std::string, std::int64_t> expected;  // when it expires; 0: never
  for (int round = 0; round < 400; ++round) {
    const std::string name = std::to_string(below(40));
    const std::int64_t ttl = this->Now() + below(20) - 5;
    switch (below(6)) {
      case 0:
      case 1:
        this->Put(table, {{"pk", S(name)}, {"expires_at", N(ttl)}});
        expected[name] = ttl;
        break;
      case 2:
        this->Put(table, {{"pk", S(name)}});
        expected[name] = 0;
        break;
      case 3:
        this->Write(DeleteOf(table, Key(S(name))));
        expected.erase(name);
        break;
      case 4:
        this->clock_.Advance(std::chrono::milliseconds(below(3000)));
        break;
      case 5: {
        while (this->DeleteDue(table, static_cast<std::size_t>(1 + below(3))).more) {
        }
        std::erase_if(expected, [&](const auto& item) { return item.second > 0 && item.second <= this->Now(); });
        std::set<std::string> names;
        for (const auto& [each, second] : expected) names.insert(each);
        ASSERT_EQ(this->Names(table), names) << "in round " << round;
        if (below(10) == 0) this->Reopen();
        break;
      }
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(ExpiryContract, WhatIsDueGoesAndAllElseStays, WhoeverChangesAnItemMovesItsTime,
                            TheLongestOverdueGoFirstAndFewAtATime, IndexesAndCountersFollowAndNothingIsCharged,
                            TheChangeLogSaysWhoDeleted, WhenSomethingIsDueIsKnownWithoutLooking, ItComesOnAndGoesOff,
                            WhatAnotherAttributeSaidDeletesNothing, ItComesOnWhileWritersGoOn,
                            AgreesWithAMapOnRandomWrites);

}  // namespace insula::storage::testing
