// Gives back the space of what was dropped: tables and indexes, known by durable rows until they are gone.
//
//   pending drop row:  system-prefix place what?  ->  version(1)=1
//   what := index-id(2) of that index alone | kept(1)=1 of the table but its change log and counters
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "storage/rocks/store.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

struct EngineParts;

// Of a whole table, of one of its indexes, or of all of it but its change log.
std::string PendingDropRowKey(const tenancy::TableRef& table, std::optional<std::uint16_t> index);
std::string PendingDropButChangesRowKey(const tenancy::TableRef& table);
std::string PendingDropRowValue();

// Removes what is pending in `store`, at most `rows_max` rows of it, and old request tokens. Blocks. True if there is
// more.
Result<bool> Sweep(Store* store, WallTime now, std::size_t rows_max);

}  // namespace insula::storage::rocks
