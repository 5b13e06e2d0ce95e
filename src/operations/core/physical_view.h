// The operator's view of a shared physical table: hash key `insula:tenant` (S), range key `insula:key` (B, the
// application's whole key as storage orders it), and beside them the application's attributes as they are. It is
// composed of the tenants' parts; a Query by tenant reads one of them, a Scan all in order. Read-only.
//
// Only table handles come here, and only for a pooled table, which no tenant's request ever has.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "model/primary_key.h"
#include "operations/core/call.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

// Engine::ReadPage, in the pool for long computations where the request's filter has much to do.
Task<Result<storage::Page>> ReadFiltered(const Call& call, storage::PageRequest request);

// Of each below: `table` is pooled, and keys are checked against its (physical) schema.

// `request` names no index and not the table.
Task<Result<storage::Page>> ReadPhysicalPage(const Call& call, tenancy::TablePtr table, storage::PageRequest request);

Task<Result<storage::MaybeItem>> GetPhysicalItem(const Call& call, tenancy::TablePtr table, PrimaryKey key,
                                                 bool consistent);

// Where one item is: what to ask the engine for, and of which part, so that several can be read in one go.
struct PhysicalPlace {
  std::optional<storage::GetRequest> request;  // none: a key that no tenant of the pooled table can have
  std::optional<tenancy::PooledPart> part;     // none: the table isn't pooled after all

  // The item as the caller sees it.
  storage::MaybeItem Shown(storage::MaybeItem item) const;
};
// Of any table: pooled ones may be read together with others.
Result<PhysicalPlace> PlaceOf(const Call& call, const tenancy::Table& table, PrimaryKey key, bool consistent);

// Summed over the parts.
Task<Result<storage::TableStats>> PhysicalStats(const Call& call, tenancy::TablePtr table);

}  // namespace insula::operations
