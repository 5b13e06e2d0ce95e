#include "operations/tables/table_description.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string_view>

#include "operations/tables/index_change.h"
#include "operations/tables/throughput_rules.h"

namespace insula::operations {
namespace {

using wire::JsonWriter;

// In order of name, however they were given.
void WriteDefinitions(std::vector<KeyAttribute> definitions, JsonWriter* writer) {
  std::ranges::sort(definitions, {}, &KeyAttribute::name);
  writer->Key("AttributeDefinitions");
  writer->BeginArray();
  for (const KeyAttribute& definition : definitions) {
    writer->BeginObject();
    writer->StringField("AttributeName", definition.name);
    writer->StringField("AttributeType", NameOf(definition.type));
    writer->EndObject();
  }
  writer->EndArray();
}

void WriteThroughput(const Throughput& throughput, const std::optional<WallTime>& last_increase_at,
                     const std::optional<WallTime>& last_decrease_at, std::int64_t decreases_today, WallTime now,
                     JsonWriter* writer) {
  writer->Key("ProvisionedThroughput");
  writer->BeginObject();
  if (last_increase_at) WriteTime("LastIncreaseDateTime", *last_increase_at, writer);
  if (last_decrease_at) WriteTime("LastDecreaseDateTime", *last_decrease_at, writer);
  writer->IntegerField("NumberOfDecreasesToday", DecreasesToday(decreases_today, last_decrease_at, now));
  writer->IntegerField("ReadCapacityUnits", throughput.read);
  writer->IntegerField("WriteCapacityUnits", throughput.write);
  writer->EndObject();
}

void WriteWarm(const Throughput& warm, bool active, JsonWriter* writer) {
  writer->Key("WarmThroughput");
  writer->BeginObject();
  writer->IntegerField("ReadUnitsPerSecond", warm.read);
  writer->IntegerField("WriteUnitsPerSecond", warm.write);
  writer->StringField("Status", active ? "ACTIVE" : "UPDATING");
  writer->EndObject();
}

IndexStatus StatusOf(const TableView& view, const IndexSchema& index) {
  if (view.part == DescriptionPart::kJustCreated) return IndexStatus::kCreating;
  const auto found = view.definition.index_settings.find(index.name);
  return found == view.definition.index_settings.end() ? IndexStatus::kActive : found->second.status;
}

// UpdateTable's answer is from before an index that it adds is filled.
void WriteStatus(const TableView& view, IndexStatus status, const IndexSchema& index, JsonWriter* writer) {
  writer->StringField("IndexStatus", NameOf(status));
  if (status == IndexStatus::kCreating && index.backfilling) {
    writer->BooleanField("Backfilling", view.update == nullptr);
  }
}

void WriteGlobalSettings(const TableView& view, const IndexSchema& index, JsonWriter* writer) {
  auto found = view.definition.index_settings.find(index.name);
  IndexSettings settings = found == view.definition.index_settings.end() ? IndexSettings() : found->second;
  settings.status = StatusOf(view, index);
  WriteStatus(view, settings.status, index, writer);
  WriteThroughput(settings.throughput, settings.last_increase_at, settings.last_decrease_at, settings.decreases_today,
                  view.now, writer);
  if (settings.on_demand) WriteOnDemand(*settings.on_demand, writer);
  if (settings.warm && view.part == DescriptionPart::kWhole) {
    const bool warming = view.update != nullptr && WarmsIndex(*view.update, index.name);
    WriteWarm(*settings.warm, settings.status == IndexStatus::kActive && !warming, writer);
  }
}

void WriteIndex(const TableView& view, const IndexSchema& index, JsonWriter* writer) {
  writer->BeginObject();
  if (index.is_vector()) {
    WriteVectorIndexMembers(index, writer);
    WriteStatus(view, StatusOf(view, index), index, writer);
  } else {
    writer->StringField("IndexName", index.name);
    WriteKeySchema(index.key, writer);
    WriteProjection(index.projection, writer);
    if (index.global()) WriteGlobalSettings(view, index, writer);
  }
  auto stats = std::ranges::find(view.stats.indexes, index.id, &storage::TableStats::Index::id);
  bool known = stats != view.stats.indexes.end();
  writer->IntegerField("IndexSizeBytes", known ? static_cast<std::int64_t>(stats->size_bytes) : 0);
  writer->IntegerField("ItemCount", known ? static_cast<std::int64_t>(stats->item_count) : 0);
  writer->StringField("IndexArn", fmt::format("{}/index/{}", view.arn, index.name));
  writer->EndObject();
}

// An item's vectors count as the floats that their indexes keep them as: each attribute once, whatever reads it.
std::int64_t BilledBytes(const TableView& view) {
  std::map<std::string_view, std::int64_t> excess;
  for (const IndexSchema& index : view.definition.schema->indexes) {
    const auto stats = std::ranges::find(view.stats.indexes, index.id, &storage::TableStats::Index::id);
    if (!index.is_vector() || stats == view.stats.indexes.end()) continue;
    std::int64_t& largest = excess[index.vector.attribute];
    if (std::abs(stats->vector_excess_bytes) > std::abs(largest)) largest = stats->vector_excess_bytes;
  }
  auto bytes = static_cast<std::int64_t>(view.stats.size_bytes);
  for (const auto& [attribute, of_attribute] : excess) bytes -= of_attribute;
  return bytes;
}

void WriteIndexes(const TableView& view, IndexKind kind, JsonWriter* writer) {
  const std::vector<IndexSchema>& indexes = view.definition.schema->indexes;
  if (std::ranges::none_of(indexes, [&](const IndexSchema& index) { return index.kind == kind; })) return;
  writer->Key(ListNameOf(kind));
  writer->BeginArray();
  for (const IndexSchema& index : indexes) {
    if (index.kind == kind) WriteIndex(view, index, writer);
  }
  writer->EndArray();
}

// A table that was never billed by request has no summary.
void WriteBilling(const TableView& view, JsonWriter* writer) {
  const TableDefinition& definition = view.definition;
  if (definition.billing_mode == BillingMode::kProvisioned && !definition.last_on_demand_at) return;
  auto write = [&](std::string_view object, std::string_view member) {
    writer->Key(object);
    writer->BeginObject();
    writer->StringField(member, NameOf(definition.billing_mode));
    if (definition.last_on_demand_at && view.part == DescriptionPart::kWhole) {
      WriteTime("LastUpdateToPayPerRequestDateTime", *definition.last_on_demand_at, writer);
    }
    writer->EndObject();
  };
  write("BillingModeSummary", "BillingMode");
  write("TableThroughputModeSummary", "TableThroughputMode");
}

void WriteStream(const TableView& view, JsonWriter* writer) {
  const StreamSettings& stream = view.definition.stream;
  if (stream.enabled) {
    writer->Key("StreamSpecification");
    writer->BeginObject();
    writer->BooleanField("StreamEnabled", true);
    writer->StringField("StreamViewType", NameOf(stream.view));
    writer->EndObject();
  }
  if (stream.label.empty()) return;
  writer->StringField("LatestStreamLabel", stream.label);
  writer->StringField("LatestStreamArn", fmt::format("{}/stream/{}", view.arn, stream.label));
}

// arn:aws:dynamodb:REGION:ACCOUNT:table/NAME: the part after so many colons.
std::string_view PartOf(std::string_view arn, int colons) {
  for (int skip = 0; skip < colons; ++skip) arn.remove_prefix(std::min(arn.size(), arn.find(':') + 1));
  return arn.substr(0, arn.find(':'));
}

void WriteRestore(const TableView& view, JsonWriter* writer) {
  // Once it is ACTIVE nothing tells a restored table from another.
  if (!view.restored_from || view.definition.status != TableStatus::kCreating) return;
  const tenancy::RestoreSource& source = *view.restored_from;
  writer->Key("RestoreSummary");
  writer->BeginObject();
  if (source.backup_arn) writer->StringField("SourceBackupArn", *source.backup_arn);
  writer->StringField("SourceTableArn", source.table_arn);
  WriteTime("RestoreDateTime", source.time, writer);
  writer->BooleanField("RestoreInProgress", true);
  writer->EndObject();
}

void WriteTableClass(const TableDefinition& definition, JsonWriter* writer) {
  if (!definition.table_class) return;
  writer->Key("TableClassSummary");
  writer->BeginObject();
  writer->StringField("TableClass", *definition.table_class);
  if (definition.table_class_updated_at) WriteTime("LastUpdateDateTime", *definition.table_class_updated_at, writer);
  writer->EndObject();
}

}  // namespace

void WriteKeySchema(const KeySchema& schema, JsonWriter* writer) {
  writer->Key("KeySchema");
  writer->BeginArray();
  auto write = [&](const std::vector<KeyAttribute>& attributes, std::string_view type) {
    for (const KeyAttribute& attribute : attributes) {
      writer->BeginObject();
      writer->StringField("AttributeName", attribute.name);
      writer->StringField("KeyType", type);
      writer->EndObject();
    }
  };
  write(schema.hash, "HASH");
  write(schema.range, "RANGE");
  writer->EndArray();
}

void WriteProjection(const Projection& projection, JsonWriter* writer) {
  writer->Key("Projection");
  writer->BeginObject();
  switch (projection.type) {
    case ProjectionType::kAll:
      writer->StringField("ProjectionType", "ALL");
      break;
    case ProjectionType::kKeysOnly:
      writer->StringField("ProjectionType", "KEYS_ONLY");
      break;
    case ProjectionType::kInclude:
      writer->StringField("ProjectionType", "INCLUDE");
      break;
  }
  if (!projection.non_key_attributes.empty()) {
    writer->Key("NonKeyAttributes");
    writer->BeginArray();
    std::vector<std::string> names = projection.non_key_attributes;
    std::ranges::sort(names);  // DynamoDB shows them so
    for (const std::string& name : names) writer->String(name);
    writer->EndArray();
  }
  writer->EndObject();
}

std::string_view ListNameOf(IndexKind kind) {
  switch (kind) {
    case IndexKind::kLocal:
      return "LocalSecondaryIndexes";
    case IndexKind::kGlobal:
      return "GlobalSecondaryIndexes";
    case IndexKind::kVector:
      return "VectorIndexes";
  }
  return {};
}

void WriteVectorIndexMembers(const IndexSchema& index, JsonWriter* writer) {
  writer->StringField("IndexName", index.name);
  if (!index.key.hash.empty() || !index.vector.filters.empty()) {
    writer->Key("SearchSchema");
    writer->BeginArray();
    const auto write = [&](const std::vector<KeyAttribute>& attributes, std::string_view type) {
      for (const KeyAttribute& attribute : attributes) {
        writer->BeginObject();
        writer->StringField("AttributeName", attribute.name);
        writer->StringField("SearchSchemaElementType", type);
        writer->EndObject();
      }
    };
    write(index.key.hash, "HASH");
    write(index.vector.filters, "INLINE_FILTER");
    writer->EndArray();
  }
  WriteProjection(index.projection, writer);
  writer->Key("VectorAttribute");
  writer->BeginObject();
  writer->StringField("AttributeName", index.vector.attribute);
  writer->EndObject();
  writer->IntegerField("Dimensions", index.vector.dimensions);
  writer->StringField("DistanceFunction", NameOf(index.vector.distance));
}

void WriteOnDemand(const OnDemandThroughput& on_demand, JsonWriter* writer) {
  writer->Key("OnDemandThroughput");
  writer->BeginObject();
  if (on_demand.max_read) writer->IntegerField("MaxReadRequestUnits", *on_demand.max_read);
  if (on_demand.max_write) writer->IntegerField("MaxWriteRequestUnits", *on_demand.max_write);
  writer->EndObject();
}

std::string EncryptionKeyArn(const TableDefinition& definition, std::string_view arn) {
  std::string key = definition.sse_kms_key.value_or("alias/aws/dynamodb");
  if (key.starts_with("arn:")) return key;
  std::string_view kind = key.starts_with("alias/") ? "" : "key/";
  return fmt::format("arn:aws:kms:{}:{}:{}{}", PartOf(arn, 3), PartOf(arn, 4), kind, key);
}

void WriteEncryption(const TableDefinition& definition, std::string_view arn, JsonWriter* writer, bool changing) {
  if (!definition.sse_enabled) return;  // encrypted all the same, with a key that isn't the account's
  writer->Key("SSEDescription");
  writer->BeginObject();
  writer->StringField("Status", changing ? "UPDATING" : "ENABLED");
  writer->StringField("SSEType", "KMS");
  writer->StringField("KMSMasterKeyArn", EncryptionKeyArn(definition, arn));
  writer->EndObject();
}

void WriteTime(std::string_view member, WallTime time, JsonWriter* writer) {
  auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  writer->Key(member);
  writer->Raw(fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000));
}

