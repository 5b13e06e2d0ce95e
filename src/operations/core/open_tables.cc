#include "operations/core/open_tables.h"

#include <utility>

#include "operations/core/physical_view.h"
#include "operations/core/refusal_words.h"

namespace insula::operations {
// What to ask the engine for, and where what it answers belongs.
struct OpenTables::Reads {
  std::vector<storage::GetRequest> requests;
  std::vector<AccessNote> notes;  // one each of `requests`; empty where nothing is watched
  struct Asked {
    std::size_t table;
    bool consistent;
  };
  std::vector<Asked> asked;
  // Of each that is asked for, where a pooled table is among the tables; else empty: then `requests` are in order.
  std::vector<PhysicalPlace> places;

  bool has_request(std::size_t i) const { return places.empty() || places[i].request; }
  storage::MaybeItem Shown(std::size_t i, storage::MaybeItem item) const {
    return places.empty() ? std::move(item) : places[i].Shown(std::move(item));
  }
};

Result<std::size_t> OpenTables::Open(std::string_view name_or_arn, const Intent& intent) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].name() != name_or_arn) continue;
    if (intent.access == Access::kWrite && access_[i] == Access::kRead) {
      INSULA_ASSIGN(tables_[i], TableHandle::Open(*call_, name_or_arn, intent));
      access_[i] = intent.access;
    } else {
      INSULA_TRY(AskPolicies(*call_, tables_[i]->arn, &*tables_[i], intent));
    }
    return i;
  }
  INSULA_ASSIGN(TableHandle table, TableHandle::Open(*call_, name_or_arn, intent));
  tables_.push_back(std::move(table));
  access_.push_back(intent.access);
  return tables_.size() - 1;
}

Result<OpenTables::Reads> OpenTables::ReadsOf(std::vector<ItemAsked> asked) const {
  Reads reads;
  reads.requests.reserve(asked.size());
  reads.asked.reserve(asked.size());
  bool pooled = false;
  for (const TableHandle& table : tables_) pooled |= table->pooled;
  const bool noted = call_->services.notes_keys();
  for (ItemAsked& item : asked) {
    const TableHandle& table = tables_[item.table];
    reads.asked.push_back({item.table, item.consistent});
    if (!pooled) {
      if (noted) reads.notes.push_back(table.NoteOf(item.key));
      reads.requests.push_back({table->ref, std::move(item.key), item.consistent});
      continue;
    }
    INSULA_ASSIGN(PhysicalPlace place, PlaceOf(*call_, *table, std::move(item.key), item.consistent));
    if (place.request) {
      if (noted) reads.notes.push_back(table.NoteOf(place.request->key));
      reads.requests.push_back(*place.request);
    }
    reads.places.push_back(std::move(place));
  }
  return reads;
}

Task<Result<std::vector<std::optional<storage::MaybeItem>>>> OpenTables::BatchGet(std::vector<ItemAsked> asked,
                                                                                  std::size_t bytes_max) {
  INSULA_CO_ASSIGN(Reads reads, ReadsOf(std::move(asked)));
  auto read = co_await call_->services.engine.BatchGet(std::move(reads.requests), {bytes_max, call_->items});
  if (!read.ok()) {
    for (const AccessNote& note : reads.notes) note.Refused(read.error());
    co_return Worded(read.error());
  }
  INSULA_CO_TRY(co_await call_->KeepWhatCanBeAnswered(&*read));
  std::vector<std::optional<storage::MaybeItem>> items(reads.asked.size());
  for (std::size_t i = 0, next = 0; i < items.size(); ++i) {
    const auto [table, consistent] = reads.asked[i];
    if (!reads.has_request(i)) {
      items[i] = storage::MaybeItem();
    } else {
      const std::size_t number = next++;
      if (auto& item = (*read)[number]) {
        if (!reads.notes.empty()) reads.notes[number].Read(ReadCostOf(*item, consistent));
        items[i] = reads.Shown(i, std::move(*item));
      }
    }
    if (items[i]) tables_[table].CountRead(ReadCostOf(*items[i], consistent));
  }
  co_return items;
}

