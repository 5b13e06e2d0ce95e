#include "operations/watched_engine.h"

#include <utility>

#include "operations/access_note.h"

namespace insula::operations {
namespace {

using storage::MaybeItem;

constexpr std::int64_t kTransactionFactor = 2;

HalfUnits CostOf(const MaybeItem& item, bool consistent) { return ReadCost(item ? item->size() : 0, consistent); }

std::vector<AccessNote> NotesOf(const metering::Contributors& contributors,
                                const std::vector<storage::GetRequest>& requests) {
  std::vector<AccessNote> notes;
  notes.reserve(requests.size());
  for (const storage::GetRequest& request : requests) notes.emplace_back(contributors, request.table, request.key);
  return notes;
}

// One write's note, and the schema that its index keys follow.
struct WriteNote {
  AccessNote note;
  std::shared_ptr<const TableSchema> schema;

  WriteNote(const metering::Contributors& contributors, storage::WriteRequest& request)
      : note(contributors, request.table, request.key), schema(request.table.shared_schema()) {
    request.want_items |= note.needs_items();
  }
};

std::vector<WriteNote> NotesOf(const metering::Contributors& contributors,
                               std::vector<storage::WriteRequest>& requests) {
  std::vector<WriteNote> notes;
  notes.reserve(requests.size());
  for (storage::WriteRequest& request : requests) notes.emplace_back(contributors, request);
  return notes;
}

}  // namespace

Task<Result<MaybeItem>> WatchedEngine::Get(storage::GetRequest request) {
  return contributors_.watching() ? WatchedGet(std::move(request)) : engine_.Get(std::move(request));
}

Task<Result<std::vector<std::optional<MaybeItem>>>> WatchedEngine::BatchGet(std::vector<storage::GetRequest> requests,
                                                                            std::size_t bytes_max) {
  return contributors_.watching() ? WatchedBatchGet(std::move(requests), bytes_max)
                                  : engine_.BatchGet(std::move(requests), bytes_max);
}

Task<Result<std::vector<MaybeItem>>> WatchedEngine::TransactGet(std::vector<storage::GetRequest> requests) {
  return contributors_.watching() ? WatchedTransactGet(std::move(requests)) : engine_.TransactGet(std::move(requests));
}

Task<Result<storage::WriteOutcome>> WatchedEngine::Write(storage::WriteRequest request) {
  return contributors_.watching() ? WatchedWrite(std::move(request)) : engine_.Write(std::move(request));
}

Task<std::vector<Result<storage::WriteOutcome>>> WatchedEngine::BatchWrite(
    std::vector<storage::WriteRequest> requests) {
  return contributors_.watching() ? WatchedBatchWrite(std::move(requests)) : engine_.BatchWrite(std::move(requests));
}

Task<Result<storage::TransactWriteOutcome>> WatchedEngine::TransactWrite(storage::TransactWriteRequest request) {
  return contributors_.watching() ? WatchedTransactWrite(std::move(request))
                                  : engine_.TransactWrite(std::move(request));
}

Task<Result<storage::Page>> WatchedEngine::ReadPage(storage::PageRequest request) {
  return contributors_.watching() ? WatchedReadPage(std::move(request)) : engine_.ReadPage(std::move(request));
}

Task<Result<void>> WatchedEngine::DropTable(storage::TableRef table, bool keep_changes) {
  if (contributors_.watching()) contributors_.Forget(table.incarnation());
  return engine_.DropTable(std::move(table), keep_changes);
}

Task<Result<void>> WatchedEngine::SetSchema(storage::TableRef table) {
  if (const auto watched = contributors_.watching() ? contributors_.Find(table.incarnation()) : nullptr) {
    for (const auto& resource : watched->resources) {
      if (!resource.index) continue;
      bool there = false;
      for (const IndexSchema& index : table.schema().indexes) there |= index.id == *resource.index;
      if (!there) contributors_.Forget(table.incarnation(), resource.index);
    }
  }
  return engine_.SetSchema(std::move(table));
}

Task<Result<MaybeItem>> WatchedEngine::WatchedGet(storage::GetRequest request) {
  const AccessNote note(contributors_, request.table, request.key);
  const bool consistent = request.consistent_read;
  Result<MaybeItem> item = co_await engine_.Get(std::move(request));
  if (item.ok()) {
    note.Read(CostOf(*item, consistent));
  } else {
    note.Refused(item.error());
  }
  co_return item;
}

Task<Result<std::vector<std::optional<MaybeItem>>>> WatchedEngine::WatchedBatchGet(
    std::vector<storage::GetRequest> requests, std::size_t bytes_max) {
  const std::vector<AccessNote> notes = NotesOf(contributors_, requests);
  std::vector<bool> consistent;
  for (const storage::GetRequest& request : requests) consistent.push_back(request.consistent_read);
  auto items = co_await engine_.BatchGet(std::move(requests), bytes_max);
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (!items.ok()) {
      notes[i].Refused(items.error());
    } else if (const auto& item = (*items)[i]) {
      notes[i].Read(CostOf(*item, consistent[i]));
    }
  }
  co_return items;
}

