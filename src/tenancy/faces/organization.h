// The operator's side of the catalog: what the organization consists of, and the changes to it. What an engine must
// follow is left to the provisioner as intents (intents.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tenancy/catalog/catalog.h"
#include "tenancy/state/records.h"

namespace insula::tenancy {

struct PlacementInfo {
  PlacementRecord record;
  AccountId tenant_account;  // the tenant's stable account in that environment
  std::string status;        // PLACING (tables are being made), ACTIVE, SUSPENDED, DELETING
};
struct TenantInfo {
  TenantRecord record;
  std::vector<PlacementInfo> placements;
};
struct ServiceTable {  // one of the service's own
  TablePtr table;
  bool shared = false;  // its tenants may read it
};
struct ServiceInfo {
  ServiceRecord record;
  std::vector<TableDefinition> table_template;  // in order of name
  std::vector<ServiceTable> own_tables;
  std::size_t tenant_count = 0;
};
// A table as the operator lists it: where a logical one really is.
struct TableInfo {
  ContextNames owner;
  TablePtr table;  // logical
  PartitionModel model = PartitionModel::kTable;
  AccountId account;  // that holds the physical table
};

// Whether an operator who asks for `filter` means this context: empty members match all.
bool Covers(const ContextNames& filter, const ContextNames& names);

// Errors of all changes: InvalidArgument (a name against its rule), AlreadyExists, NotFound, FailedPrecondition; those
// of the record store. Safe from any thread; the catalog outlives it.
class Organization {
 public:
  explicit Organization(Catalog& catalog) : catalog_(catalog) {}

  bool initialized() const;
  // Makes the organization with its payer account. FailedPrecondition if there is one already.
  Task<Result<AccountId>> Init();

  Task<Result<EnvironmentRecord>> CreateEnvironment(EnvironmentName name);
  std::vector<EnvironmentRecord> Environments() const;

  Task<Result<ServiceInfo>> CreateService(EnvironmentName environment, ServiceName name, PartitionModel model,
                                          bool tenant_defined_tables);
  std::vector<ServiceInfo> Services(std::optional<EnvironmentName> environment) const;
  Result<ServiceInfo> ShowService(const EnvironmentName& environment, const ServiceName& name) const;

  // Adds a table to the service's template, or changes it: tenants placed later get it as it is then; tenants already
  // placed get a new table at once, and a change of global indexes, throughput and settings too unless the service lets
  // tenants define tables. Keys and local indexes of a table in the template can't change.
  Task<Result<ServiceInfo>> PutTemplateTable(EnvironmentName environment, ServiceName service,
                                             TableDefinition definition);
  // Tenants placed later don't get it; those that have it keep it.
  Task<Result<ServiceInfo>> RemoveTemplateTable(EnvironmentName environment, ServiceName service, std::string table);
  // Whether the service's tenants may read its own table of this name.
  Task<Result<ServiceInfo>> ShareTable(EnvironmentName environment, ServiceName service, std::string table,
                                       bool shared);

  Task<Result<TenantInfo>> CreateTenant(TenantId id, std::string tier);
  // Without a model, the service's. `engine`: of the account that gets its tables, which in the account model is chosen
  // when the tenant's account has no tables yet; without one, the account's, else the organization's first.
  // FailedPrecondition where the account is on another one, or that engine can't have a table of the template.
  Task<Result<PlacementInfo>> Place(ContextNames names, std::optional<PartitionModel> model,
                                    std::optional<std::string> engine = std::nullopt);
  // Its credentials get AccessDenied until Resume; its data stays. With an environment or service, only its placements
  // there: NotFound if there are none.
  Task<Result<TenantInfo>> Suspend(TenantId id, std::optional<EnvironmentName> environment = std::nullopt,
                                   std::optional<ServiceName> service = std::nullopt);
  // Without either, everything of it, also what was suspended alone.
  Task<Result<TenantInfo>> Resume(TenantId id, std::optional<EnvironmentName> environment = std::nullopt,
                                  std::optional<ServiceName> service = std::nullopt);
  // At once nobody can use it any more; its tables, stores and placements go in the background, then itself.
  Task<Result<TenantInfo>> Delete(TenantId id);
  Result<TenantInfo> ShowTenant(const TenantId& id) const;
  // In order of id, after `exclusive_start`, at most `limit`.
  std::vector<TenantInfo> Tenants(std::string_view exclusive_start, std::size_t limit) const;

  std::vector<AccountRecord> Accounts() const;
  // All tables, or those of one environment, service or tenant (empty members of `filter` match all), in order of
  // owner and name.
  std::vector<TableInfo> Tables(const ContextNames& filter) const;
  // Whether there is a table of this name for the context, whatever its status and the context's: its own, or a shared
  // one of its service.
  bool HasTable(const ContextNames& names, std::string_view table) const;

 private:
  Catalog& catalog_;
};

// "account", "table", "index"; InvalidArgument for anything else.
Result<PartitionModel> ParsePartitionModel(std::string_view text);

}  // namespace insula::tenancy
