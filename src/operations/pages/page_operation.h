// The path that Query and Scan share once their parameters are read: table, plan, page, cost, answer.
#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"
#include "operations/pages/page_parameters.h"
#include "operations/pages/page_plan.h"

namespace insula::operations {

using PagePlanner = Result<PagePlan> (*)(const PageParameters& parameters, const TableDefinition& definition);

Task<Result<std::string>> AnswerPage(Call& call, PageParameters parameters, PagePlanner plan_page);

}  // namespace insula::operations
