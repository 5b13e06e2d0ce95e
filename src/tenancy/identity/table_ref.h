// The reference to a table's items that the engine asks for. Only the catalog makes one, from a tenant context, a
// service context or an operator's principal: code that has none of them can't reach an item.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "model/ids.h"
#include "model/table_schema.h"

namespace insula::tenancy {

// Where one (context, logical table)'s items are. A value; cheap to copy.
class TableRef {
 public:
  StoreId store() const { return where_->store; }
  TableNumber table() const { return where_->table; }
  TenantNumber tenant() const { return where_->tenant; }
  Incarnation incarnation() const { return where_->incarnation; }
  const TableSchema& schema() const { return *schema_; }
  const std::shared_ptr<const TableSchema>& shared_schema() const { return schema_; }

  // The physical table's name, and the tenant whose key range of it this is (none where it isn't pooled): what an
  // engine that is a remote DynamoDB endpoint addresses items by.
  const std::string& physical_name() const { return where_->physical_name; }
  const std::optional<TenantId>& pooled_tenant() const { return where_->pooled_tenant; }

  // The same items under another version of the definition.
  TableRef WithSchema(std::shared_ptr<const TableSchema> schema) const { return {where_, std::move(schema)}; }

  // The control plane's own records: nobody's items. Hash key "kind" (S), range key "name" (S).
  static TableRef ControlPlane();

 private:
  friend class TableRefMaker;  // catalog.cc's, and the tests' (table_ref_maker.h)
  struct Where {
    StoreId store;
    TableNumber table;
    TenantNumber tenant;
    Incarnation incarnation;
    std::string physical_name;
    std::optional<TenantId> pooled_tenant;
  };
  TableRef(std::shared_ptr<const Where> where, std::shared_ptr<const TableSchema> schema)
      : where_(std::move(where)), schema_(std::move(schema)) {}

  std::shared_ptr<const Where> where_;
  std::shared_ptr<const TableSchema> schema_;
};

}  // namespace insula::tenancy
