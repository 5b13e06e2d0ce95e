#include "tenancy/definition_codec.h"

namespace insula::tenancy {
namespace {

// An enumerator from its name, by looking through the first `count` of them.
template <class Enum>
Enum Parse(JsonIn& in, std::string_view key, int count) {
  const std::string text = in.Text(key);
  for (int i = 0; i < count; ++i) {
    if (NameOf(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  in.Fail(key, "has an unknown value");
  return Enum{};
}

AttributeType ParseType(JsonIn& in, std::string_view key) {
  const std::string text = in.Text(key);
  for (const AttributeType type : {AttributeType::kS, AttributeType::kN, AttributeType::kB}) {
    if (NameOf(type) == text) return type;
  }
  in.Fail(key, "is not a key type");
  return AttributeType::kS;
}

void Write(const std::vector<KeyAttribute>& attributes, std::string_view key, JsonOut* out) {
  out->Key(key).Begin('[');
  for (const KeyAttribute& attribute : attributes) {
    out->Begin('{').Text("n", attribute.name).Text("t", NameOf(attribute.type)).End('}');
  }
  out->End(']');
}
std::vector<KeyAttribute> ReadAttributes(JsonIn& in, std::string_view key) {
  std::vector<KeyAttribute> result;
  for (const auto element : in.Array(key)) {
    JsonIn attribute = in.Sub(element);
    result.push_back({attribute.Text("n"), ParseType(attribute, "t")});
  }
  return result;
}

void Write(const VectorSchema& vector, JsonOut* out) {
  out->Key("vector").Begin('{').Text("attribute", vector.attribute).Number("dimensions", vector.dimensions);
  out->Text("distance", NameOf(vector.distance));
  Write(vector.filters, "filters", out);
  out->End('}');
}
VectorSchema ReadVector(JsonIn in) {
  VectorSchema vector;
  vector.attribute = in.Text("attribute");
  vector.dimensions = static_cast<std::uint32_t>(in.Number("dimensions"));
  vector.distance = Parse<DistanceFunction>(in, "distance", 3);
  vector.filters = ReadAttributes(in, "filters");
  return vector;
}

void Write(const TableSchema& schema, JsonOut* out) {
  out->Begin('{').Number("epoch", schema.epoch).Flag("log_changes", schema.log_changes);
  Write(schema.key.hash, "hash", out);
  Write(schema.key.range, "range", out);
  out->Key("indexes").Begin('[');
  for (const IndexSchema& index : schema.indexes) {
    out->Begin('{').Number("id", index.id).Text("name", index.name).Flag("global", !index.local());
    out->Flag("backfilling", index.backfilling);
    Write(index.key.hash, "hash", out);
    Write(index.key.range, "range", out);
    out->Number("projection", static_cast<int>(index.projection.type)).Key("non_key").Begin('[');
    for (const std::string& name : index.projection.non_key_attributes) out->Text(name);
    out->End(']');
    if (index.is_vector()) Write(index.vector, out);
    out->End('}');
  }
  out->End(']').End('}');
}
std::shared_ptr<const TableSchema> ReadSchema(JsonIn in) {
  auto schema = std::make_shared<TableSchema>();
  schema->epoch = static_cast<std::uint32_t>(in.Number("epoch"));
  schema->log_changes = in.Flag("log_changes");
  schema->key.hash = ReadAttributes(in, "hash");
  schema->key.range = ReadAttributes(in, "range");
  if (schema->key.hash.empty()) in.Fail("hash", "is empty");
  for (const auto element : in.Array("indexes")) {
    JsonIn sub = in.Sub(element);
    IndexSchema index;
    index.id = static_cast<std::uint16_t>(sub.Number("id"));
    index.name = sub.Text("name");
    index.kind = sub.Flag("global") ? IndexKind::kGlobal : IndexKind::kLocal;
    if (sub.Has("vector")) {
      index.kind = IndexKind::kVector;
      index.vector = ReadVector(sub.Child("vector"));
    }
    index.backfilling = sub.Flag("backfilling");
    index.key.hash = ReadAttributes(sub, "hash");
    index.key.range = ReadAttributes(sub, "range");
    index.projection.type = static_cast<ProjectionType>(sub.Number("projection"));
    for (const auto name : sub.Array("non_key")) index.projection.non_key_attributes.push_back(sub.TextOf(name));
    schema->indexes.push_back(std::move(index));
  }
  return schema;
}

void Write(std::string_view key, const Throughput& throughput, JsonOut* out) {
  out->Key(key).Begin('{').Number("r", throughput.read).Number("w", throughput.write).End('}');
}
Throughput ReadThroughput(JsonIn in) { return {in.Number("r"), in.Number("w")}; }

void Write(std::string_view key, const std::optional<OnDemandThroughput>& throughput, JsonOut* out) {
  if (!throughput) return;
  out->Key(key).Begin('{');
  if (throughput->max_read) out->Number("r", *throughput->max_read);
  if (throughput->max_write) out->Number("w", *throughput->max_write);
  out->End('}');
}
std::optional<OnDemandThroughput> ReadOnDemand(JsonIn& in, std::string_view key) {
  if (!in.Has(key)) return std::nullopt;
  JsonIn sub = in.Child(key);
  OnDemandThroughput throughput;
  if (sub.Has("r")) throughput.max_read = sub.Number("r");
  if (sub.Has("w")) throughput.max_write = sub.Number("w");
  return throughput;
}

void Write(std::string_view key, const std::optional<WallTime>& time, JsonOut* out) {
  if (time) out->Time(key, *time);
}
std::optional<WallTime> ReadTime(JsonIn& in, std::string_view key) {
  if (!in.Has(key)) return std::nullopt;
  return in.Time(key);
}

TimeToLive ReadTimeToLive(JsonIn in) {
  TimeToLive ttl;
  ttl.attribute_name = in.Text("attribute");
  ttl.enabled = in.Flag("enabled");
  // Where it was enabled before there was anything to follow, the engine has it all to do.
  ttl.settling = in.Has("settling") ? in.Flag("settling") : ttl.enabled;
  ttl.changed_at = ReadTime(in, "changed_at");
  return ttl;
}

// Written once it has been set at all.
void Write(std::string_view key, const ContributorInsights& insights, JsonOut* out) {
  if (!insights.updated_at) return;
  out->Key(key).Begin('{').Flag("enabled", insights.enabled).Text("mode", NameOf(insights.mode));
  Write("enabled_at", insights.enabled_at, out);
  Write("updated_at", insights.updated_at, out);
  out->End('}');
}
ContributorInsights ReadInsights(JsonIn& in, std::string_view key) {
  ContributorInsights insights;
  if (!in.Has(key)) return insights;
  JsonIn sub = in.Child(key);
  insights.enabled = sub.Flag("enabled");
  insights.mode = Parse<ContributorInsightsMode>(sub, "mode", 2);
  insights.enabled_at = ReadTime(sub, "enabled_at");
  insights.updated_at = ReadTime(sub, "updated_at");
  return insights;
}

void Write(const StreamSettings& stream, JsonOut* out) {
  out->Begin('{').Flag("enabled", stream.enabled).Text("view", NameOf(stream.view)).Text("label", stream.label);
  if (stream.label.empty()) {
    out->End('}');
    return;
  }
  out->Time("enabled_at", stream.enabled_at).Number("first", static_cast<std::int64_t>(stream.first));
  Write("disabled_at", stream.disabled_at, out);
  if (stream.last) out->Number("last", static_cast<std::int64_t>(*stream.last));
  out->End('}');
}
StreamSettings ReadStream(JsonIn in) {
  StreamSettings stream;
  stream.enabled = in.Flag("enabled");
  stream.view = Parse<StreamViewType>(in, "view", 4);
  stream.label = in.Text("label");
  if (stream.label.empty()) return stream;
  stream.enabled_at = in.Time("enabled_at");
  stream.first = static_cast<std::uint64_t>(in.Number("first"));
  stream.disabled_at = ReadTime(in, "disabled_at");
  if (in.Has("last")) stream.last = static_cast<std::uint64_t>(in.Number("last"));
  return stream;
}

}  // namespace

void WriteDefinition(const TableDefinition& definition, JsonOut* out) {
  const TableDefinition& d = definition;
  out->Begin('{').Text("name", d.name).Text("id", d.id).Text("status", NameOf(d.status));
  out->Time("created_at", d.created_at).Key("schema");
  Write(*d.schema, out);
  Write(d.attribute_definitions, "attributes", out);
  out->Text("billing", NameOf(d.billing_mode));
  Write("last_on_demand_at", d.last_on_demand_at, out);
  Write("throughput", d.throughput, out);
  Write("last_increase_at", d.last_increase_at, out);
  Write("last_decrease_at", d.last_decrease_at, out);
  out->Number("decreases_today", d.decreases_today);
  Write("on_demand", d.on_demand, out);
  if (d.warm) Write("warm", *d.warm, out);
  out->Key("index_settings").Begin('{');
  for (const auto& [name, settings] : d.index_settings) {
    out->Key(name).Begin('{').Text("status", NameOf(settings.status));
    Write("throughput", settings.throughput, out);
    Write("last_increase_at", settings.last_increase_at, out);
    Write("last_decrease_at", settings.last_decrease_at, out);
    out->Number("decreases_today", settings.decreases_today);
    Write("on_demand", settings.on_demand, out);
    if (settings.warm) Write("warm", *settings.warm, out);
    Write("insights", settings.insights, out);
    out->End('}');
  }
  out->End('}');
  out->Flag("deletion_protection", d.deletion_protection);
  if (d.table_class) out->Text("table_class", *d.table_class);
  Write("table_class_updated_at", d.table_class_updated_at, out);
  if (d.sse_kms_key) out->Text("sse_kms_key", *d.sse_kms_key);
  out->Flag("sse", d.sse_enabled).Key("tags").Begin('{');
  for (const auto& [key, value] : d.tags) out->Text(key, value);
  out->End('}');
  out->Key("stream");
  Write(d.stream, out);
  if (!d.former_streams.empty()) {
    out->Key("former_streams").Begin('[');
    for (const StreamSettings& former : d.former_streams) Write(former, out);
    out->End(']');
  }
  out->Flag("ever_logged", d.ever_logged);
  out->Key("ttl").Begin('{').Text("attribute", d.ttl.attribute_name).Flag("enabled", d.ttl.enabled);
  out->Flag("settling", d.ttl.settling);
  Write("changed_at", d.ttl.changed_at, out);
  out->End('}');
  Write("insights", d.insights, out);
  if (d.point_in_time_days) out->Number("point_in_time_days", *d.point_in_time_days);
  out->End('}');
}

TableDefinition ReadDefinition(JsonIn in) {
  TableDefinition d;
  d.name = in.Text("name");
  d.id = in.Text("id");
  d.status = Parse<TableStatus>(in, "status", 4);
  d.created_at = in.Time("created_at");
  d.schema = ReadSchema(in.Child("schema"));
  d.attribute_definitions = ReadAttributes(in, "attributes");
  d.billing_mode = Parse<BillingMode>(in, "billing", 2);
  d.last_on_demand_at = ReadTime(in, "last_on_demand_at");
  d.throughput = ReadThroughput(in.Child("throughput"));
  d.last_increase_at = ReadTime(in, "last_increase_at");
  d.last_decrease_at = ReadTime(in, "last_decrease_at");
  d.decreases_today = in.Number("decreases_today");
  d.on_demand = ReadOnDemand(in, "on_demand");
  if (in.Has("warm")) d.warm = ReadThroughput(in.Child("warm"));
  for (const auto& field : in.Fields("index_settings")) {
    JsonIn sub = in.Sub(field.value);
    IndexSettings settings;
    settings.status = Parse<IndexStatus>(sub, "status", 4);
    settings.throughput = ReadThroughput(sub.Child("throughput"));
    settings.last_increase_at = ReadTime(sub, "last_increase_at");
    settings.last_decrease_at = ReadTime(sub, "last_decrease_at");
    settings.decreases_today = sub.Number("decreases_today");
    settings.on_demand = ReadOnDemand(sub, "on_demand");
    if (sub.Has("warm")) settings.warm = ReadThroughput(sub.Child("warm"));
    settings.insights = ReadInsights(sub, "insights");
    d.index_settings.emplace(field.key, settings);
  }
  d.deletion_protection = in.Flag("deletion_protection");
  if (in.Has("table_class")) d.table_class = in.Text("table_class");
  d.table_class_updated_at = ReadTime(in, "table_class_updated_at");
  if (in.Has("sse_kms_key")) d.sse_kms_key = in.Text("sse_kms_key");
  d.sse_enabled = in.Flag("sse");
  for (const auto& field : in.Fields("tags")) d.tags.emplace(field.key, in.TextOf(field.value));
  d.stream = ReadStream(in.Child("stream"));
  if (in.Has("former_streams")) {
    for (const auto element : in.Array("former_streams")) d.former_streams.push_back(ReadStream(in.Sub(element)));
  }
  d.ever_logged = in.Flag("ever_logged");
  d.ttl = ReadTimeToLive(in.Child("ttl"));
  // Not among the schema's own fields: the two can't disagree.
  if (d.ttl.enabled) {
    auto schema = std::make_shared<TableSchema>(*d.schema);
    schema->ttl_attribute = d.ttl.attribute_name;
    d.schema = std::move(schema);
  }
  d.insights = ReadInsights(in, "insights");
  if (in.Has("point_in_time_days")) d.point_in_time_days = in.Number("point_in_time_days");
  return d;
}

bool SameDefinition(const TableDefinition& a, const TableDefinition& b) {
  const auto text = [](const TableDefinition& definition) {
    JsonOut out;
    WriteDefinition(definition, &out);
    return out.Take();
  };
  return text(a) == text(b);
}

}  // namespace insula::tenancy
