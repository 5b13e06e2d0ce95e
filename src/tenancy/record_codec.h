// The catalog's records as (kind, name, JSON). Every value has a "v", the format's version: 1, or 2 where an older
// program would take it for something else (a table that is being restored). A record with a newer
// one is FailedPrecondition: an older program refuses a newer catalog. Internal to the room.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/record_store.h"
#include "tenancy/records.h"

namespace insula::tenancy {

inline constexpr std::int64_t kRecordVersion = 3;

// The kinds, in the order in which loading needs them.
inline constexpr std::string_view kOrganizationKind = "organization";
inline constexpr std::string_view kCountersKind = "counters";
inline constexpr std::string_view kEnvironmentKind = "environment";
inline constexpr std::string_view kServiceKind = "service";
inline constexpr std::string_view kTemplateKind = "template";
inline constexpr std::string_view kTenantKind = "tenant";
inline constexpr std::string_view kAccountKind = "account";
inline constexpr std::string_view kPlacementKind = "placement";
inline constexpr std::string_view kPoolKind = "pool";
inline constexpr std::string_view kTableKind = "table";
inline constexpr std::string_view kKeptLogKind = "kept-log";

std::string ContextPath(const ContextNames& names);  // "prod/catalog/acme"; a service: "prod/catalog/"

RecordChange Put(const OrganizationRecord& record);
RecordChange Put(const Counters& record);
RecordChange Put(const EnvironmentRecord& record);
RecordChange Put(const ServiceRecord& record);
RecordChange Put(const TemplateTableRecord& record);
RecordChange Put(const TenantRecord& record);
RecordChange Put(const AccountRecord& record);
RecordChange Put(const PlacementRecord& record);
RecordChange Put(const PoolRecord& record);
RecordChange Put(const TableRecord& record);
RecordChange Put(const KeptLogRecord& record);

RecordChange Remove(const TemplateTableRecord& record);
RecordChange Remove(const TenantRecord& record);
RecordChange Remove(const PlacementRecord& record);
RecordChange Remove(const TableRecord& record);
RecordChange Remove(const KeptLogRecord& record);

Result<OrganizationRecord> ReadOrganization(const Record& record);
Result<Counters> ReadCounters(const Record& record);
Result<EnvironmentRecord> ReadEnvironment(const Record& record);
Result<ServiceRecord> ReadService(const Record& record);
Result<TemplateTableRecord> ReadTemplateTable(const Record& record);
Result<TenantRecord> ReadTenant(const Record& record);
Result<AccountRecord> ReadAccount(const Record& record);
Result<PlacementRecord> ReadPlacement(const Record& record);
Result<PoolRecord> ReadPool(const Record& record);
// Of a kept log, too. `region` goes into the ARN, and so does the owner's stable account, which `stable_account` tells.
Result<TableRecord> ReadTable(const Record& record, std::string_view region,
                              const std::function<AccountId(const ContextNames&)>& stable_account);

// The schema that the engine follows: without the indexes that are being deleted.
std::shared_ptr<const TableSchema> EngineSchema(const TableDefinition& definition);

}  // namespace insula::tenancy
