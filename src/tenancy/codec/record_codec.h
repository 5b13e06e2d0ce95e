// The catalog's records as (kind, name, JSON). What a kind's JSON has is listed in *_fields.h. Every value has a "v",
// the format's version: above 1 where an older program would take it for something else. A record with a newer one
// than this program knows is FailedPrecondition, one that is damaged Corruption, both by name. Internal to the room.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/record_store.h"
#include "tenancy/state/backup_records.h"
#include "tenancy/state/records.h"
#include "tenancy/state/transfer_records.h"

namespace insula::tenancy {

inline constexpr std::int64_t kRecordVersion = 3;  // the newest that is known; of a backup it is 1

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
inline constexpr std::string_view kBackupKind = "backup";
inline constexpr std::string_view kTransferKind = "transfer";

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
RecordChange Put(const BackupRecord& record);
RecordChange Put(const TransferRecord& record);

RecordChange Remove(const TemplateTableRecord& record);
RecordChange Remove(const TenantRecord& record);
RecordChange Remove(const PlacementRecord& record);
RecordChange Remove(const TableRecord& record);
RecordChange Remove(const KeptLogRecord& record);
RecordChange Remove(const BackupRecord& record);
RecordChange Remove(const TransferRecord& record);

// Of every kind but those below.
template <class R>
Result<R> ReadAs(const Record& record);
template <>
Result<TransferRecord> ReadAs(const Record& record);

// What a table's ARN is made of: the region, and of its owner the stable account.
struct ArnParts {
  std::string_view region;
  std::function<AccountId(const ContextNames&)> stable_account;
};
Result<TableRecord> ReadTable(const Record& record, const ArnParts& arn);  // of a kept log, too
Result<BackupRecord> ReadBackup(const Record& record, const ArnParts& arn);

}  // namespace insula::tenancy
