#include "operations/core/table_handle.h"

#include <optional>

#include "operations/core/physical_view.h"
#include "operations/core/refusal_words.h"
#include "tenancy/identity/refusals.h"

namespace insula::operations {
Result<TableHandle> TableHandle::Find(const Call& call, std::string_view name_or_arn, std::string_view action) {
  INSULA_ASSIGN(tenancy::TablePtr found,
                call.services.catalog.Find(call.context(), name_or_arn, action.empty() ? call.operation : action));
  return TableHandle(call, name_or_arn, std::move(found));
}

Result<TableHandle> TableHandle::Open(const Call& call, std::string_view name_or_arn, const Intent& intent) {
  Result<TableHandle> handle = Find(call, name_or_arn, intent.action);
  if (!handle.ok()) {
    if (handle.error().code() == ErrorCode::kResourceNotFound) {
      INSULA_TRY(AskPolicies(call, TableArnOf(call, name_or_arn), nullptr, intent));
    }
    return handle;
  }
  const tenancy::Table& table = **handle;
  INSULA_TRY(AskPolicies(call, table.arn, &table, intent));
  if (!handle->is_settled()) return tenancy::ResourceNotFound();
  INSULA_TRY(Authorize(call, table, intent));
  return handle;
}

Result<TableHandle> TableHandle::OpenForControl(const Call& call, std::string_view name_or_arn, Access access) {
  Result<TableHandle> handle = Find(call, name_or_arn);
  if (!handle.ok()) {
    if (handle.error().code() != ErrorCode::kResourceNotFound) return handle;
    return tenancy::TableNotFound(name_or_arn.substr(name_or_arn.rfind('/') + 1));  // the whole of a name
  }
  INSULA_TRY(Authorize(call, **handle, access));
  return handle;
}

Result<TableHandle> TableHandle::OpenSettings(const Call& call, std::string_view name_or_arn, Access access) {
  INSULA_ASSIGN(TableHandle handle, OpenForControl(call, name_or_arn, access));
  const TableDefinition& definition = handle->definition;
  const bool being_restored = definition.status == TableStatus::kCreating &&
                              call.services.catalog.backups().SourceOf(call.context(), definition.name).has_value();
  if (being_restored) return tenancy::TableNotFound(definition.name);
  return handle;
}

UsageCells* TableHandle::Cells() const {
  if (UsageCells* known = table_->usage.get()) return known;
  UsageCells* found = call_->services.usage.CellsOf(tenancy::KeyOf(call_->context()), table_->definition.name);
  table_->usage.set(found);
  return found;
}

void TableHandle::CountRead(HalfUnits cost) {
  consumed_.AddRead(cost);
  MeterRead(cost);
}

void TableHandle::CountIndexRead(std::uint16_t index, HalfUnits cost) {
  consumed_.AddIndexRead(index, cost);
  MeterRead(cost);
}

void TableHandle::MeterRead(HalfUnits cost) {
  if (UsageCells* cells = Cells()) cells->AddRead(cost, std::exchange(requests_uncounted_, 0));
}

void TableHandle::CountWrite(const storage::WriteUsage& usage) {
  consumed_.Add(usage);
  MeterWrite(usage);
}

void TableHandle::CountFailedWrite(const storage::WriteUsage& usage) {
  consumed_.AddFailed(usage);
  MeterWrite(usage);
}

void TableHandle::MeterWrite(const storage::WriteUsage& usage) {
  HalfUnits cost = usage.table;
  for (const auto& [index, of_index] : usage.indexes) cost += of_index;
  if (UsageCells* cells = Cells()) cells->AddWrite(cost, std::exchange(requests_uncounted_, 0));
}

Task<Result<storage::MaybeItem>> TableHandle::Get(PrimaryKey key, bool consistent) {
  const AccessNote note = NoteOf(key);
  Task<Result<storage::MaybeItem>> getting = table_->pooled
                                                 ? GetPhysicalItem(*call_, table_, std::move(key), consistent)
                                                 : engine().Get({table_->ref, std::move(key), consistent});
  Result<storage::MaybeItem> item = co_await std::move(getting);
  if (!item.ok()) {
    note.Refused(item.error());
    co_return Worded(item.error());
  }
  const HalfUnits cost = ReadCostOf(*item, consistent);
  note.Read(cost);
  CountRead(cost);
  co_return item;
}

Task<Result<storage::WriteOutcome>> TableHandle::Write(storage::WriteRequest request) {
  const AccessNote note = NoteOf(request.key);
  request.want_items |= note.needs_items();
  request.memory = call_->items;
  const std::shared_ptr<const TableSchema> schema = request.table.shared_schema();
  Result<storage::WriteOutcome> outcome = co_await engine().Write(std::move(request));
  if (!outcome.ok()) {
    note.Refused(outcome.error());
    co_return Worded(outcome.error());
  }
  note.Written(*outcome, *schema);
  CountWrite(outcome->usage);
  co_return outcome;
}

Task<Result<storage::Page>> TableHandle::ReadPage(storage::PageRequest request) {
  const AccessNote note = NoteOf(request);
  const bool consistent = request.consistent_read;
  const std::optional<std::uint16_t> index = request.index;
  Task<Result<storage::Page>> reading =
      table_->pooled ? ReadPhysicalPage(*call_, table_, std::move(request)) : ReadFiltered(*call_, std::move(request));
  Result<storage::Page> page = co_await std::move(reading);
  if (!page.ok()) {
    note.Refused(page.error());
    co_return Worded(page.error());
  }
  const HalfUnits read = ReadCost(page->bytes, consistent);
  HalfUnits fetched;
  for (const std::uint64_t bytes : page->fetched_bytes) fetched += ReadCost(bytes, consistent);
  note.Read(read + fetched);
  if (index) {
    CountIndexRead(*index, read);
    CountRead(fetched);
  } else {
    CountRead(read + fetched);
  }
  co_return page;
}

Task<Result<storage::VectorSearchResult>> TableHandle::SearchVectors(storage::VectorSearchRequest request) {
  Result<storage::VectorSearchResult> found = co_await engine().vector_search()->Search(std::move(request));
  if (!found.ok()) co_return Worded(found.error());
  CountRead(HalfUnits());  // a request; what it costs is in bytes, not in units
  co_return found;
}

Task<Result<storage::TableStats>> TableHandle::Stats() const {
  if (!is_settled()) co_return storage::TableStats();
  Task<Result<storage::TableStats>> counting =
      table_->pooled ? PhysicalStats(*call_, table_) : engine().Stats(table_->ref);
  Result<storage::TableStats> stats = co_await std::move(counting);
  if (!stats.ok()) co_return Worded(stats.error());
  co_return stats;
}

}  // namespace insula::operations
