#include "operations/registry.h"

#include <algorithm>
#include <vector>

#include "operations/backup_operations.h"
#include "operations/item_operations.h"
#include "operations/stream_operations.h"
#include "operations/table_operations.h"
#include "operations/unoffered_operations.h"

namespace insula::operations {
namespace {

std::vector<Operation> AllOperations() {
  std::vector<Operation> all;
  for (const auto operations :
       {ItemOperations(), TableOperations(), StreamOperations(), UnofferedOperations(), BackupOperations()}) {
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
