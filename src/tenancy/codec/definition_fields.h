// The fields of a table's definition, as a member of other records has them. Internal to the room.
#pragma once

#include "model/table_definition.h"
#include "records/field_codec.h"

namespace insula::tenancy {

// Whether both say the same in every field that is stored.
bool SameDefinition(const TableDefinition& a, const TableDefinition& b);

}  // namespace insula::tenancy

// A codec finds the lists of the model's types, which are no room's own, beside itself.
namespace insula::records {

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, KeyAttribute> attribute) {
  codec.Field("n", attribute.name);
  codec.KeyType("t", attribute.type);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, VectorSchema> vector) {
  codec.Field("attribute", vector.attribute);
  codec.Field("dimensions", vector.dimensions);
  codec.Field("distance", vector.distance);
  codec.Field("filters", vector.filters);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, IndexSchema> index) {
  bool global = !index.local();
  codec.Field("id", index.id);
  codec.Field("name", index.name);
  codec.Field("global", global);
  codec.Field("backfilling", index.backfilling);
  codec.Field("hash", index.key.hash);
  codec.Field("range", index.key.range);
  codec.Number("projection", index.projection.type, ProjectionType::kInclude);
  codec.Field("non_key", index.projection.non_key_attributes);
  codec.FieldIf(index.is_vector(), "vector", index.vector);
  if constexpr (Codec::kReads) {
    index.kind = codec.Has("vector") ? IndexKind::kVector : global ? IndexKind::kGlobal : IndexKind::kLocal;
  }
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TableSchema> schema) {
  codec.Field("epoch", schema.epoch);
  codec.Field("log_changes", schema.log_changes);
  codec.Field("hash", schema.key.hash);
  codec.Field("range", schema.key.range);
  if (schema.key.hash.empty()) codec.Fail("hash", "is empty");
  codec.Field("indexes", schema.indexes);
  // `ttl_attribute` follows from the definition's time to live: the two can't disagree.
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Throughput> throughput) {
  codec.Field("r", throughput.read);
  codec.Field("w", throughput.write);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, OnDemandThroughput> throughput) {
  codec.Field("r", throughput.max_read);
  codec.Field("w", throughput.max_write);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ContributorInsights> insights) {
  codec.Field("enabled", insights.enabled);
  codec.Field("mode", insights.mode);
  codec.Field("enabled_at", insights.enabled_at);
  codec.Field("updated_at", insights.updated_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, IndexSettings> settings) {
  codec.Field("status", settings.status);
  codec.Field("throughput", settings.throughput);
  codec.Field("last_increase_at", settings.last_increase_at);
  codec.Field("last_decrease_at", settings.last_decrease_at);
  codec.Field("decreases_today", settings.decreases_today);
  codec.Field("on_demand", settings.on_demand);
  codec.Field("warm", settings.warm);
  codec.FieldIf(settings.insights.updated_at.has_value(), "insights", settings.insights);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, StreamSettings> stream) {
  codec.Field("enabled", stream.enabled);
  codec.Field("view", stream.view);
  codec.Field("label", stream.label);
  if (stream.label.empty()) return;  // there was none yet
  codec.Field("enabled_at", stream.enabled_at);
  codec.Field("first", stream.first);
  codec.Field("disabled_at", stream.disabled_at);
  codec.Field("last", stream.last);
  codec.FieldIf(stream.lanes.first != StreamLanes::kUnkept, "lanes", stream.lanes.first);
  codec.FieldIf(!stream.lanes.splits.empty(), "splits", stream.lanes.splits);
  codec.Field("planned_split", stream.lanes.planned_split);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TimeToLive> ttl) {
  codec.Field("attribute", ttl.attribute_name);
  codec.Field("enabled", ttl.enabled);
  // Where it was enabled before there was anything to follow, the engine has it all to do.
  codec.FieldOr("settling", ttl.settling, ttl.enabled);
  codec.Field("changed_at", ttl.changed_at);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TableDefinition> d) {
  codec.Field("name", d.name);
  codec.Field("id", d.id);
  codec.Field("status", d.status);
  codec.Field("created_at", d.created_at);
  codec.Field("schema", d.schema);
  codec.Field("attributes", d.attribute_definitions);
  codec.Field("billing", d.billing_mode);
  codec.Field("last_on_demand_at", d.last_on_demand_at);
  codec.Field("throughput", d.throughput);
  codec.Field("last_increase_at", d.last_increase_at);
  codec.Field("last_decrease_at", d.last_decrease_at);
  codec.Field("decreases_today", d.decreases_today);
  codec.Field("on_demand", d.on_demand);
  codec.Field("warm", d.warm);
  codec.Field("index_settings", d.index_settings);
  codec.Field("deletion_protection", d.deletion_protection);
  codec.Field("table_class", d.table_class);
  codec.Field("table_class_updated_at", d.table_class_updated_at);
  codec.Field("sse_kms_key", d.sse_kms_key);
  codec.Field("sse", d.sse_enabled);
  codec.Field("tags", d.tags);
  codec.Field("stream", d.stream);
  codec.FieldIf(!d.former_streams.empty(), "former_streams", d.former_streams);
  codec.Field("ever_logged", d.ever_logged);
  codec.Field("ttl", d.ttl);
  codec.FieldIf(d.insights.updated_at.has_value(), "insights", d.insights);
  codec.Field("point_in_time_days", d.point_in_time_days);
  if constexpr (Codec::kReads) {
    if (d.ttl.enabled && d.schema != nullptr) {
      auto schema = std::make_shared<TableSchema>(*d.schema);
      schema->ttl_attribute = d.ttl.attribute_name;
      d.schema = std::move(schema);
    }
  }
}

}  // namespace insula::records
