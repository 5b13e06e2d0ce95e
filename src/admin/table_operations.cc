// Tables as the operator lists them, logical and physical, with what they hold; and what tenants used.
#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

#include "admin/answers.h"
#include "admin/call.h"
#include "tenancy/identity/context_key.h"

namespace insula::admin {
namespace {

using tenancy::TableInfo;

bool HasStats(const TableInfo& info) { return info.table->definition.status != TableStatus::kDeleting; }

// Zero where the engine doesn't have the table yet, or any more.
Task<storage::TableStats> StatsOf(Call& call, TableInfo info) {
  storage::TableStats stats;
  if (HasStats(info)) {
    auto found = co_await call.services.engine.Stats(info.table->ref);
    if (found.ok()) stats = std::move(found).value();
  }
  co_return stats;
}

std::string_view KeyTypeName(AttributeType type) {
  return type == AttributeType::kN ? "N" : type == AttributeType::kB ? "B" : "S";
}

void WriteKey(const KeySchema& key, wire::JsonWriter* json) {
  json->BeginArray();
  const auto write = [json](const std::vector<KeyAttribute>& attributes, std::string_view kind) {
    for (const auto& attribute : attributes) {
      json->BeginObject();
      json->StringField("AttributeName", attribute.name);
      json->StringField("AttributeType", KeyTypeName(attribute.type));
      json->StringField("KeyType", kind);
      json->EndObject();
    }
  };
  write(key.hash, "HASH");
  write(key.range, "RANGE");
  json->EndArray();
}

using TableKey = std::pair<ContextNames, std::string>;

// Why tables aren't what they are to become, where that fails.
std::map<TableKey, std::string> StuckTables(const Call& call) {
  std::map<TableKey, std::string> reasons;
  if (!call.services.stuck) return reasons;
  for (const control::StuckWork& stuck : call.services.stuck()) {
    if (!stuck.table.empty()) reasons.insert_or_assign({stuck.owner, stuck.table}, control::ReasonOf(stuck));
  }
  return reasons;
}

Task<Result<std::string>> ListLogical(Call& call, std::vector<TableInfo> tables) {
  const std::map<TableKey, std::string> stuck = StuckTables(call);
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("Tables");
  json.BeginArray();
  for (const TableInfo& info : tables) {
    const auto stats = co_await StatsOf(call, info);
    json.BeginObject();
    WriteOwner(info.owner, &json);
    json.StringField("Table", info.table->definition.name);
    json.StringField("Status", NameOf(info.table->definition.status));
    json.StringField("PartitionModel", NameOf(info.model));
    json.StringField("PhysicalAccount", info.account.value());
    json.StringField("PhysicalTable", info.table->ref.physical_name());
    json.IntegerField("Items", static_cast<std::int64_t>(stats.item_count));
    json.IntegerField("Bytes", static_cast<std::int64_t>(stats.size_bytes));
    if (const auto reason = stuck.find({info.owner, info.table->definition.name}); reason != stuck.end()) {
      json.StringField("StatusReason", reason->second);
    }
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  co_return body;
}

struct Physical {
  std::set<std::string> tenants;
  bool pooled = false;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};

Task<Result<std::string>> ListPhysical(Call& call, std::vector<TableInfo> tables) {
  std::map<std::pair<std::string, std::string>, Physical> physical;
  for (const TableInfo& info : tables) {
    Physical& entry = physical[{info.account.value(), info.table->ref.physical_name()}];
    const auto stats = co_await StatsOf(call, info);
    entry.tenants.emplace(TextOf(info.owner.tenant));
    entry.pooled = info.model == tenancy::PartitionModel::kIndex && info.owner.tenant;
    entry.items += stats.item_count;
    entry.bytes += stats.size_bytes;
  }
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("PhysicalTables");
  json.BeginArray();
  for (const auto& [key, entry] : physical) {
    json.BeginObject();
    json.StringField("Account", key.first);
    json.StringField("PhysicalTable", key.second);
    json.BooleanField("Pooled", entry.pooled);
    json.Key("Tenants");
    json.BeginArray();
    for (const auto& tenant : entry.tenants)
      if (!tenant.empty()) json.String(tenant);
    json.EndArray();
    json.IntegerField("Items", static_cast<std::int64_t>(entry.items));
    json.IntegerField("Bytes", static_cast<std::int64_t>(entry.bytes));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  co_return body;
}

Task<Result<std::string>> ListTables(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames filter, call.KnownFilter());
  INSULA_CO_ASSIGN(const auto account, call.OptionalText("Account"));
  INSULA_CO_ASSIGN(const bool physical, call.Switch("Physical"));
  auto tables = call.organization.Tables(filter);
  if (account.has_value())
    std::erase_if(tables, [&](const TableInfo& info) { return info.account.value() != *account; });
  if (physical || account.has_value()) co_return co_await ListPhysical(call, std::move(tables));
  co_return co_await ListLogical(call, std::move(tables));
}

Task<Result<std::string>> DescribeTable(Call& call) {
  INSULA_CO_ASSIGN(const std::string name, call.Text("Table"));
  INSULA_CO_ASSIGN(const ContextNames filter, call.Filter());
  INSULA_CO_ASSIGN(const auto account, call.OptionalText("Account"));
  auto tables = call.organization.Tables(filter);
  std::erase_if(tables, [&](const TableInfo& info) {
    return account.has_value() ? info.account.value() != *account || info.table->ref.physical_name() != name
                               : info.table->definition.name != name || info.owner != filter;
  });
  if (tables.empty())
    co_return Error{ErrorCode::kNotFound, account.has_value()
                                              ? fmt::format("account {} has no physical table {}", *account, name)
                                              : fmt::format("that context has no table {}", name)};
  const TableInfo info = tables.front();
  storage::TableStats stats;
  for (const TableInfo& part : tables) {
    const auto of_part = co_await StatsOf(call, part);
    stats.item_count += of_part.item_count;
    stats.size_bytes += of_part.size_bytes;
  }
  const bool pooled = info.model == tenancy::PartitionModel::kIndex && info.owner.tenant;
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("Table");
  json.BeginObject();
  if (!account.has_value()) {
    WriteOwner(info.owner, &json);
    json.StringField("Table", info.table->definition.name);
    json.StringField("TableArn", info.table->arn);
    json.StringField("TableId", info.table->definition.id);
    json.StringField("Status", NameOf(info.table->definition.status));
    const auto stuck = StuckTables(call);
    if (const auto reason = stuck.find({info.owner, info.table->definition.name}); reason != stuck.end()) {
      json.StringField("StatusReason", reason->second);
    }
    json.StringField("CreateDate", TimeText(info.table->definition.created_at));
    json.Key("KeySchema");
    WriteKey(info.table->ref.schema().key, &json);
    json.Key("Indexes");
    json.BeginArray();
    for (const auto& index : info.table->ref.schema().indexes) json.String(index.name);
    json.EndArray();
    json.StringField("PartitionModel", NameOf(info.model));
  } else {
    json.Key("Tenants");
    json.BeginArray();
    for (const TableInfo& part : tables)
      if (part.owner.tenant) json.String(part.owner.tenant->value());
    json.EndArray();
  }
  json.StringField("PhysicalAccount", info.account.value());
  json.StringField("PhysicalTable", info.table->ref.physical_name());
  json.Key("PhysicalKeySchema");
  if (pooled) {
    WriteKey({{{"insula:tenant", AttributeType::kS}}, {{"insula:key", AttributeType::kB}}}, &json);
  } else {
    WriteKey(info.table->ref.schema().key, &json);
  }
  json.IntegerField("Items", static_cast<std::int64_t>(stats.item_count));
  json.IntegerField("Bytes", static_cast<std::int64_t>(stats.size_bytes));
  json.EndObject();
  json.EndObject();
  co_return body;
}

struct UsageRow {
  double read_units = 0;
  double write_units = 0;
  std::uint64_t requests = 0;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};
using UsageKey = std::tuple<std::string, std::string, std::string, std::string>;  // environment, service, tenant, table

Task<Result<std::string>> GetUsage(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames filter, call.KnownFilter());
  std::map<UsageKey, UsageRow> rows;
  const auto row_of = [&rows](const ContextNames& names, const std::string& table) -> UsageRow& {
    return rows[{names.environment.value(), names.service.value(), std::string(TextOf(names.tenant)), table}];
  };
  for (const TableInfo& info : call.organization.Tables(filter)) {
    const auto stats = co_await StatsOf(call, info);
    UsageRow& row = row_of(info.owner, info.table->definition.name);
    row.items = stats.item_count;
    row.bytes = stats.size_bytes;
  }
  for (const auto& usage : call.services.usage.Snapshot()) {
    const auto names = tenancy::NamesFromKey(usage.context);
    if (!names.has_value() || !tenancy::Covers(filter, *names)) continue;
    UsageRow& row = row_of(*names, usage.table);
    row.read_units += usage.read.units();
    row.write_units += usage.written.units();
    row.requests += usage.requests;
  }
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("Usage");
  json.BeginArray();
  for (const auto& [key, row] : rows) {
    json.BeginObject();
    json.StringField("Environment", std::get<0>(key));
    json.StringField("Service", std::get<1>(key));
    json.StringField("Tenant", std::get<2>(key));
    json.StringField("Table", std::get<3>(key));
    json.DoubleField("ReadUnits", row.read_units);
    json.DoubleField("WriteUnits", row.write_units);
    json.IntegerField("Requests", static_cast<std::int64_t>(row.requests));
    json.IntegerField("Items", static_cast<std::int64_t>(row.items));
    json.IntegerField("StoredBytes", static_cast<std::int64_t>(row.bytes));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  co_return body;
}

}  // namespace

std::span<const AdminOperation> TableOperations() {
  static constexpr std::string_view kList[] = {"Environment", "Service", "Tenant", "Account", "Physical"};
  static constexpr std::string_view kOne[] = {"Table", "Environment", "Service", "Tenant", "Account"};
  static constexpr std::string_view kUsage[] = {"Environment", "Service", "Tenant"};

  static constexpr AdminOperation kOperations[] = {
      {"ListTables", ListTables, kList}, {"DescribeTable", DescribeTable, kOne}, {"GetUsage", GetUsage, kUsage}};
  return kOperations;
}

}  // namespace insula::admin
