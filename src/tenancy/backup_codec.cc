#include "tenancy/backup_codec.h"

#include <fmt/format.h>

#include <array>

#include "tenancy/arn.h"
#include "tenancy/definition_codec.h"
#include "tenancy/json_fields.h"
#include "tenancy/record_codec.h"
#include "tenancy/table_ref_maker.h"

namespace insula::tenancy {
namespace {

constexpr std::array<std::string_view, 3> kStatusNames = {"CREATING", "AVAILABLE", "DELETING"};
constexpr std::array<std::string_view, 3> kKindNames = {"USER", "SYSTEM", "INTERNAL"};

std::string NameIn(const BackupRecord& record) { return ContextPath(record.owner) + "/" + record.id; }

template <class Enum>
Enum Parse(JsonIn& in, std::string_view key, const std::array<std::string_view, 3>& names) {
  const std::string text = in.Text(key);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  in.Fail(key, "has an unknown value");
  return Enum{};
}

BackupRecord Read(JsonIn& in, std::string_view region,
                  const std::function<AccountId(const ContextNames&)>& stable_account) {
  BackupRecord r;
  r.owner = {EnvironmentName(in.Text("environment")), ServiceName(in.Text("service")), TenantId(in.Text("tenant"))};
  r.id = in.Text("id");
  r.name = in.Text("name");
  r.kind = Parse<BackupKind>(in, "kind", kKindNames);
  r.status = Parse<BackupStatus>(in, "status", kStatusNames);
  r.created_at = in.Time("created_at");
  if (in.Has("expires_at")) r.expires_at = in.Time("expires_at");
  if (in.Has("as_of")) r.as_of = in.Time("as_of");
  r.items = static_cast<std::uint64_t>(in.Number("items"));
  r.bytes = static_cast<std::uint64_t>(in.Number("bytes"));
  r.stored_bytes = static_cast<std::uint64_t>(in.Number("stored_bytes"));
  TableDefinition definition = ReadDefinition(in.Child("definition"));
  const TenantNumber tenant(static_cast<std::uint32_t>(in.Number("tenant_number")));
  TableRef ref =
      TableRefMaker::Make(StoreId(static_cast<std::uint32_t>(in.Number("store"))),
                          TableNumber(static_cast<std::uint32_t>(in.Number("table"))), tenant,
                          Incarnation(static_cast<std::uint64_t>(in.Number("incarnation"))), in.Text("physical_name"),
                          tenant.value() == 0 ? "" : r.owner.tenant.value(), EngineSchema(definition));
  std::string arn = TableArn(region, stable_account(r.owner), definition.name);
  r.arn = BackupArn(arn, r.id);
  r.table = std::make_shared<const Table>(
      Table{.ref = std::move(ref), .definition = std::move(definition), .arn = std::move(arn)});
  return r;
}

}  // namespace

std::string_view NameOf(BackupStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }
std::string_view NameOf(BackupKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::string BackupRecord::engine_id() const { return fmt::format("{}-{}", table->ref.incarnation().value(), id); }

std::string BackupArn(std::string_view table_arn, std::string_view id) {
  return fmt::format("{}/backup/{}", table_arn, id);
}

RecordChange Put(const BackupRecord& r) {
  const TableRef& ref = r.table->ref;
  JsonOut out;
  out.Begin('{').Number("v", 1);
  out.Text("environment", r.owner.environment.value()).Text("service", r.owner.service.value());
  out.Text("tenant", r.owner.tenant.value()).Text("id", r.id).Text("name", r.name);
  out.Text("kind", NameOf(r.kind)).Text("status", NameOf(r.status)).Time("created_at", r.created_at);
  if (r.expires_at) out.Time("expires_at", *r.expires_at);
  if (r.as_of) out.Time("as_of", *r.as_of);
  out.Number("items", static_cast<std::int64_t>(r.items)).Number("bytes", static_cast<std::int64_t>(r.bytes));
  out.Number("stored_bytes", static_cast<std::int64_t>(r.stored_bytes));
  out.Number("store", ref.store().value()).Number("table", ref.table().value());
  out.Number("tenant_number", ref.tenant().value()).Text("physical_name", ref.physical_name());
  out.Number("incarnation", static_cast<std::int64_t>(ref.incarnation().value())).Key("definition");
  WriteDefinition(r.table->definition, &out);
  out.End('}');
  return {std::string(kBackupKind), NameIn(r), out.Take()};
}

RecordChange Remove(const BackupRecord& record) { return {std::string(kBackupKind), NameIn(record), {}}; }

Result<BackupRecord> ReadBackup(const Record& record, std::string_view region,
                                const std::function<AccountId(const ContextNames&)>& stable_account) {
  const auto named = [&](const Error& error) {
    return Error(error.code(), fmt::format("Catalog record {} '{}': {}", record.kind, record.name, error.message()));
  };
  JsonText text;
  auto parsed = text.Parse(record.value);
  if (!parsed.ok()) return named(parsed.error());
  JsonIn in = *parsed;
  const std::int64_t version = in.Number("v");
  if (in.status().ok() && version > 1) {
    return named(Error(ErrorCode::kFailedPrecondition, "was written by a newer program"));
  }
  BackupRecord backup = Read(in, region, stable_account);
  const auto status = in.status();
  if (!status.ok()) return named(status.error());
  return backup;
}

}  // namespace insula::tenancy
