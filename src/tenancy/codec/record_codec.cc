#include "tenancy/codec/record_codec.h"

#include <fmt/format.h>

#include "records/field_reader.h"
#include "records/field_writer.h"
#include "tenancy/codec/record_fields.h"
#include "tenancy/codec/table_fields.h"
#include "tenancy/codec/transfer_fields.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/table_ref_maker.h"
#include "tenancy/state/engine_schema.h"

namespace insula::tenancy {

using records::FieldReader;
using records::FieldWriter;
namespace {

// Of a table that is being restored: a program that knew nothing of restores would make it ACTIVE.
constexpr std::int64_t kRestoringVersion = 2;
constexpr std::int64_t kTransferVersion = 2;
// Of bulk puts and of exports with a filter: an older program would take them for plain exports.
constexpr std::int64_t kFilterOrBulkPutVersion = 3;
constexpr std::int64_t kBackupVersion = 1;

// --- names ---

std::string ServicePath(const EnvironmentName& environment, const ServiceName& service) {
  return environment.value() + "/" + service.value();
}
std::string NameIn(const OrganizationRecord&) { return "organization"; }
std::string NameIn(const Counters&) { return "next"; }
std::string NameIn(const EnvironmentRecord& r) { return r.name.value(); }
std::string NameIn(const ServiceRecord& r) { return ServicePath(r.environment, r.name); }
std::string NameIn(const TemplateTableRecord& r) {
  return ServicePath(r.environment, r.service) + "/" + r.definition.name;
}
std::string NameIn(const TenantRecord& r) { return r.id.value(); }
std::string NameIn(const AccountRecord& r) { return r.id.value(); }
std::string NameIn(const PlacementRecord& r) { return ContextPath(r.names); }
std::string NameIn(const PoolRecord& r) { return ServicePath(r.environment, r.service) + "/" + r.table; }
std::string NameIn(const TableRecord& r) { return ContextPath(r.owner) + "/" + r.name(); }
std::string NameIn(const KeptLogRecord& r) {
  return fmt::format("{}/{}", NameIn(*r.table), r.table->table->ref.incarnation().value());
}
std::string NameIn(const BackupRecord& r) { return ContextPath(r.owner) + "/" + r.id; }
std::string NameIn(const TransferRecord& r) { return r.id; }

template <class R>
RecordChange Removal(std::string_view kind, const R& record) {
  return {std::string(kind), NameIn(record), {}};
}

// --- writing ---

// The value that lists the fields of `parts`.
template <class... Parts>
std::string Value(std::int64_t version, const Parts&... parts) {
  FieldWriter writer;
  writer.Field("v", version);
  Fields(writer, parts...);
  return writer.Take();
}

template <class R>
RecordChange ChangeOf(std::string_view kind, const R& record) {
  return {std::string(kind), NameIn(record), Value(1, record)};
}

StoredRef StoredOf(const TableRef& ref) {
  return {ref.store(), ref.table(), ref.tenant(), ref.incarnation(), ref.physical_name()};
}

std::string TableValue(const TableRecord& r) {
  return Value(r.restoring_from ? kRestoringVersion : 1, r, StoredOf(r.table->ref), r.definition());
}

std::int64_t VersionOf(const TransferRecord& r) {
  const auto* exported = std::get_if<ExportDetails>(&r.details);
  const bool newer = r.kind() == TransferKind::kBulkPut || (exported != nullptr && !exported->filter.empty());
  return newer ? kFilterOrBulkPutVersion : kTransferVersion;
}

// --- reading ---

Error Named(const Record& record, const Error& error) {
  return Error(error.code(), fmt::format("Catalog record {} '{}': {}", record.kind, record.name, error.message()));
}

// Fills `parts` with the fields of the record's value.
template <class... Parts>
Result<void> ReadInto(const Record& record, std::int64_t version_max, Parts&... parts) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(record.value.data(), record.value.size()).get(object) != simdjson::SUCCESS) {
    return Named(record, Error(ErrorCode::kCorruption, "not a JSON object"));
  }
  std::optional<Error> failure;
  FieldReader reader(object, &failure);
  std::int64_t version = 0;
  reader.Field("v", version);
  if (version > version_max) {
    return Error(
        ErrorCode::kFailedPrecondition,
        fmt::format("Catalog record {} '{}' has format version {}, this program knows up to {}: it was written "
                    "by a newer one",
                    record.kind, record.name, version, version_max));
  }
  Fields(reader, parts...);
  if (failure) return Named(record, *failure);
  return {};
}

