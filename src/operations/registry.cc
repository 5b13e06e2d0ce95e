#include "operations/registry.h"

#include <algorithm>
#include <vector>

#include "operations/copies/backup_operations.h"
#include "operations/copies/transfer_operations.h"
#include "operations/insights/insight_operations.h"
#include "operations/items/item_operations.h"
#include "operations/pages/page_operations.h"
#include "operations/partiql/partiql_operations.h"
#include "operations/streams/stream_operations.h"
#include "operations/tables/table_operations.h"
#include "operations/tables/unoffered_operations.h"

namespace insula::operations {
namespace {

std::vector<Operation> AllOperations() {
  std::vector<Operation> all;
  for (const auto operations :
       {ItemOperations(), PageOperations(), PartiQlOperations(), TableOperations(), UnofferedOperations(),
        StreamOperations(), BackupOperations(), TransferOperations(), InsightOperations()}) {
    all.insert(all.end(), operations.begin(), operations.end());
  }
  std::ranges::sort(all, {}, &Operation::name);
  return all;
}

}  // namespace

const Operation* FindOperation(std::string_view name) {
  static const std::vector<Operation> all = AllOperations();
  const auto found = std::ranges::lower_bound(all, name, {}, &Operation::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace insula::operations
