// The operator's view of a shared physical table: hash key `insula:tenant` (S), range key `insula:key` (B, the
// application's whole key as storage orders it), and beside them the application's attributes as they are. It is
// composed of the tenants' parts; a Query by tenant reads one of them, a Scan all in order. Read-only.
//
// The one place where operations know that tables are shared: under any other context a table is never pooled.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "model/primary_key.h"
#include "operations/page_parameters.h"
#include "operations/page_plan.h"
#include "operations/pipeline.h"
#include "storage/engine.h"
#include "tenancy/catalog.h"

namespace insula::operations {

// Engine::ReadPage, in the pool for long computations where the request's filter has much to do.
Task<Result<storage::Page>> ReadFiltered(const Call& call, storage::PageRequest request);

// A page of any table: the engine's, or one composed of the parts of a pooled table.
Task<Result<storage::Page>> ReadAnyPage(Call& call, tenancy::TablePtr table, const PageParameters& parameters,
                                        const PagePlan& plan);

// An item of any table. Precondition: `key` is checked against the table's (physical) schema.
Task<Result<storage::MaybeItem>> GetAnyItem(Call& call, tenancy::TablePtr table, PrimaryKey key, bool consistent);

// Where one item is: what to ask the engine for, and of which part, so that several can be read in one go.
struct ItemPlace {
  std::optional<storage::GetRequest> request;  // none: a key that no tenant of the pooled table can have
  std::optional<tenancy::PooledPart> part;     // where the table is pooled

  // The item as the caller sees it.
  storage::MaybeItem Shown(storage::MaybeItem item) const;
};
// Precondition: as of GetAnyItem.
Result<ItemPlace> PlaceOf(const Call& call, const tenancy::Table& table, PrimaryKey key, bool consistent);

// Summed over the parts. Precondition: `table` is pooled.
Task<Result<storage::TableStats>> PooledStats(Call& call, tenancy::TablePtr table);

}  // namespace insula::operations
