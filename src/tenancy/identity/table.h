// A table as a request meets it.
#pragma once

#include <memory>
#include <string>

#include "model/table_definition.h"
#include "model/usage_cells.h"
#include "tenancy/identity/table_ref.h"

namespace insula::tenancy {

// One logical table of one context (or one physical table of an operator), as it is at one moment. What every request
// looks at comes first: of ten thousand tenants' tables, most are in no cache when they are asked for.
struct Table {
  TableRef ref;                // not to be used where `pooled` is set
  UsageCellsLink usage{};      // the meter's; one meter per catalog
  bool read_only = false;      // a service's shared reference table under a tenant; a pooled table under an operator
  bool pooled = false;         // an operator's view of a shared table: see PartsOf
  TableDefinition definition;  // under an operator: physical name and, for a pooled table, the physical keys
  std::string arn;             // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME, of the context's own account
};
using TablePtr = std::shared_ptr<const Table>;

}  // namespace insula::tenancy
