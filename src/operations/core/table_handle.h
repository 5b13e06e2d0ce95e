// A table as one request has it. Opening it finds it by name or ARN, once, and authorizes what the request means to do.
// From then on whatever the request asks the engine of the table goes through the handle, which counts what it costs
// (for the answer, the meter and the bill alike) and notes whose keys were busy (contributor insights). A limit on what
// a table or a tenant may consume belongs in the same functions, before the engine is asked.
//
// An operator's handle may be of a pooled table, which is composed of its tenants' parts (physical_view.h). Whoever
// holds a handle needn't know.
#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/task.h"
#include "metering/usage.h"
#include "model/primary_key.h"
#include "operations/core/access_note.h"
#include "operations/core/authorize.h"
#include "operations/core/call.h"
#include "operations/core/consumed_capacity.h"
#include "storage/engine.h"
#include "storage/vector_search.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

// For one request, which it must not outlive. One call at a time, and none while it is moved.
class TableHandle {
 public:
  // For operations on items: ResourceNotFoundException "Requested resource not found" also while the table is being
  // created or deleted. AccessDeniedException for an ARN of another account or region, and as AskPolicies and Authorize
  // say, whether there is such a table or not. `name_or_arn` outlives the handle.
  static Result<TableHandle> Open(const Call& call, std::string_view name_or_arn, const Intent& intent);
  // For operations on the table itself: in whatever status. "Requested resource not found: Table: NAME not found".
  static Result<TableHandle> OpenForControl(const Call& call, std::string_view name_or_arn, Access access);
  // The same for what a table has beside its definition: one that is being restored isn't there yet.
  static Result<TableHandle> OpenSettings(const Call& call, std::string_view name_or_arn, Access access);
  // In whatever status, and nothing authorized but that it is the caller's own: for what has rules of its own.
  static Result<TableHandle> Find(const Call& call, std::string_view name_or_arn, std::string_view action = {});

  const tenancy::Table& operator*() const { return *table_; }
  const tenancy::Table* operator->() const { return table_.get(); }
  const tenancy::TablePtr& ptr() const { return table_; }
  const TableSchema& schema() const { return *table_->definition.schema; }
  std::string_view name() const { return name_; }  // as the request gave it: name or ARN
  bool is_settled() const { return IsSettled(table_->definition.status); }
  // By this request, so far.
  const ConsumedCapacity& consumed() const { return consumed_; }

  // Precondition: `key` is checked against the table's schema.
  Task<Result<storage::MaybeItem>> Get(PrimaryKey key, bool consistent);
  // Counted also where the condition failed.
  Task<Result<storage::WriteOutcome>> Write(storage::WriteRequest request);
  // In the pool for long computations where its filter has much to do.
  Task<Result<storage::Page>> ReadPage(storage::PageRequest request);
  // Precondition: the engine has vector search.
  Task<Result<storage::VectorSearchResult>> SearchVectors(storage::VectorSearchRequest request);
  // Items and sizes, summed over the parts of a pooled table. Nothing for a table that isn't there yet.
  Task<Result<storage::TableStats>> Stats() const;

 private:
  friend class OpenTables;

  TableHandle(const Call& call, std::string_view name, tenancy::TablePtr table)
      : call_(&call), name_(name), table_(std::move(table)) {}

  storage::Engine& engine() const { return call_->services.engine; }
  template <class What>
  AccessNote NoteOf(const What& what) const {
    if (!call_->services.notes_keys() || table_->pooled) return {};
    return {*call_->services.contributors, table_->ref, what};
  }
  // For the answer and the meter. One request is counted once, however often it asks.
  void CountRead(HalfUnits cost);
  void CountIndexRead(std::uint16_t index, HalfUnits cost);
  void CountWrite(const storage::WriteUsage& usage);
  void CountFailedWrite(const storage::WriteUsage& usage);  // of a batch
  void MeterWrite(const storage::WriteUsage& usage);
  void MeterRead(HalfUnits cost);
  UsageCells* Cells() const;

  const Call* call_;
  std::string_view name_;
  tenancy::TablePtr table_;
  ConsumedCapacity consumed_;
  std::uint64_t requests_uncounted_ = 1;
};

}  // namespace insula::operations
