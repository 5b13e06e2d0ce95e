// An organization in memory for tests: catalog, organization, intents, and a provisioner that does nothing but settle.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/testing/memory_record_store.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/intents.h"
#include "tenancy/faces/organization.h"
#include "tenancy/testing/await.h"
#include "tenancy/testing/contexts.h"

namespace insula::tenancy::testing {

// A service's own for an empty tenant.
inline ContextNames Names(std::string environment, std::string service, std::string tenant) {
  return {EnvironmentName(std::move(environment)), ServiceName(std::move(service)), TenantFromText(std::move(tenant))};
}

// A definition with hash key "pk" (S).
inline TableDefinition Definition(std::string name) {
  TableDefinition definition;
  definition.name = std::move(name);
  auto schema = std::make_shared<TableSchema>();
  schema->key.hash = {{"pk", AttributeType::kS}};
  definition.schema = schema;
  definition.attribute_definitions = {{"pk", AttributeType::kS}};
  definition.billing_mode = BillingMode::kPayPerRequest;
  return definition;
}

// `definition` with one more global index, on a string attribute.
inline TableDefinition WithIndex(TableDefinition definition, const std::string& index, const std::string& attribute) {
  auto schema = std::make_shared<TableSchema>(*definition.schema);
  IndexSchema added;
  added.name = index;
  added.kind = IndexKind::kGlobal;
  added.key.hash = {{attribute, AttributeType::kS}};
  schema->indexes.push_back(added);
  definition.schema = schema;
  definition.attribute_definitions.push_back({attribute, AttributeType::kS});
  definition.index_settings[index];
  return definition;
}

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) {
    ADD_FAILURE() << result.error().message();
    std::abort();
  }
  return std::move(result).value();
}
inline void Must(Result<void> result) { ASSERT_TRUE(result.ok()) << result.error().message(); }

class World {
 public:
  explicit World(CatalogOptions options = {}) : options_(std::move(options)) {
    Reopen();
    if (!organization->initialized()) Must(Await(organization->Init()));
  }

  void Reopen() {
    organization.reset();
    intents.reset();
    catalog.reset();
    catalog = Must(Await(Catalog::Open(store, clock, options_)));
    organization = std::make_unique<Organization>(*catalog);
    intents = std::make_unique<Intents>(*catalog);
  }

  // Environment and service, made if they aren't there.
  void Service(const std::string& environment, const std::string& service, PartitionModel model,
               bool tenant_defined_tables = false) {
    (void)Await(organization->CreateEnvironment(EnvironmentName(environment)));
    Must(Await(
        organization->CreateService(EnvironmentName(environment), ServiceName(service), model, tenant_defined_tables)));
  }
  void Template(const std::string& environment, const std::string& service, TableDefinition definition) {
    Must(Await(
        organization->PutTemplateTable(EnvironmentName(environment), ServiceName(service), std::move(definition))));
  }
  Context Tenant(const std::string& environment, const std::string& service, const std::string& tenant,
                 std::optional<PartitionModel> model = std::nullopt) {
    (void)Await(organization->CreateTenant(TenantId(tenant), "standard"));
    Must(Await(organization->Place(Names(environment, service, tenant), model)));
    return Must(catalog->ContextOf(Names(environment, service, tenant)));
  }

  // Does the provisioner's work with an engine that agrees to everything, until nothing is pending.
  void Provision() {
    for (int round = 0; round < 1000; ++round) {
      const std::vector<Intent> pending = intents->Pending();
      if (pending.empty()) return;
      for (const Intent& intent : pending) {
        if (!ProvisionOne(intent).ok()) return;
      }
    }
    ADD_FAILURE() << "Intents don't end";
  }
  Result<void> ProvisionOne(const Intent& intent) {
    if (const auto* table = std::get_if<TableIntent>(&intent)) {
      const auto work = intents->WorkOf(*table);
      if (!work) return {};
      const TableRef& ref = work->table->ref;
      const Incarnation incarnation = ref.incarnation();
      if (work->drop) return Await(intents->Dropped(*table, incarnation));
      const auto settled = Await(intents->Settle(*table, incarnation, ref.schema().epoch));
      return settled.ok() ? Result<void>{} : Result<void>(settled.error());
    }
    if (const auto* tenant = std::get_if<TenantIntent>(&intent)) {
      for (const TableIntent& table : intents->TablesOf(tenant->tenant)) {
        INSULA_TRY(ProvisionOne(table));
      }
      return Await(intents->TenantGone(tenant->tenant));
    }
    const auto done = Await(intents->RollOut(std::get<RolloutIntent>(intent)));
    return done.ok() ? Result<void>{} : Result<void>(done.error());
  }

  MemoryRecordStore store;
  ManualClock clock;
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<Organization> organization;
  std::unique_ptr<Intents> intents;

 private:
  CatalogOptions options_;
};

}  // namespace insula::tenancy::testing
