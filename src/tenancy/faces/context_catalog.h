// The catalog as one who holds a context sees it: what requests are given. From it nobody gets a context, the
// operator's view or another's work.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/backup_catalog.h"
#include "tenancy/faces/streams.h"
#include "tenancy/faces/transfers.h"

namespace insula::tenancy {

// A view of the catalog, which outlives it: a const one may change tables, too. Safe from any thread. The methods of
// the same name are Catalog's.
class ContextCatalog {
 public:
  ContextCatalog(Catalog& catalog) : catalog_(catalog) {}  // implicit: who has the catalog may give less of it away

  Result<TablePtr> Find(const Context& context, std::string_view name_or_arn, std::string_view operation = "*") const {
    return catalog_.Find(context, name_or_arn, operation);
  }
  TableNames List(const Context& context, std::string_view exclusive_start, std::size_t limit) const {
    return catalog_.List(context, exclusive_start, limit);
  }
  Result<std::vector<PooledPart>> PartsOf(const OperatorContext& context, std::string_view physical_name) const {
    return catalog_.PartsOf(context, physical_name);
  }

  Task<Result<TablePtr>> CreateTable(Context context, TableDefinition definition) const {
    return catalog_.CreateTable(std::move(context), std::move(definition));
  }
  Task<Result<TablePtr>> UpdateTable(Context context, std::string name,
                                     std::function<Result<void>(TableDefinition&)> change,
                                     std::string action = "dynamodb:UpdateTable") const {
    return catalog_.UpdateTable(std::move(context), std::move(name), std::move(change), std::move(action));
  }
  Task<Result<TablePtr>> DeleteTable(Context context, std::string name) const {
    return catalog_.DeleteTable(std::move(context), std::move(name));
  }
  Task<void> AwaitSettled(Context context, TablePtr table, std::chrono::milliseconds wait_max) const {
    return catalog_.AwaitSettled(std::move(context), std::move(table), wait_max);
  }

  BackupCatalog backups() const { return BackupCatalog(catalog_); }
  Streams streams() const { return Streams(catalog_); }
  Transfers transfers() const { return Transfers(catalog_); }

 private:
  Catalog& catalog_;
};

}  // namespace insula::tenancy
