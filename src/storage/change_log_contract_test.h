// What every engine with a change log promises of it; on the fixture of engine_contract_test.h.
#pragma once

#include "storage/change_log.h"
#include "storage/engine_contract_test.h"

namespace insula::storage::testing {

template <class Engines>
class ChangeLogContract : public EngineContract<Engines> {
 protected:
  static TableRef LoggedTable(std::uint64_t incarnation = 1) {
    TableSchema schema = RangeSchema();
    schema.log_changes = true;
    return MakeTable(incarnation, std::move(schema));
  }
  static AttributeMap Item(const std::string& hash, const std::string& range, std::string v = "v") {
    return {{"pk", S(hash)}, {"sk", S(range)}, {"v", S(std::move(v))}};
  }
  ChangeLog& log() { return *this->engine_->change_log(); }
  ChangePage ReadChanges(ChangesRequest request) { return Must(this->loop_.Run(log().Read(std::move(request)))); }
  ChangePage ReadChanges(const TableRef& table, std::uint64_t after = 0) {
    ChangesRequest request{.table = table};
    request.after = after;
    return ReadChanges(std::move(request));
  }
  std::optional<Refusal> WhyNot(ChangesRequest request) {
    const Result<ChangePage> page = this->loop_.Run(log().Read(std::move(request)));
    EXPECT_FALSE(page.ok());
    return page.ok() ? std::nullopt : RefusalOf(page.error());
  }
  ChangeBounds Bounds(const TableRef& table) { return Must(this->loop_.Run(log().Bounds(table))); }
  std::uint64_t Find(const TableRef& table, WallTime time) { return Must(this->loop_.Run(log().Find(table, time))); }
  void Trim(const TableRef& table, std::uint64_t first_kept) { Must(this->loop_.Run(log().Trim(table, first_kept))); }
};

TYPED_TEST_SUITE_P(ChangeLogContract);

TYPED_TEST_P(ChangeLogContract, EveryChangeIsARecordInOrder) {
  const TableRef table = this->LoggedTable();
  EXPECT_EQ(this->Bounds(table).first, 1u);
  EXPECT_EQ(this->Bounds(table).next, 1u);
  EXPECT_TRUE(this->ReadChanges(table).changes.empty());

  this->Put(table, this->Item("a", "1", "old"));
  this->clock_.Advance(std::chrono::seconds(5));
  this->Put(table, this->Item("a", "1", "new"));
  this->Put(table, this->Item("a", "1", "new"));  // as it was: no change
  this->Write(UpdateOfItem(table, Key(S("a"), S("2")), UpdateOf("SET v = :v", {{":v", N(1)}})));
  WriteRequest expired = DeleteOf(table, Key(S("a"), S("1")));
  expired.by_time_to_live = true;
  this->Write(expired);
  this->Write(DeleteOf(table, Key(S("a"), S("2"))));
  this->Write(DeleteOf(table, Key(S("a"), S("3"))));  // there is none: no change
  WriteRequest refused = PutOf(table, this->Item("b", "1"));
  refused.condition = ConditionOf("attribute_exists(pk)");
  this->Write(refused);

  for (const bool reopened : {false, true}) {
    if (reopened) this->Reopen();
    const ChangePage page = this->ReadChanges(table);
    ASSERT_EQ(page.changes.size(), 5u);
    EXPECT_EQ(page.read_up_to, 5u);
    EXPECT_FALSE(page.more);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(page.changes[i].sequence, i + 1);
    const auto& changes = page.changes;
    EXPECT_EQ(changes[0].key, Key(S("a"), S("1")));
    EXPECT_EQ(Tree(changes[0].old_item), std::nullopt);
    EXPECT_EQ(Tree(changes[0].new_item), this->Item("a", "1", "old"));
    EXPECT_EQ(Tree(changes[1].old_item), this->Item("a", "1", "old"));
    EXPECT_EQ(Tree(changes[1].new_item), this->Item("a", "1", "new"));
    EXPECT_EQ(changes[1].committed_at - changes[0].committed_at, std::chrono::seconds(5));
    EXPECT_EQ(changes[2].key, Key(S("a"), S("2")));
    EXPECT_EQ(Tree(changes[3].old_item), this->Item("a", "1", "new"));
    EXPECT_EQ(Tree(changes[3].new_item), std::nullopt);
    EXPECT_TRUE(changes[3].by_time_to_live);
    EXPECT_FALSE(changes[4].by_time_to_live);
    EXPECT_EQ(this->Bounds(table).first, 1u);
    EXPECT_EQ(this->Bounds(table).next, 6u);
    EXPECT_EQ(this->log().NextKnown(table).value_or(6u), 6u);
  }
}

TYPED_TEST_P(ChangeLogContract, ATransactionsChangesStandTogether) {
  const TableRef table = this->LoggedTable(1);
  const TableRef other = this->LoggedTable(2);
  this->Put(table, this->Item("a", "0"));
  TransactWriteRequest request;
  for (const char* range : {"1", "2", "3"}) request.writes.push_back(PutOf(table, this->Item("a", range)));
  request.writes.push_back(PutOf(other, this->Item("a", "1")));
  Must(this->loop_.Run(this->engine_->TransactWrite(request)));
  const ChangePage page = this->ReadChanges(table, 1);
  ASSERT_EQ(page.changes.size(), 3u);
  std::set<WallTime> times;
  for (const Change& change : page.changes) times.insert(change.committed_at);
  const ChangePage others = this->ReadChanges(other);
  ASSERT_EQ(others.changes.size(), 1u);
  EXPECT_EQ(others.changes[0].sequence, 1u) << "each incarnation counts for itself";
  times.insert(others.changes[0].committed_at);
  EXPECT_EQ(times.size(), 1u);
}

TYPED_TEST_P(ChangeLogContract, PagesEndAtTheirLimits) {
  const TableRef table = this->LoggedTable();
  const std::string big(1000, 'x');
  for (int i = 0; i < 20; ++i) this->Put(table, this->Item("p" + std::to_string(i), "1", big));
  ChangesRequest request{.table = table};
  request.records_max = 7;
  ChangePage page = this->ReadChanges(request);
  EXPECT_EQ(page.changes.size(), 7u);
  EXPECT_EQ(page.read_up_to, 7u);
  EXPECT_TRUE(page.more);
  request.after = 13;
  page = this->ReadChanges(request);
  EXPECT_EQ(page.changes.size(), 7u);
  EXPECT_FALSE(page.more);
  request.after = 18;
  request.up_to = 19;
  page = this->ReadChanges(request);
  EXPECT_EQ(page.changes.size(), 1u);
  EXPECT_EQ(page.read_up_to, 19u);
  EXPECT_FALSE(page.more);
  request.after = 19;
  EXPECT_TRUE(this->ReadChanges(request).changes.empty());

  request = ChangesRequest{.table = table};
  request.bytes_max = 3 * big.size();
  page = this->ReadChanges(request);
  EXPECT_EQ(page.changes.size(), 2u);
  EXPECT_TRUE(page.more);
  request.bytes_max = 1;
  page = this->ReadChanges(request);
  EXPECT_EQ(page.changes.size(), 1u) << "a page that could never hold the record would never end";

  // What was read up to the end is nothing, and no error, until there is more.
  page = this->ReadChanges(table, 20);
  EXPECT_TRUE(page.changes.empty());
  EXPECT_EQ(page.read_up_to, 20u);
  this->Put(table, this->Item("q", "1"));
  EXPECT_EQ(this->ReadChanges(table, 20).changes.size(), 1u);
}

// Readers of ranges of the hash share a log: each change is one reader's, whole items stay in order.
TYPED_TEST_P(ChangeLogContract, HashRangesPartTheLog) {
  const TableRef table = this->LoggedTable();
  constexpr int kChanges = 300;
  for (int i = 0; i < kChanges; ++i) this->Put(table, this->Item("p" + std::to_string(i % 50), std::to_string(i)));
  std::map<std::uint64_t, int> seen;
  constexpr std::uint64_t kQuarter = std::uint64_t{1} << 62;
  for (std::uint64_t part = 0; part < 4; ++part) {
    ChangesRequest request{.table = table};
    request.hashes = HashRange{part * kQuarter, part * kQuarter + (kQuarter - 1)};
    request.records_max = 10;
    std::uint64_t last = 0;
    for (bool more = true; more;) {
      const ChangePage page = this->ReadChanges(request);
      for (const Change& change : page.changes) {
        EXPECT_GT(change.sequence, last);
        last = change.sequence;
        ++seen[change.sequence];
      }
      ASSERT_TRUE(!page.more || page.read_up_to > request.after) << "a page that doesn't move on";
      more = page.more;
      request.after = page.read_up_to;
    }
    EXPECT_EQ(request.after, kChanges);
  }
  EXPECT_EQ(seen.size(), kChanges);
  for (const auto& [sequence, times] : seen) EXPECT_EQ(times, 1) << sequence;
}

TYPED_TEST_P(ChangeLogContract, TimesAreFoundAndNeverStepBack) {
  const TableRef table = this->LoggedTable();
  EXPECT_EQ(this->Find(table, this->clock_.Now()), 1u);
  std::vector<WallTime> times;
  for (int i = 0; i < 30; ++i) {
    this->Put(table, this->Item("p", std::to_string(i)));
    times.push_back(std::max(times.empty() ? WallTime() : times.back(), this->clock_.Now()));
    // The machine's clock is set back now and then, once so that nothing is in memory any more.
    this->clock_.Advance(i % 10 == 4 ? std::chrono::seconds(-15) : std::chrono::seconds(2));
    if (i == 14) this->Reopen();
  }
  const ChangePage page = this->ReadChanges(table);
  ASSERT_EQ(page.changes.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(page.changes[i].committed_at, times[i]) << i;
  for (int seconds = -3; seconds < 40; ++seconds) {
    const WallTime wanted = times.front() + std::chrono::seconds(seconds);
    const auto first = std::lower_bound(times.begin(), times.end(), wanted) - times.begin();
    EXPECT_EQ(this->Find(table, wanted), static_cast<std::uint64_t>(first) + 1) << seconds;
  }
}

TYPED_TEST_P(ChangeLogContract, WhatWasTrimmedIsGoneAndTheCountGoesOn) {
  const TableRef table = this->LoggedTable(1);
  const TableRef neighbour = this->LoggedTable(2);
  for (int i = 0; i < 10; ++i) {
    this->Put(table, this->Item("p", std::to_string(i)));
    this->clock_.Advance(std::chrono::seconds(1));
  }
  this->Put(neighbour, this->Item("p", "0"));
  this->Trim(table, 4);
  this->Trim(table, 2);  // further back: nothing to do
  for (const bool reopened : {false, true}) {
    if (reopened) this->Reopen();
    EXPECT_EQ(this->Bounds(table).first, 4u);
    EXPECT_EQ(this->Bounds(table).next, 11u);
    ChangesRequest request{.table = table};
    EXPECT_EQ(this->WhyNot(request), Refusal::kChangesTrimmed);
    request.after = 2;
    EXPECT_EQ(this->WhyNot(request), Refusal::kChangesTrimmed);
    EXPECT_EQ(this->ReadChanges(table, 3).changes.size(), 7u);
    EXPECT_EQ(this->Find(table, WallTime()), 4u);
    EXPECT_EQ(this->Bounds(neighbour).first, 1u);
  }
  this->Trim(table, 1000);  // everything
  EXPECT_EQ(this->WhyNot(ChangesRequest{.table = table}), Refusal::kChangesTrimmed);
  this->Reopen();
  EXPECT_EQ(this->Bounds(table).first, 11u);
  EXPECT_EQ(this->Bounds(table).next, 11u);
  EXPECT_EQ(this->WhyNot(ChangesRequest{.table = table}), Refusal::kChangesTrimmed);
  EXPECT_TRUE(this->ReadChanges(table, 10).changes.empty());
  EXPECT_EQ(this->Find(table, WallTime()), 11u);
  this->Put(table, this->Item("p", "again"));
  const ChangePage page = this->ReadChanges(table, 10);
  ASSERT_EQ(page.changes.size(), 1u);
  EXPECT_EQ(page.changes[0].sequence, 11u);
  EXPECT_EQ(this->Bounds(table).first, 11u);
}

TYPED_TEST_P(ChangeLogContract, OnlyWhileTheSchemaAsksForIt) {
  const TableRef table = this->LoggedTable();
  TableSchema quiet = table.schema();
  quiet.log_changes = false;
  quiet.epoch = 1;
  this->Put(table, this->Item("p", "1"));
  const TableRef silenced = table.WithSchema(std::make_shared<const TableSchema>(quiet));
  Must(this->loop_.Run(this->engine_->SetSchema(silenced)));
  this->Put(silenced, this->Item("p", "2"));
  EXPECT_EQ(this->ReadChanges(silenced).changes.size(), 1u) << "what was logged stays readable";
  quiet.log_changes = true;
  quiet.epoch = 2;
  const TableRef again = table.WithSchema(std::make_shared<const TableSchema>(quiet));
  Must(this->loop_.Run(this->engine_->SetSchema(again)));
  this->Put(again, this->Item("p", "3"));
  const ChangePage page = this->ReadChanges(again);
  ASSERT_EQ(page.changes.size(), 2u);
  EXPECT_EQ(page.changes[1].key, Key(S("p"), S("3")));
}

TYPED_TEST_P(ChangeLogContract, ADroppedTablesChangesMayStay) {
  const TableRef table = this->LoggedTable();
  this->Put(table, this->Item("p", "1"));
  this->Put(table, this->Item("p", "2"));
  Must(this->loop_.Run(this->engine_->DropTable(table, /*keep_changes=*/true)));
  EXPECT_FALSE(this->loop_.Run(this->engine_->Write(PutOf(table, this->Item("p", "3")))).ok());
  EXPECT_EQ(this->ReadChanges(table).changes.size(), 2u);
  this->Reopen();
  EXPECT_EQ(this->ReadChanges(table).changes.size(), 2u);
  EXPECT_EQ(this->Bounds(table).next, 3u);
  Must(this->loop_.Run(this->engine_->DropTable(table)));
}

REGISTER_TYPED_TEST_SUITE_P(ChangeLogContract, EveryChangeIsARecordInOrder, ATransactionsChangesStandTogether,
                            PagesEndAtTheirLimits, HashRangesPartTheLog, TimesAreFoundAndNeverStepBack,
                            WhatWasTrimmedIsGoneAndTheCountGoesOn, OnlyWhileTheSchemaAsksForIt,
                            ADroppedTablesChangesMayStay);

}  // namespace insula::storage::testing
