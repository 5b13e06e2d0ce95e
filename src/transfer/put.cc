#include "transfer/put.h"

#include <utility>

#include "operations/core/key_checks.h"
#include "rules/item_rules.h"
#include "transfer/input.h"

namespace insula::transfer {

Result<Put> PutOf(InputRecord& record, const tenancy::Table& table) {
  if (!record.record.ok()) return record.record.error();
  auto [item, condition] = std::move(record.record).value();
  INSULA_TRY(rules::CheckPutSize(item));
  INSULA_ASSIGN(PrimaryKey key, operations::KeyOfPut(item, table.ref.schema()));
  if (condition) INSULA_TRY(operations::CheckNoNestedKey(condition->nested_attributes(), table.ref.schema()));
  Put put{storage::WriteRequest{.table = table.ref}, SizeOf(item), record.key, record.index, {}};
  put.request.kind = storage::WriteKind::kPut;
  put.request.key = std::move(key);
  put.request.item = std::move(item);
  put.request.condition = std::move(condition);
  put.request.want_items = false;
  return put;
}

}  // namespace insula::transfer
