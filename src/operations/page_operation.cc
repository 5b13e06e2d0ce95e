#include "operations/page_operation.h"

#include <utility>

#include "operations/page_answer.h"
#include "operations/pooled_table.h"

namespace insula::operations {

Task<Result<std::string>> AnswerPage(Call& call, PageParameters parameters, PagePlanner plan_page) {
  INSULA_CO_ASSIGN(tenancy::TablePtr table, FindTable(call, parameters.table_name, Access::kRead));
  INSULA_CO_ASSIGN(PagePlan plan, plan_page(parameters, table->definition));
  INSULA_CO_ASSIGN(storage::Page page, co_await ReadAnyPage(call, table, parameters, plan));

  ConsumedCapacity consumed = CostOf(page, plan, parameters.consistent);
  call.MeterRead(*table, consumed.read());
  const auto write = [&] {
    return PageAnswer(parameters, page, consumed, ReturnCapacityOf(call.input()), *table->definition.schema);
  };
  co_return co_await call.Answer(StoredBytes(page.items), write);
}

}  // namespace insula::operations