Task<Result<std::vector<MaybeItem>>> WatchedEngine::WatchedTransactGet(std::vector<storage::GetRequest> requests) {
  const std::vector<AccessNote> notes = NotesOf(contributors_, requests);
  auto items = co_await engine_.TransactGet(std::move(requests));
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (items.ok()) {
      notes[i].Read(CostOf((*items)[i], true) * kTransactionFactor);
    } else {
      notes[i].Refused(items.error());
    }
  }
  co_return items;
}

Task<Result<storage::WriteOutcome>> WatchedEngine::WatchedWrite(storage::WriteRequest request) {
  const WriteNote note(contributors_, request);
  Result<storage::WriteOutcome> outcome = co_await engine_.Write(std::move(request));
  if (outcome.ok()) {
    note.note.Written(*outcome, *note.schema);
  } else {
    note.note.Refused(outcome.error());
  }
  co_return outcome;
}

Task<std::vector<Result<storage::WriteOutcome>>> WatchedEngine::WatchedBatchWrite(
    std::vector<storage::WriteRequest> requests) {
  const std::vector<WriteNote> notes = NotesOf(contributors_, requests);
  std::vector<Result<storage::WriteOutcome>> outcomes = co_await engine_.BatchWrite(std::move(requests));
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (outcomes[i].ok()) {
      notes[i].note.Written(*outcomes[i], *notes[i].schema);
    } else {
      notes[i].note.Refused(outcomes[i].error());
    }
  }
  co_return outcomes;
}

Task<Result<storage::TransactWriteOutcome>> WatchedEngine::WatchedTransactWrite(storage::TransactWriteRequest request) {
  const std::vector<WriteNote> notes = NotesOf(contributors_, request.writes);
  Result<storage::TransactWriteOutcome> result = co_await engine_.TransactWrite(std::move(request));
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (!result.ok()) {
      notes[i].note.Refused(result.error());
    } else if (result->replayed) {  // costs reading the items again
      notes[i].note.Read(result->outcomes[i].usage.table);
    } else {
      notes[i].note.Written(result->outcomes[i], *notes[i].schema);
    }
  }
  co_return result;
}

Task<Result<storage::Page>> WatchedEngine::WatchedReadPage(storage::PageRequest request) {
  const AccessNote note(contributors_, request);
  const bool consistent = request.consistent_read;
  Result<storage::Page> page = co_await engine_.ReadPage(std::move(request));
  if (page.ok()) {
    HalfUnits cost = ReadCost(page->bytes, consistent);
    for (const std::uint64_t bytes : page->fetched_bytes) cost += ReadCost(bytes, consistent);
    note.Read(cost);
  } else {
    note.Refused(page.error());
  }
  co_return page;
}

}  // namespace insula::operations
