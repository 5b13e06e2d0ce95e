// What the catalog has decided and an engine has yet to do. An intent is no record of its own: it is a table that isn't
// ACTIVE or whose time to live is ENABLING or DISABLING, a tenant that is DELETING, a placement whose service's
// template has moved on. So nothing can disagree with it, and what was interrupted is found again at start.
#pragma once

#include <string>
#include <variant>

#include "model/ids.h"

namespace insula::tenancy {

struct TableIntent {  // make, change or drop a table: its status tells which
  ContextNames owner;
  std::string table;
  auto operator<=>(const TableIntent&) const = default;
};
struct TenantIntent {  // remove a tenant: its tables, its stores, its placements
  TenantId tenant;
  auto operator<=>(const TenantIntent&) const = default;
};
struct RolloutIntent {  // bring a placement's tables up to its service's template
  ContextNames names;
  auto operator<=>(const RolloutIntent&) const = default;
};
using Intent = std::variant<TableIntent, TenantIntent, RolloutIntent>;

}  // namespace insula::tenancy
