// The parameters of CreateTable and UpdateTable as values: what table_rules.h and table_change.h judge.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/table_definition.h"
#include "wire/request.h"

namespace insula::operations {

struct KeyElement {
  std::string name;
  std::string key_type;  // "HASH", "RANGE"; an index's isn't held to the two by its shape
};

// Members that were given: a change merges them one by one.
struct WarmInput {
  std::optional<std::int64_t> read;
  std::optional<std::int64_t> write;
};

struct IndexInput {
  std::string name;
  std::vector<KeyElement> keys;
  std::optional<ProjectionType> projection;
  std::optional<std::vector<std::string>> non_key_attributes;
  std::optional<Throughput> throughput;  // global indexes only, as the two below
  std::optional<OnDemandThroughput> on_demand;
  std::optional<WarmInput> warm;
};

struct SearchElement {
  std::string name;
  std::string type;  // "HASH", "INLINE_FILTER"
};

struct VectorIndexInput {
  std::string name;
  std::string vector_attribute;
  std::vector<SearchElement> search_schema;
  std::optional<ProjectionType> projection;
  std::optional<std::vector<std::string>> non_key_attributes;
  std::int64_t dimensions = 0;
  DistanceFunction distance = DistanceFunction::kCosine;
};

struct StreamInput {
  bool enabled = false;
  std::optional<StreamViewType> view;
};

struct SseInput {
  std::optional<bool> enabled;
  std::optional<std::string> type;
  std::optional<std::string> kms_key;
};

using Tags = std::vector<std::pair<std::string, std::optional<std::string>>>;  // nullopt: no value was given

struct CreateTableInput {
  std::string table_name;
  std::vector<KeyAttribute> attribute_definitions;
  std::vector<KeyElement> keys;
  std::optional<std::vector<IndexInput>> local_indexes;
  std::optional<std::vector<IndexInput>> global_indexes;
  std::optional<std::vector<VectorIndexInput>> vector_indexes;
  std::optional<BillingMode> billing_mode;
  std::optional<Throughput> throughput;
  std::optional<StreamInput> stream;
  std::optional<SseInput> sse;
  std::optional<Tags> tags;
  std::optional<std::string> table_class;
  std::optional<bool> deletion_protection;
  std::optional<WarmInput> warm;
  std::optional<OnDemandThroughput> on_demand;
};

// One element of GlobalSecondaryIndexUpdates: whichever actions were given.
struct IndexUpdateInput {
  struct Update {
    std::string name;
    std::optional<Throughput> throughput;
    std::optional<OnDemandThroughput> on_demand;
    std::optional<WarmInput> warm;
  };
  std::optional<Update> update;
  std::optional<IndexInput> create;
  std::optional<std::string> remove;  // the index's name

  int actions() const { return (update ? 1 : 0) + (create ? 1 : 0) + (remove ? 1 : 0); }
  const std::string& index_name() const { return update ? update->name : create ? create->name : *remove; }
};

// One element of VectorIndexUpdates.
struct VectorUpdateInput {
  std::optional<VectorIndexInput> create;
  std::optional<std::string> remove;  // the index's name

  int actions() const { return (create ? 1 : 0) + (remove ? 1 : 0); }
  const std::string& index_name() const { return create ? create->name : *remove; }
};

struct UpdateTableInput {
  std::string table_name;  // or its ARN
  std::optional<std::vector<KeyAttribute>> attribute_definitions;
  std::optional<BillingMode> billing_mode;
  std::optional<Throughput> throughput;
  std::optional<std::vector<IndexUpdateInput>> index_updates;
  std::optional<std::vector<VectorUpdateInput>> vector_updates;
  std::optional<StreamInput> stream;
  std::optional<SseInput> sse;
  std::optional<std::string> table_class;
  std::optional<bool> deletion_protection;
  std::optional<WarmInput> warm;
  std::optional<OnDemandThroughput> on_demand;
};

// Precondition of these: the body passed the checks of its shape.
CreateTableInput ReadCreateTable(wire::StructureView input);
CreateTableInput ReadTableCreationParameters(wire::StructureView input);  // what of it ImportTable has
UpdateTableInput ReadUpdateTable(wire::StructureView input);
Tags ReadTags(const std::vector<wire::StructureView>& list);

}  // namespace insula::operations
