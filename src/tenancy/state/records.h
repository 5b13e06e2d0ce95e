// What the catalog keeps, one struct per kind of record (codec/record_codec.h writes and reads them).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/ids.h"
#include "model/table_definition.h"
#include "tenancy/identity/context.h"
#include "tenancy/identity/table.h"
#include "tenancy/state/backup_records.h"

namespace insula::tenancy {

std::string_view NameOf(PartitionModel model);  // "account", "table", "index"
std::span<const std::string_view> AllNames(PartitionModel);

struct OrganizationRecord {
  AccountId payer;
  WallTime created_at{};
};

// The next number of each kind to give. A number that was given is never given again, whatever became of it.
struct Counters {
  std::uint64_t incarnation = 1;
  std::uint32_t table = 1;   // 0 is the control plane
  std::uint32_t tenant = 1;  // 0 marks a table that isn't shared
  std::uint32_t store = 1;   // 0 is the shared store
};

struct EnvironmentRecord {
  EnvironmentName name;
  AccountId shared_account;
  WallTime created_at{};
};

struct ServiceRecord {
  EnvironmentName environment;
  ServiceName name;
  PartitionModel model = PartitionModel::kIndex;  // of tenants placed without naming one
  bool tenant_defined_tables = false;
  std::uint64_t template_version = 0;  // grows with every change of the template
  WallTime created_at{};
};

// One table of a service's template. Only name and shape of the definition mean anything: no id, no times.
struct TemplateTableRecord {
  EnvironmentName environment;
  ServiceName service;
  TableDefinition definition;
  std::uint64_t changed_at_version = 0;
};

enum class TenantStatus : std::uint8_t { kActive, kSuspended, kDeleting };
std::string_view NameOf(TenantStatus status);  // "ACTIVE" …
std::span<const std::string_view> AllNames(TenantStatus);

struct TenantRecord {
  TenantId id;
  TenantNumber number;
  std::string tier;
  TenantStatus status = TenantStatus::kActive;
  WallTime created_at{};
};

enum class AccountKind : std::uint8_t { kPayer, kShared, kTenant };
std::string_view NameOf(AccountKind kind);  // "payer", "shared", "tenant"
std::span<const std::string_view> AllNames(AccountKind);

struct AccountRecord {
  AccountId id;
  AccountKind kind = AccountKind::kTenant;
  EnvironmentName environment;     // empty: the payer's
  std::optional<TenantId> tenant;  // of kTenant
  StoreId store;                   // its own, where a placement of the account model needs one; else 0
  bool closed = false;             // its tenant is gone; the id stays taken
  WallTime created_at{};
  std::string engine{};  // that has that store; empty: the organization's first
};

// Where a tenant's tables of one service are.
struct PlacementRecord {
  ContextNames names;
  PartitionModel model = PartitionModel::kIndex;
  AccountId account;                   // that holds the physical tables
  std::string engine = "embedded";     // of that account
  std::uint64_t template_version = 0;  // up to which the service's template has been applied
  bool suspended = false;              // this one alone; the tenant's own status counts too
  WallTime created_at{};
};

// A physical table shared by the tenants of a service, made when the first of them needs it.
struct PoolRecord {
  EnvironmentName environment;
  ServiceName service;
  std::string table;  // logical
  AccountId account;
  std::string physical_name;
  std::string id;  // TableId, a UUID
  TableNumber number;
  WallTime created_at{};
};

// One life of a table of a tenant, or of a service's own. Immutable; a change makes a new one. Its status is also the
// intent: whatever isn't ACTIVE is what the provisioner has yet to do.
struct TableRecord {
  ContextNames owner;  // without a tenant: the service's own
  TablePtr table;      // as its owner sees it
  PartitionModel model = PartitionModel::kTable;
  AccountId account;  // that holds the physical table
  std::uint16_t next_index_id = 1;
  bool shared = false;  // a service's own: its tenants may read it
  bool from_template = false;
  bool importing = false;  // stays CREATING until its import ends
  // Of a restored table: where it is from, and while it is being filled, which of the owner's backups fills it.
  std::optional<RestoreSource> restored_from;
  std::optional<std::string> restoring_from;
  // While point-in-time recovery is on: from when on the change log has all; unset until the engine keeps it.
  std::optional<WallTime> point_in_time_since;

  const TableDefinition& definition() const { return table->definition; }
  const std::string& name() const { return table->definition.name; }
};
using TableRecordPtr = std::shared_ptr<const TableRecord>;

// A table that is gone but for its change log, which its streams are read from until they are too old.
struct KeptLogRecord {
  TableRecordPtr table;  // as it was
};

}  // namespace insula::tenancy