TablePtr TableOf(const ContextNames& owner, StoredRef stored, TableDefinition definition, const ArnParts& arn) {
  TableRef ref = TableRefMaker::Make(
      stored.store, stored.table, stored.tenant, stored.incarnation, std::move(stored.physical_name),
      stored.tenant.value() == 0 ? std::nullopt : owner.tenant, EngineSchema(definition));
  std::string table_arn = TableArn(arn.region, arn.stable_account(owner), definition.name);
  return std::make_shared<const Table>(
      Table{.ref = std::move(ref), .definition = std::move(definition), .arn = std::move(table_arn)});
}

}  // namespace

std::string ContextPath(const ContextNames& names) {
  return ServicePath(names.environment, names.service) + "/" + std::string(TextOf(names.tenant));
}

RecordChange Put(const OrganizationRecord& r) { return ChangeOf(kOrganizationKind, r); }
RecordChange Put(const Counters& r) { return ChangeOf(kCountersKind, r); }
RecordChange Put(const EnvironmentRecord& r) { return ChangeOf(kEnvironmentKind, r); }
RecordChange Put(const ServiceRecord& r) { return ChangeOf(kServiceKind, r); }
RecordChange Put(const TemplateTableRecord& r) { return ChangeOf(kTemplateKind, r); }
RecordChange Put(const TenantRecord& r) { return ChangeOf(kTenantKind, r); }
RecordChange Put(const AccountRecord& r) { return ChangeOf(kAccountKind, r); }
RecordChange Put(const PlacementRecord& r) { return ChangeOf(kPlacementKind, r); }
RecordChange Put(const PoolRecord& r) { return ChangeOf(kPoolKind, r); }
RecordChange Put(const TableRecord& r) { return {std::string(kTableKind), NameIn(r), TableValue(r)}; }
RecordChange Put(const KeptLogRecord& r) { return {std::string(kKeptLogKind), NameIn(r), TableValue(*r.table)}; }
RecordChange Put(const BackupRecord& r) {
  return {std::string(kBackupKind), NameIn(r), Value(kBackupVersion, r, StoredOf(r.table->ref), r.table->definition)};
}
RecordChange Put(const TransferRecord& r) { return {std::string(kTransferKind), NameIn(r), Value(VersionOf(r), r)}; }

RecordChange Remove(const TemplateTableRecord& r) { return Removal(kTemplateKind, r); }
RecordChange Remove(const TenantRecord& r) { return Removal(kTenantKind, r); }
RecordChange Remove(const PlacementRecord& r) { return Removal(kPlacementKind, r); }
RecordChange Remove(const TableRecord& r) { return Removal(kTableKind, r); }
RecordChange Remove(const KeptLogRecord& r) { return Removal(kKeptLogKind, r); }
RecordChange Remove(const BackupRecord& r) { return Removal(kBackupKind, r); }
RecordChange Remove(const TransferRecord& r) { return Removal(kTransferKind, r); }

template <class R>
Result<R> ReadAs(const Record& record) {
  R read;
  INSULA_TRY(ReadInto(record, kRecordVersion, read));
  return read;
}
template Result<OrganizationRecord> ReadAs(const Record&);
template Result<Counters> ReadAs(const Record&);
template Result<EnvironmentRecord> ReadAs(const Record&);
template Result<ServiceRecord> ReadAs(const Record&);
template Result<TemplateTableRecord> ReadAs(const Record&);
template Result<TenantRecord> ReadAs(const Record&);
template Result<AccountRecord> ReadAs(const Record&);
template Result<PlacementRecord> ReadAs(const Record&);
template Result<PoolRecord> ReadAs(const Record&);

template <>
Result<TransferRecord> ReadAs(const Record& record) {
  TransferRecord read;
  read.id = record.name;
  INSULA_TRY(ReadInto(record, kRecordVersion, read));
  return read;
}

Result<TableRecord> ReadTable(const Record& record, const ArnParts& arn) {
  TableRecord read;
  StoredRef ref;
  TableDefinition definition;
  INSULA_TRY(ReadInto(record, kRecordVersion, read, ref, definition));
  read.table = TableOf(read.owner, std::move(ref), std::move(definition), arn);
  return read;
}

Result<BackupRecord> ReadBackup(const Record& record, const ArnParts& arn) {
  BackupRecord read;
  StoredRef ref;
  TableDefinition definition;
  INSULA_TRY(ReadInto(record, kBackupVersion, read, ref, definition));
  read.table = TableOf(read.owner, std::move(ref), std::move(definition), arn);
  read.arn = BackupArn(read.table->arn, read.id);
  return read;
}

}  // namespace insula::tenancy