Task<Result<std::vector<storage::MaybeItem>>> OpenTables::TransactGet(std::vector<ItemAsked> asked,
                                                                      std::size_t bytes_max) {
  INSULA_CO_ASSIGN(Reads reads, ReadsOf(std::move(asked)));
  auto read = co_await call_->services.engine.TransactGet(std::move(reads.requests), {bytes_max, call_->items});
  if (!read.ok()) {
    for (const AccessNote& note : reads.notes) note.Refused(read.error());
    co_return Worded(read.error());
  }
  std::vector<storage::MaybeItem> items(reads.asked.size());
  for (std::size_t i = 0, next = 0; i < items.size(); ++i) {
    if (reads.has_request(i)) {
      const std::size_t number = next++;
      if (!reads.notes.empty()) reads.notes[number].Read(ReadCostOf((*read)[number], true) * kTransactionFactor);
      items[i] = reads.Shown(i, std::move((*read)[number]));
    }
    tables_[reads.asked[i].table].CountRead(ReadCostOf(items[i], true) * kTransactionFactor);
  }
  co_return items;
}

std::vector<AccessNote> OpenTables::NotesOf(std::span<storage::WriteRequest> writes,
                                            std::span<const std::size_t> table_of) const {
  std::vector<AccessNote> notes;
  if (!call_->services.notes_keys()) return notes;
  notes.reserve(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    notes.push_back(tables_[table_of[i]].NoteOf(writes[i].key));
    writes[i].want_items |= notes.back().needs_items();
  }
  return notes;
}

Task<std::vector<Result<storage::WriteOutcome>>> OpenTables::BatchWrite(std::vector<storage::WriteRequest> writes,
                                                                        std::vector<std::size_t> table_of) {
  for (storage::WriteRequest& write : writes) write.memory = call_->items;
  const std::vector<AccessNote> notes = NotesOf(writes, table_of);
  std::vector<Result<storage::WriteOutcome>> outcomes = co_await call_->services.engine.BatchWrite(std::move(writes));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const TableHandle& table = tables_[table_of[i]];
    if (!outcomes[i].ok()) {
      if (!notes.empty()) notes[i].Refused(outcomes[i].error());
      outcomes[i] = Worded(outcomes[i].error());
      continue;
    }
    if (!notes.empty()) notes[i].Written(*outcomes[i], table->ref.schema());
    if (outcomes[i]->condition_met) {
      tables_[table_of[i]].CountWrite(outcomes[i]->usage);
    } else {
      tables_[table_of[i]].CountFailedWrite(outcomes[i]->usage);
    }
  }
  co_return outcomes;
}

Task<Result<storage::TransactWriteOutcome>> OpenTables::TransactWrite(storage::TransactWriteRequest request,
                                                                      std::vector<std::size_t> table_of) {
  for (storage::WriteRequest& write : request.writes) write.memory = call_->items;
  const std::vector<AccessNote> notes = NotesOf(request.writes, table_of);
  Result<storage::TransactWriteOutcome> result = co_await call_->services.engine.TransactWrite(std::move(request));
  if (!result.ok()) {
    for (const AccessNote& note : notes) note.Refused(result.error());
    co_return Worded(result.error());
  }
  for (std::size_t i = 0; i < table_of.size(); ++i) {
    const storage::WriteOutcome& outcome = result->outcomes[i];
    if (result->replayed) {  // costs reading the items again
      if (!notes.empty()) notes[i].Read(outcome.usage.table);
      tables_[table_of[i]].CountRead(outcome.usage.table);
    } else {
      if (!notes.empty()) notes[i].Written(outcome, tables_[table_of[i]]->ref.schema());
      tables_[table_of[i]].CountWrite(outcome.usage);
    }
  }
  co_return result;
}

}  // namespace insula::operations
