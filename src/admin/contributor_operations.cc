// The busiest keys of a table or a global index, as contributor insights see them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "admin/call.h"
#include "metering/contributor_key.h"
#include "metering/contributors.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::admin {
namespace {

using metering::ContributorRule;
using metering::ContributorSketch;

constexpr std::size_t kContributorsPerRule = 10;

// By DynamoDB's names: of partition keys and of whole keys, consumed and throttled.
struct Rule {
  std::string_view name;
  std::string_view help;
  ContributorRule rule;
  bool throttled;
};
constexpr std::array kRules = {
    Rule{"PKC", "most accessed partition keys", ContributorRule::kAccessedPartitions, false},
    Rule{"SKC", "most accessed keys", ContributorRule::kAccessedItems, false},
    Rule{"PKT", "most throttled partition keys", ContributorRule::kThrottledPartitions, true},
    Rule{"SKT", "most throttled keys", ContributorRule::kThrottledItems, true},
};

// Accesses are weighed in half units, throttles are counted.
double Shown(const Rule& rule, std::uint64_t weight) {
  return rule.throttled ? static_cast<double>(weight) : static_cast<double>(weight) / 2;
}

void WriteKey(const std::string& key, const KeySchema& schema, wire::JsonWriter* json) {
  json->BeginObject();
  std::vector<KeyAttribute> attributes = schema.hash;
  attributes.insert(attributes.end(), schema.range.begin(), schema.range.end());
  const auto values = metering::ContributorValues(key);
  for (std::size_t i = 0; values && i < std::min(values->size(), attributes.size()); ++i) {
    json->Key(attributes[i].name);
    wire::WriteValue((*values)[i], json);
  }
  json->EndObject();
}

void Write(const Rule& rule, const ContributorSketch::Report& report, const KeySchema& schema, wire::JsonWriter* json) {
  for (const ContributorSketch::Contributor& contributor : report.top) {
    json->BeginObject();
    json->StringField("Rule", rule.name);
    json->StringField("Ranking", rule.help);
    json->Key("Key");
    WriteKey(contributor.key, schema, json);
    json->DoubleField(rule.throttled ? "Throttled" : "Units", Shown(rule, contributor.weight));
    json->DoubleField("AtMostTooHighBy", Shown(rule, contributor.error));
    json->DoubleField("Percent", 100.0 * static_cast<double>(contributor.weight) /
                                     static_cast<double>(std::max<std::uint64_t>(report.total, 1)));
    json->EndObject();
  }
}

Task<Result<std::string>> ListContributors(Call& call) {
  INSULA_CO_ASSIGN(const std::string name, call.Text("Table"));
  INSULA_CO_ASSIGN(const EnvironmentName environment, call.Environment());
  INSULA_CO_ASSIGN(const ServiceName service, call.Service());
  INSULA_CO_ASSIGN(const auto tenant, call.OptionalText("Tenant"));
  INSULA_CO_ASSIGN(const auto index_name, call.OptionalText("Index"));
  const ContextNames owner{environment, service, TenantFromText(tenant.value_or(""))};
  auto tables = call.organization.Tables(owner);
  std::erase_if(tables, [&](const auto& info) { return info.table->definition.name != name || info.owner != owner; });
  if (tables.empty()) co_return Error(ErrorCode::kNotFound, fmt::format("that context has no table {}", name));
  const tenancy::Table& table = *tables.front().table;
  const IndexSchema* index = nullptr;
  if (index_name) {
    index = table.definition.schema->FindIndex(*index_name);
    if (index == nullptr || !index->global())
      co_return Error(ErrorCode::kNotFound, fmt::format("{} has no global index {}", name, *index_name));
  }
  const auto watched =
      call.services.contributors == nullptr ? nullptr : call.services.contributors->Find(table.ref.incarnation());
  const auto* resource = watched == nullptr
                             ? nullptr
                             : watched->Find(index == nullptr ? std::nullopt : std::optional<std::uint16_t>(index->id));
  if (resource == nullptr)
    co_return Error(ErrorCode::kFailedPrecondition,
                    fmt::format("contributor insights are not enabled for {}: enable them with the operation "
                                "UpdateContributorInsights, under the table's own credentials",
                                index_name ? fmt::format("index {} of {}", *index_name, name) : name));

  const auto& options = call.services.contributors->options();
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.StringField("Table", name);
  if (index_name) json.StringField("Index", *index_name);
  json.StringField("Mode", NameOf(resource->mode));
  json.IntegerField("WindowSeconds", static_cast<std::int64_t>(options.panes) * options.pane.count());
  json.Key("Contributors");
  json.BeginArray();
  for (const Rule& rule : kRules) {
    Write(rule, resource->sketch->Top(rule.rule, kContributorsPerRule),
          index == nullptr ? table.definition.schema->key : index->key, &json);
  }
  json.EndArray();
  json.EndObject();
  co_return body;
}

}  // namespace

std::span<const AdminOperation> ContributorOperations() {
  static constexpr std::string_view kParameters[] = {"Table", "Environment", "Service", "Tenant", "Index"};
  static constexpr AdminOperation kOperations[] = {{"ListContributors", ListContributors, kParameters}};
  return kOperations;
}

}  // namespace insula::admin
