// Makes table references. Included by the catalog and by tests only; tests/layering holds everybody else to that.
#pragma once

#include "tenancy/identity/table_ref.h"

namespace insula::tenancy {

class TableRefMaker {
 public:
  static TableRef Make(StoreId store, TableNumber table, TenantNumber tenant, Incarnation incarnation,
                       std::string physical_name, std::optional<TenantId> pooled_tenant,
                       std::shared_ptr<const TableSchema> schema) {
    return TableRef(std::make_shared<const TableRef::Where>(TableRef::Where{
                        store, table, tenant, incarnation, std::move(physical_name), std::move(pooled_tenant)}),
                    std::move(schema));
  }
};

}  // namespace insula::tenancy
