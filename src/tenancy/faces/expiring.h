// The expirer's side of the catalog (control/expirer.h).
#pragma once

#include <vector>

#include "tenancy/catalog/catalog.h"
#include "tenancy/state/records.h"

namespace insula::tenancy {

// Every table whose time to live is ENABLED, of suspended tenants too: time goes on for them. Safe from any thread.
std::vector<TableRecordPtr> ExpiringTables(Catalog& catalog);

}  // namespace insula::tenancy
