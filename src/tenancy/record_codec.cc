#include "tenancy/record_codec.h"

#include <fmt/format.h>

#include <array>

#include "tenancy/arn.h"
#include "tenancy/definition_codec.h"
#include "tenancy/json_fields.h"
#include "tenancy/table_ref_maker.h"

namespace insula::tenancy {

std::string_view NameOf(PartitionModel model) {
  static constexpr std::array<std::string_view, 3> kNames = {"account", "table", "index"};
  return kNames[static_cast<std::size_t>(model)];
}
std::string_view NameOf(TenantStatus status) {
  static constexpr std::array<std::string_view, 3> kNames = {"ACTIVE", "SUSPENDED", "DELETING"};
  return kNames[static_cast<std::size_t>(status)];
}
std::string_view NameOf(AccountKind kind) {
  static constexpr std::array<std::string_view, 3> kNames = {"payer", "shared", "tenant"};
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

constexpr std::int64_t kRestoringVersion = 2;

template <class Enum>
Enum Parse(JsonIn& in, std::string_view key, int count) {
  const std::string text = in.Text(key);
  for (int i = 0; i < count; ++i) {
    if (NameOf(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  in.Fail(key, "has an unknown value");
  return Enum{};
}

JsonOut Start(std::int64_t version = 1) {
  JsonOut out;
  out.Begin('{').Number("v", version);
  return out;
}
RecordChange Finish(std::string_view kind, std::string name, JsonOut out) {
  out.End('}');
  return {std::string(kind), std::move(name), out.Take()};
}
RecordChange Removal(std::string_view kind, std::string name) { return {std::string(kind), std::move(name), {}}; }

void WriteNames(const ContextNames& names, JsonOut* out) {
  out->Text("environment", names.environment.value()).Text("service", names.service.value());
  out->Text("tenant", names.tenant.value());
}
ContextNames ReadNames(JsonIn& in) {
  return {EnvironmentName(in.Text("environment")), ServiceName(in.Text("service")), TenantId(in.Text("tenant"))};
}

std::string ServicePath(const EnvironmentName& environment, const ServiceName& service) {
  return environment.value() + "/" + service.value();
}
std::string TableName(const TableRecord& record) { return ContextPath(record.owner) + "/" + record.name(); }
std::string TemplateName(const TemplateTableRecord& record) {
  return ServicePath(record.environment, record.service) + "/" + record.definition.name;
}

Error Named(const Record& record, const Error& error) {
  return Error(error.code(), fmt::format("Catalog record {} '{}': {}", record.kind, record.name, error.message()));
}

// Parses, checks the version, lets `read` fill a T from the reader, and checks that every member was there.
template <class T, class Read>
Result<T> ReadRecord(const Record& record, Read read) {
  thread_local JsonText text;
  auto parsed = text.Parse(record.value);
  if (!parsed.ok()) return Named(record, parsed.error());
  JsonIn in = *parsed;
  const std::int64_t version = in.Number("v");
  if (in.status().ok() && version > kRecordVersion) {
    return Error(
        ErrorCode::kFailedPrecondition,
        fmt::format("Catalog record {} '{}' has format version {}, this program knows up to {}: it was written "
                    "by a newer one",
                    record.kind, record.name, version, kRecordVersion));
  }
  T value = read(in);
  const auto status = in.status();
  if (!status.ok()) return Named(record, status.error());
  return value;
}

}  // namespace

std::string ContextPath(const ContextNames& names) {
  return names.environment.value() + "/" + names.service.value() + "/" + names.tenant.value();
}

RecordChange Put(const OrganizationRecord& r) {
  JsonOut out = Start();
  out.Text("payer", r.payer.value()).Time("created_at", r.created_at);
  return Finish(kOrganizationKind, "organization", std::move(out));
}
Result<OrganizationRecord> ReadOrganization(const Record& record) {
  return ReadRecord<OrganizationRecord>(
      record, [](JsonIn& in) { return OrganizationRecord{AccountId(in.Text("payer")), in.Time("created_at")}; });
}

RecordChange Put(const Counters& r) {
  JsonOut out = Start();
  out.Number("incarnation", static_cast<std::int64_t>(r.incarnation)).Number("table", r.table);
  out.Number("tenant", r.tenant).Number("store", r.store);
  return Finish(kCountersKind, "next", std::move(out));
}
Result<Counters> ReadCounters(const Record& record) {
  return ReadRecord<Counters>(record, [](JsonIn& in) {
    return Counters{static_cast<std::uint64_t>(in.Number("incarnation")),
                    static_cast<std::uint32_t>(in.Number("table")), static_cast<std::uint32_t>(in.Number("tenant")),
                    static_cast<std::uint32_t>(in.Number("store"))};
  });
}

RecordChange Put(const EnvironmentRecord& r) {
  JsonOut out = Start();
  out.Text("name", r.name.value()).Text("shared_account", r.shared_account.value()).Time("created_at", r.created_at);
  return Finish(kEnvironmentKind, r.name.value(), std::move(out));
}
Result<EnvironmentRecord> ReadEnvironment(const Record& record) {
  return ReadRecord<EnvironmentRecord>(record, [](JsonIn& in) {
    return EnvironmentRecord{EnvironmentName(in.Text("name")), AccountId(in.Text("shared_account")),
                             in.Time("created_at")};
  });
}

RecordChange Put(const ServiceRecord& r) {
  JsonOut out = Start();
  out.Text("environment", r.environment.value()).Text("name", r.name.value()).Text("model", NameOf(r.model));
  out.Flag("tenant_defined_tables", r.tenant_defined_tables);
  out.Number("template_version", static_cast<std::int64_t>(r.template_version)).Time("created_at", r.created_at);
  return Finish(kServiceKind, ServicePath(r.environment, r.name), std::move(out));
}
Result<ServiceRecord> ReadService(const Record& record) {
  return ReadRecord<ServiceRecord>(record, [](JsonIn& in) {
    ServiceRecord r;
    r.environment = EnvironmentName(in.Text("environment"));
    r.name = ServiceName(in.Text("name"));
    r.model = Parse<PartitionModel>(in, "model", 3);
    r.tenant_defined_tables = in.Flag("tenant_defined_tables");
    r.template_version = static_cast<std::uint64_t>(in.Number("template_version"));
    r.created_at = in.Time("created_at");
    return r;
  });
}

RecordChange Put(const TemplateTableRecord& r) {
  JsonOut out = Start();
  out.Text("environment", r.environment.value()).Text("service", r.service.value());
  out.Number("changed_at_version", static_cast<std::int64_t>(r.changed_at_version)).Key("definition");
  WriteDefinition(r.definition, &out);
  return Finish(kTemplateKind, TemplateName(r), std::move(out));
}
RecordChange Remove(const TemplateTableRecord& r) { return Removal(kTemplateKind, TemplateName(r)); }
Result<TemplateTableRecord> ReadTemplateTable(const Record& record) {
  return ReadRecord<TemplateTableRecord>(record, [](JsonIn& in) {
    TemplateTableRecord r;
    r.environment = EnvironmentName(in.Text("environment"));
    r.service = ServiceName(in.Text("service"));
    r.changed_at_version = static_cast<std::uint64_t>(in.Number("changed_at_version"));
    r.definition = ReadDefinition(in.Child("definition"));
    return r;
  });
}

RecordChange Put(const TenantRecord& r) {
  JsonOut out = Start();
  out.Text("id", r.id.value()).Number("number", r.number.value()).Text("tier", r.tier);
  out.Text("status", NameOf(r.status)).Time("created_at", r.created_at);
  return Finish(kTenantKind, r.id.value(), std::move(out));
}
RecordChange Remove(const TenantRecord& r) { return Removal(kTenantKind, r.id.value()); }
Result<TenantRecord> ReadTenant(const Record& record) {
  return ReadRecord<TenantRecord>(record, [](JsonIn& in) {
    TenantRecord r;
    r.id = TenantId(in.Text("id"));
    r.number = TenantNumber(static_cast<std::uint32_t>(in.Number("number")));
    r.tier = in.Text("tier");
    r.status = Parse<TenantStatus>(in, "status", 3);
    r.created_at = in.Time("created_at");
    return r;
  });
}

RecordChange Put(const AccountRecord& r) {
  JsonOut out = Start();
  out.Text("id", r.id.value()).Text("kind", NameOf(r.kind)).Text("environment", r.environment.value());
  out.Text("tenant", r.tenant.value()).Number("store", r.store.value()).Flag("closed", r.closed);
  out.Time("created_at", r.created_at);
  return Finish(kAccountKind, r.id.value(), std::move(out));
}
Result<AccountRecord> ReadAccount(const Record& record) {
  return ReadRecord<AccountRecord>(record, [](JsonIn& in) {
    AccountRecord r;
    r.id = AccountId(in.Text("id"));
    r.kind = Parse<AccountKind>(in, "kind", 3);
    r.environment = EnvironmentName(in.Text("environment"));
    r.tenant = TenantId(in.Text("tenant"));
    r.store = StoreId(static_cast<std::uint32_t>(in.Number("store")));
    r.closed = in.Flag("closed");
    r.created_at = in.Time("created_at");
    return r;
  });
}

RecordChange Put(const PlacementRecord& r) {
  JsonOut out = Start();
  WriteNames(r.names, &out);
  out.Text("model", NameOf(r.model)).Text("account", r.account.value()).Text("engine", r.engine);
  out.Number("template_version", static_cast<std::int64_t>(r.template_version)).Flag("suspended", r.suspended);
  out.Time("created_at", r.created_at);
  return Finish(kPlacementKind, ContextPath(r.names), std::move(out));
}
RecordChange Remove(const PlacementRecord& r) { return Removal(kPlacementKind, ContextPath(r.names)); }
Result<PlacementRecord> ReadPlacement(const Record& record) {
  return ReadRecord<PlacementRecord>(record, [](JsonIn& in) {
    PlacementRecord r;
    r.names = ReadNames(in);
    r.model = Parse<PartitionModel>(in, "model", 3);
    r.account = AccountId(in.Text("account"));
    r.engine = in.Text("engine");
    r.template_version = static_cast<std::uint64_t>(in.Number("template_version"));
    r.suspended = in.Flag("suspended");
    r.created_at = in.Time("created_at");
    return r;
  });
}

RecordChange Put(const PoolRecord& r) {
  JsonOut out = Start();
  out.Text("environment", r.environment.value()).Text("service", r.service.value()).Text("table", r.table);
  out.Text("account", r.account.value()).Text("physical_name", r.physical_name).Text("id", r.id);
  out.Number("number", r.number.value()).Time("created_at", r.created_at);
  return Finish(kPoolKind, ServicePath(r.environment, r.service) + "/" + r.table, std::move(out));
}
Result<PoolRecord> ReadPool(const Record& record) {
  return ReadRecord<PoolRecord>(record, [](JsonIn& in) {
    PoolRecord r;
    r.environment = EnvironmentName(in.Text("environment"));
    r.service = ServiceName(in.Text("service"));
    r.table = in.Text("table");
    r.account = AccountId(in.Text("account"));
    r.physical_name = in.Text("physical_name");
    r.id = in.Text("id");
    r.number = TableNumber(static_cast<std::uint32_t>(in.Number("number")));
    r.created_at = in.Time("created_at");
    return r;
  });
}

namespace {

JsonOut Written(const TableRecord& r) {
  const TableRef& ref = r.table->ref;
  // A program that knew nothing of restores would make such a table ACTIVE.
  JsonOut out = r.restoring_from ? Start(kRestoringVersion) : Start();
  WriteNames(r.owner, &out);
  out.Text("model", NameOf(r.model)).Text("account", r.account.value()).Text("physical_name", ref.physical_name());
  out.Number("store", ref.store().value()).Number("table", ref.table().value());
  out.Number("tenant_number", ref.tenant().value());
  out.Number("incarnation", static_cast<std::int64_t>(ref.incarnation().value()));
  out.Number("next_index_id", r.next_index_id).Flag("shared", r.shared).Flag("from_template", r.from_template);
  if (r.importing) out.Flag("importing", true);
  if (r.restoring_from) out.Text("restoring_from", *r.restoring_from);
  if (r.point_in_time_since) out.Time("point_in_time_since", *r.point_in_time_since);
  if (r.restored_from) {
    out.Key("restored_from").Begin('{');
    if (r.restored_from->backup_arn) out.Text("backup", *r.restored_from->backup_arn);
    out.Text("table", r.restored_from->table_arn).Time("time", r.restored_from->time).End('}');
  }
  out.Key("definition");
  WriteDefinition(r.definition(), &out);
  return out;
}

std::string KeptLogName(const KeptLogRecord& r) {
  return fmt::format("{}/{}", TableName(*r.table), r.table->table->ref.incarnation().value());
}

}  // namespace

RecordChange Put(const TableRecord& r) { return Finish(kTableKind, TableName(r), Written(r)); }
RecordChange Remove(const TableRecord& r) { return Removal(kTableKind, TableName(r)); }
RecordChange Put(const KeptLogRecord& r) { return Finish(kKeptLogKind, KeptLogName(r), Written(*r.table)); }
RecordChange Remove(const KeptLogRecord& r) { return Removal(kKeptLogKind, KeptLogName(r)); }

Result<TableRecord> ReadTable(const Record& record, std::string_view region,
                              const std::function<AccountId(const ContextNames&)>& stable_account) {
  return ReadRecord<TableRecord>(record, [&](JsonIn& in) {
    TableRecord r;
    r.owner = ReadNames(in);
    r.model = Parse<PartitionModel>(in, "model", 3);
    r.account = AccountId(in.Text("account"));
    r.next_index_id = static_cast<std::uint16_t>(in.Number("next_index_id"));
    r.shared = in.Flag("shared");
    r.from_template = in.Flag("from_template");
    r.importing = in.Has("importing") && in.Flag("importing");
    if (in.Has("restoring_from")) r.restoring_from = in.Text("restoring_from");
    if (in.Has("point_in_time_since")) r.point_in_time_since = in.Time("point_in_time_since");
    if (in.Has("restored_from")) {
      JsonIn from = in.Child("restored_from");
      RestoreSource& source = r.restored_from.emplace();
      if (from.Has("backup")) source.backup_arn = from.Text("backup");
      source.table_arn = from.Text("table");
      source.time = from.Time("time");
    }
    TableDefinition definition = ReadDefinition(in.Child("definition"));
    const TenantNumber tenant(static_cast<std::uint32_t>(in.Number("tenant_number")));
    TableRef ref =
        TableRefMaker::Make(StoreId(static_cast<std::uint32_t>(in.Number("store"))),
                            TableNumber(static_cast<std::uint32_t>(in.Number("table"))), tenant,
                            Incarnation(static_cast<std::uint64_t>(in.Number("incarnation"))), in.Text("physical_name"),
                            tenant.value() == 0 ? "" : r.owner.tenant.value(), EngineSchema(definition));
    std::string arn = TableArn(region, stable_account(r.owner), definition.name);
    r.table = std::make_shared<const Table>(
        Table{.ref = std::move(ref), .definition = std::move(definition), .arn = std::move(arn)});
    return r;
  });
}

std::shared_ptr<const TableSchema> EngineSchema(const TableDefinition& definition) {
  const auto deleting = [&](const IndexSchema& index) {
    const auto settings = definition.index_settings.find(index.name);
    return settings != definition.index_settings.end() && settings->second.status == IndexStatus::kDeleting;
  };
  for (const IndexSchema& index : definition.schema->indexes) {
    if (!deleting(index)) continue;
    auto schema = std::make_shared<TableSchema>(*definition.schema);
    std::erase_if(schema->indexes, deleting);
    return schema;
  }
  return definition.schema;
}

}  // namespace insula::tenancy
