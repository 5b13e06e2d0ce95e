#include "tenancy/faces/expiring.h"

#include "tenancy/catalog/catalog_impl.h"

namespace insula::tenancy {

std::vector<TableRecordPtr> ExpiringTables(Catalog& catalog) {
  const Catalog::Impl& impl = catalog.impl();
  const SharedLock lock(impl.mutex);
  std::vector<TableRecordPtr> tables;
  tables.reserve(impl.state.expiring.size());
  for (const auto& [incarnation, record] : impl.state.expiring) tables.push_back(record);
  return tables;
}

}  // namespace insula::tenancy
