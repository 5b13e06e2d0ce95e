// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#include <utility>

#include "operations/page_answer.h"
#include "operations/page_parameters.h"
#include "operations/page_plan.h"
#include "operations/pooled_table.h"
#include "operations/table_operations.h"

namespace insula::operations {

Task<Result<std::string>> Query(Call& call) {
  wire::StructureView input = call.input();
  INSULA_CO_ASSIGN(PageParameters parameters, DecodeQuery(input));
  INSULA_CO_ASSIGN(tenancy::TablePtr table, FindTable(call, parameters.table_name, Access::kRead));
  INSULA_CO_ASSIGN(PagePlan plan, PlanQuery(parameters, table->definition));
  INSULA_CO_ASSIGN(storage::Page page, co_await ReadAnyPage(call, table, parameters, plan));

  ConsumedCapacity consumed = CostOf(page, plan, parameters.consistent);
  call.MeterRead(*table, consumed.read());
  co_return PageAnswer(parameters, page, consumed, ReturnCapacityOf(input), *table->definition.schema);
}

}  // namespace insula::operations
