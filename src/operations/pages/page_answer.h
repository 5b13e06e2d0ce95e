// What Query and Scan answer.
#pragma once

#include <string>

#include "operations/core/table_handle.h"
#include "operations/pages/page_parameters.h"
#include "operations/pages/page_plan.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

std::string PageAnswer(const PageParameters& parameters, const storage::Page& page, const TableHandle& table,
                       ReturnCapacity show);

}  // namespace insula::operations
