#include "operations/pages/page_operation.h"

#include <utility>

#include "operations/core/table_handle.h"
#include "operations/pages/page_answer.h"

namespace insula::operations {

Task<Result<std::string>> AnswerPage(Call& call, PageParameters parameters, PagePlanner plan_page) {
  const ItemNamerOf names([&parameters](NamedItems* named) {
    if (parameters.key_condition) named->AddKeyCondition(*parameters.key_condition);
    if (parameters.filter != nullptr) named->AddAttributes(parameters.filter->attributes());
    named->AddProjection(parameters.projection);
  });
  Intent intent(Access::kRead, names);
  intent.index = parameters.index_name.value_or("");
  INSULA_CO_ASSIGN(TableHandle table, TableHandle::Open(call, parameters.table_name, intent));
  INSULA_CO_ASSIGN(PagePlan plan, plan_page(parameters, table->definition));
  INSULA_CO_ASSIGN(storage::Page page, co_await table.ReadPage(RequestOf(parameters, plan, *table)));
  const auto write = [&] { return PageAnswer(parameters, page, table, ReturnCapacityOf(call.input())); };
  const auto each_item = [&page](const auto& take) {
    for (const EncodedItem& item : page.items) take(item);
  };
  co_return co_await call.Answer(each_item, write);
}

}  // namespace insula::operations
