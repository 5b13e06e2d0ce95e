#include "tenancy/identity/table_ref.h"

#include "tenancy/identity/table_ref_maker.h"

namespace insula::tenancy {

TableRef TableRef::ControlPlane() {
  static const TableRef ref = [] {
    auto schema = std::make_shared<TableSchema>();
    schema->key.hash = {{"kind", AttributeType::kS}};
    schema->key.range = {{"name", AttributeType::kS}};
    return TableRefMaker::Make(StoreId(0), TableNumber(0), TenantNumber(0), Incarnation(0), "insula.control-plane",
                               std::nullopt, std::move(schema));
  }();
  return ref;
}

}  // namespace insula::tenancy
