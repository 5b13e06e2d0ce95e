#include "operations/tables/table_input.h"

#include "base/enum_names.h"
#include "operations/tables/table_members.h"

namespace insula::operations {
namespace {

using wire::StructureView;

std::optional<std::string> Text(StructureView view, std::string_view field) {
  std::optional<std::string_view> text = view.String(field);
  if (!text) return std::nullopt;
  return std::string(*text);
}

AttributeType TypeFrom(std::string_view name) {
  if (name == "N") return AttributeType::kN;
  return name == "B" ? AttributeType::kB : AttributeType::kS;
}

std::optional<std::vector<KeyAttribute>> ReadDefinitions(StructureView input) {
  auto list = input.Structures("AttributeDefinitions");
  if (!list) return std::nullopt;
  std::vector<KeyAttribute> definitions;
  for (StructureView element : *list) {
    definitions.push_back({std::string(*element.String("AttributeName")), TypeFrom(*element.String("AttributeType"))});
  }
  return definitions;
}

std::vector<KeyElement> ReadKeys(StructureView input) {
  std::vector<KeyElement> keys;
  auto list = input.Structures("KeySchema");
  for (StructureView element : *list) {
    keys.push_back({std::string(*element.String("AttributeName")), std::string(*element.String("KeyType"))});
  }
  return keys;
}

std::optional<WarmInput> ReadWarm(StructureView input) {
  auto given = input.Structure("WarmThroughput");
  if (!given) return std::nullopt;
  return WarmInput{given->Integer("ReadUnitsPerSecond"), given->Integer("WriteUnitsPerSecond")};
}

std::optional<StreamInput> ReadStream(StructureView input) {
  auto given = input.Structure("StreamSpecification");
  if (!given) return std::nullopt;
  StreamInput stream;
  stream.enabled = given->Boolean("StreamEnabled").value_or(false);
  if (auto name = given->String("StreamViewType")) {
    stream.view = FromName<StreamViewType>(*name);
  }
  return stream;
}

// An index's, of either form of input.
void ReadProjection(StructureView input, auto* index) {
  auto projection = input.Structure("Projection");
  if (!projection) return;
  if (auto type = projection->String("ProjectionType")) {
    index->projection = *type == "ALL"         ? ProjectionType::kAll
                        : *type == "KEYS_ONLY" ? ProjectionType::kKeysOnly
                                               : ProjectionType::kInclude;
  }
  index->non_key_attributes = projection->Strings("NonKeyAttributes");
}

VectorIndexInput ReadVectorIndex(StructureView element) {
  VectorIndexInput index;
  index.name = std::string(*element.String("IndexName"));
  index.vector_attribute = std::string(*element.Structure("VectorAttribute")->String("AttributeName"));
  if (auto schema = element.Structures("SearchSchema")) {
    for (StructureView member : *schema) {
      index.search_schema.push_back(
          {std::string(*member.String("AttributeName")), std::string(*member.String("SearchSchemaElementType"))});
    }
  }
  ReadProjection(element, &index);
  index.dimensions = *element.Integer("Dimensions");
  if (const auto distance = FromName<DistanceFunction>(*element.String("DistanceFunction"))) index.distance = *distance;
  return index;
}

VectorUpdateInput ReadVectorUpdate(StructureView element) {
  VectorUpdateInput update;
  if (auto given = element.Structure("Create")) update.create = ReadVectorIndex(*given);
  if (auto given = element.Structure("Delete")) update.remove = std::string(*given->String("IndexName"));
  return update;
}

// A throughput of which nothing is said counts as none, but in the update of an index.
void ForgetEmpty(auto* of) {
  if (of->warm && !of->warm->read && !of->warm->write) of->warm.reset();
  if (of->on_demand && !of->on_demand->max_read && !of->on_demand->max_write) of->on_demand.reset();
}

IndexInput ReadIndex(StructureView element, IndexKind kind) {
  IndexInput index;
  index.name = std::string(*element.String("IndexName"));
  index.keys = ReadKeys(element);
  ReadProjection(element, &index);
  if (kind == IndexKind::kGlobal) {
    index.throughput = ReadThroughput(element, "ProvisionedThroughput");
    index.on_demand = ReadOnDemand(element, "OnDemandThroughput");
    index.warm = ReadWarm(element);
    ForgetEmpty(&index);
  }
  return index;
}

IndexUpdateInput ReadIndexUpdate(StructureView element) {
  IndexUpdateInput update;
  if (auto given = element.Structure("Update")) {
    update.update = IndexUpdateInput::Update{std::string(*given->String("IndexName")),
                                             ReadThroughput(*given, "ProvisionedThroughput"),
                                             ReadOnDemand(*given, "OnDemandThroughput"), ReadWarm(*given)};
  }
  if (auto given = element.Structure("Create")) update.create = ReadIndex(*given, IndexKind::kGlobal);
  if (auto given = element.Structure("Delete")) update.remove = std::string(*given->String("IndexName"));
  return update;
}

}  // namespace

std::optional<Throughput> ReadThroughput(StructureView input, std::string_view field) {
  auto given = input.Structure(field);
  if (!given) return std::nullopt;
  return Throughput{given->Integer("ReadCapacityUnits").value_or(0), given->Integer("WriteCapacityUnits").value_or(0)};
}

std::optional<OnDemandThroughput> ReadOnDemand(StructureView input, std::string_view field) {
  auto given = input.Structure(field);
  if (!given) return std::nullopt;
  return OnDemandThroughput{given->Integer("MaxReadRequestUnits"), given->Integer("MaxWriteRequestUnits")};
}

std::optional<BillingMode> ReadBillingMode(StructureView input, std::string_view field) {
  auto name = input.String(field);
  if (!name) return std::nullopt;
  return *name == NameOf(BillingMode::kPayPerRequest) ? BillingMode::kPayPerRequest : BillingMode::kProvisioned;
}

std::optional<SseInput> ReadSse(StructureView input, std::string_view field) {
  auto given = input.Structure(field);
  if (!given) return std::nullopt;
  return SseInput{given->Boolean("Enabled"), Text(*given, "SSEType"), Text(*given, "KMSMasterKeyId")};
}

std::optional<std::vector<IndexInput>> ReadIndexes(StructureView input, std::string_view field, IndexKind kind) {
  auto list = input.Structures(field);
  if (!list) return std::nullopt;
  std::vector<IndexInput> indexes;
  for (StructureView element : *list) indexes.push_back(ReadIndex(element, kind));
  return indexes;
}

std::optional<std::vector<VectorIndexInput>> ReadVectorIndexes(StructureView input, std::string_view field) {
  auto list = input.Structures(field);
  if (!list) return std::nullopt;
  std::vector<VectorIndexInput> indexes;
  for (StructureView element : *list) indexes.push_back(ReadVectorIndex(element));
  return indexes;
}

Tags ReadTags(const std::vector<StructureView>& list) {
  Tags tags;
  for (StructureView element : list) tags.emplace_back(Text(element, "Key").value_or(""), Text(element, "Value"));
  return tags;
}

CreateTableInput ReadTableCreationParameters(StructureView input) {
  CreateTableInput create;
  create.table_name = std::string(*input.String("TableName"));
  create.attribute_definitions = *ReadDefinitions(input);
  create.keys = ReadKeys(input);
  create.global_indexes = ReadIndexes(input, "GlobalSecondaryIndexes", IndexKind::kGlobal);
  create.vector_indexes = ReadVectorIndexes(input, "VectorIndexes");
  create.billing_mode = ReadBillingMode(input, "BillingMode");
  create.throughput = ReadThroughput(input, "ProvisionedThroughput");
  create.sse = ReadSse(input, "SSESpecification");
  create.on_demand = ReadOnDemand(input, "OnDemandThroughput");
  return create;
}

CreateTableInput ReadCreateTable(StructureView input) {
  CreateTableInput create = ReadTableCreationParameters(input);
  create.local_indexes = ReadIndexes(input, "LocalSecondaryIndexes", IndexKind::kLocal);
  create.stream = ReadStream(input);
  if (auto tags = input.Structures("Tags")) create.tags = ReadTags(*tags);
  create.table_class = Text(input, "TableClass");
  create.deletion_protection = input.Boolean("DeletionProtectionEnabled");
  create.warm = ReadWarm(input);
  ForgetEmpty(&create);
  return create;
}

UpdateTableInput ReadUpdateTable(StructureView input) {
  UpdateTableInput update;
  update.table_name = std::string(*input.String("TableName"));
  update.attribute_definitions = ReadDefinitions(input);
  update.billing_mode = ReadBillingMode(input, "BillingMode");
  update.throughput = ReadThroughput(input, "ProvisionedThroughput");
  if (auto list = input.Structures("GlobalSecondaryIndexUpdates")) {
    update.index_updates.emplace();
    for (StructureView element : *list) update.index_updates->push_back(ReadIndexUpdate(element));
  }
  if (auto list = input.Structures("VectorIndexUpdates")) {
    update.vector_updates.emplace();
    for (StructureView element : *list) update.vector_updates->push_back(ReadVectorUpdate(element));
  }
  update.stream = ReadStream(input);
  update.sse = ReadSse(input, "SSESpecification");
  update.table_class = Text(input, "TableClass");
  update.deletion_protection = input.Boolean("DeletionProtectionEnabled");
  update.warm = ReadWarm(input);
  update.on_demand = ReadOnDemand(input, "OnDemandThroughput");
  ForgetEmpty(&update);
  return update;
}

}  // namespace insula::operations
