// What Query and Scan answer and what it cost.
#pragma once

#include <string>

#include "operations/capacity.h"
#include "operations/page_parameters.h"
#include "operations/page_plan.h"
#include "storage/engine.h"
#include "tenancy/catalog.h"

namespace insula::operations {

// Reading index entries costs by their summed size, items fetched behind them by the size of each.
ConsumedCapacity CostOf(const storage::Page& page, const PagePlan& plan, bool consistent);

// The same, added to what other pages of the request cost.
void AddCost(const storage::Page& page, const PagePlan& plan, bool consistent, ConsumedCapacity* consumed);

std::string PageAnswer(const PageParameters& parameters, const storage::Page& page, const ConsumedCapacity& consumed,
                       ReturnCapacity show, const TableSchema& schema);

}  // namespace insula::operations
