// Everything the catalog knows, as plain maps. No locks here: catalog_impl.h says who may touch it when.
// Internal to the room.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tenancy/state/backup_records.h"
#include "tenancy/state/records.h"
#include "tenancy/state/transfer_records.h"

namespace insula::tenancy {

using ServiceKey = std::pair<EnvironmentName, ServiceName>;

struct ServiceState {
  ServiceRecord record;
  std::map<std::string, TemplateTableRecord, std::less<>> table_template;  // by logical name
  std::map<std::string, PoolRecord, std::less<>> pools;                    // by logical name
};

// Whose a physical name is: a table record's, or a pool's.
struct OwnedTable {
  ContextNames owner;
  std::string table;
};
struct PooledTable {
  ServiceKey service;
  std::string table;
};
using PhysicalEntry = std::variant<OwnedTable, PooledTable>;

// How much one context has of what there are quotas for.
struct ContextCounts {
  std::size_t tables_in_change = 0;  // those that the engine has yet to follow (IsPending)
  std::size_t tables_restoring = 0;  // those being filled from a backup
  std::size_t tables_with_past = 0;  // those with point-in-time recovery: each leaves a SYSTEM backup when it goes
  std::size_t user_backups = 0;
  std::size_t user_backups_new = 0;  // of them those being made
  std::size_t system_backups = 0;
};

using TablesByName = std::map<std::string, TableRecordPtr, std::less<>>;

struct State {
  std::optional<OrganizationRecord> organization;
  std::map<EnvironmentName, EnvironmentRecord> environments;
  std::map<ServiceKey, ServiceState> services;
  std::map<TenantId, TenantRecord> tenants;
  std::map<AccountId, AccountRecord> accounts;
  std::map<std::pair<EnvironmentName, TenantId>, AccountId> tenant_accounts;  // the open ones
  std::map<ContextNames, PlacementRecord> placements;                         // a service's are contiguous
  std::map<TenantId, std::set<ContextNames>> placements_of;
  std::map<ContextNames, TablesByName> tables;  // a service's own come before its tenants'
  std::map<ContextNames, std::map<Incarnation, TableRecordPtr>> kept_logs;
  std::map<AccountId, std::map<std::string, PhysicalEntry, std::less<>>> physical;
  std::map<Incarnation, TableRecordPtr> expiring;  // the tables whose time to live is ENABLED

  std::map<ContextNames, std::map<std::string, TransferPtr, std::less<>>> transfers;  // by id
  std::map<ContextNames, std::map<std::string, BackupPtr, std::less<>>> backups;      // by id
  std::map<Incarnation, std::size_t> being_copied;                                    // by how many backups

  std::map<ContextNames, ContextCounts> counts;

  // Each of these keeps the secondary maps in step.
  void Put(OrganizationRecord record);
  void Put(EnvironmentRecord record);
  void Put(ServiceRecord record);
  void Put(TemplateTableRecord record);
  void Put(TenantRecord record);
  void Put(AccountRecord record);
  void Put(PlacementRecord record);
  void Put(PoolRecord record);
  void Put(TableRecordPtr record);
  void Put(const KeptLogRecord& record);
  void Put(TransferRecord record);
  void Put(BackupRecord record);
  void Remove(const TemplateTableRecord& record);
  void Remove(const TenantRecord& record);
  void Remove(const PlacementRecord& record);
  void Remove(const TableRecord& record);
  void Remove(const KeptLogRecord& record);
  void Remove(const TransferRecord& record);
  void Remove(const BackupRecord& record);

  // nullptr if there is none.
  const EnvironmentRecord* FindEnvironment(const EnvironmentName& name) const;
  const ServiceState* FindService(const EnvironmentName& environment, const ServiceName& service) const;
  const TenantRecord* FindTenant(const TenantId& id) const;
  const TenantRecord* FindTenantOf(const ContextNames& names) const;  // of a service, there is none
  const AccountRecord* FindAccount(const AccountId& id) const;
  const AccountRecord* FindTenantAccount(const EnvironmentName& environment, const TenantId& tenant) const;
  const PlacementRecord* FindPlacement(const ContextNames& names) const;
  TableRecordPtr FindTable(const ContextNames& owner, std::string_view name) const;
  ContextCounts CountsOf(const ContextNames& owner) const;
  const PhysicalEntry* FindPhysical(const AccountId& account, std::string_view physical_name) const;
  BackupPtr FindBackup(const ContextNames& owner, std::string_view id) const;
  bool HasBackups(const TenantId& tenant) const;
  // Whether a backup of this incarnation is still being made.
  bool IsBeingCopied(const TableRecord& table) const;
  // Whether requests of this context are served.
  bool IsActive(const ContextNames& names) const;
  // The account in a context's ARNs: the tenant's in its environment, or the environment's shared one.
  AccountId AccountOf(const ContextNames& names) const;

  // The placements of one service, in order of tenant.
  std::vector<const PlacementRecord*> PlacementsOf(const ServiceKey& service) const;

 private:
  // Adds the record to the counts of its owner (1), or takes it out (-1).
  void Count(const TableRecord& record, int change);
  void Count(const BackupRecord& record, int change);
};

}  // namespace insula::tenancy