void WriteTableDescription(const TableView& view, JsonWriter* writer) {
  const TableDefinition& definition = view.definition;
  // Of what a table was made for, DeleteTable's answer tells nothing.
  const bool stays = view.part != DescriptionPart::kBeingDeleted;
  writer->BeginObject();
  if (stays) WriteDefinitions(definition.attribute_definitions, writer);
  writer->StringField("TableName", definition.name);
  if (stays) WriteKeySchema(definition.schema->key, writer);
  writer->StringField("TableStatus", NameOf(definition.status));
  if (stays) WriteTime("CreationDateTime", definition.created_at, writer);
  WriteThroughput(definition.throughput, definition.last_increase_at, definition.last_decrease_at,
                  definition.decreases_today, view.now, writer);
  writer->IntegerField("TableSizeBytes", BilledBytes(view));
  writer->IntegerField("ItemCount", static_cast<std::int64_t>(view.stats.item_count));
  writer->StringField("TableArn", view.arn);
  writer->StringField("TableId", definition.id);
  WriteBilling(view, writer);
  if (stays) {
    WriteIndexes(view, IndexKind::kLocal, writer);
    WriteIndexes(view, IndexKind::kGlobal, writer);
    WriteIndexes(view, IndexKind::kVector, writer);
  }
  WriteStream(view, writer);
  WriteEncryption(definition, view.arn, writer, view.sse_changing);
  WriteRestore(view, writer);
  WriteTableClass(definition, writer);
  writer->BooleanField("DeletionProtectionEnabled", definition.deletion_protection);
  if (definition.on_demand) WriteOnDemand(*definition.on_demand, writer);
  if (definition.warm && (view.part == DescriptionPart::kWhole || view.warm_asked)) {
    const bool warming = view.update != nullptr && view.update->warm;
    WriteWarm(*definition.warm, definition.status == TableStatus::kActive && !warming, writer);
  }
  writer->EndObject();
}

std::string DescriptionAnswer(std::string_view member, const TableView& view) {
  std::string body;
  JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key(member);
  WriteTableDescription(view, &writer);
  writer.EndObject();
  return body;
}

}  // namespace insula::operations
