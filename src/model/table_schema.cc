#include "model/table_schema.h"

#include <algorithm>

#include "base/enum_names.h"

namespace insula {

std::span<const std::string_view> AllNames(DistanceFunction) {
  static constexpr std::string_view kNames[] = {"COSINE", "DOT_PRODUCT", "EUCLIDEAN"};
  return kNames;
}
std::string_view NameOf(DistanceFunction distance) { return NameFromTable(distance); }

namespace {

void AddOnce(const std::string& name, std::vector<std::string>* names) {
  if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
}

void AddOnce(const KeySchema& key, std::vector<std::string>* names) {
  for (const auto* attributes : {&key.hash, &key.range}) {
    for (const KeyAttribute& attribute : *attributes) AddOnce(attribute.name, names);
  }
}

}  // namespace

std::vector<std::string> KeyNames(const TableSchema& schema, const IndexSchema* index) {
  std::vector<std::string> names;
  if (index) AddOnce(index->key, &names);
  AddOnce(schema.key, &names);
  return names;
}

std::vector<std::string> ProjectedNames(const TableSchema& schema, const IndexSchema& index) {
  std::vector<std::string> names = KeyNames(schema, &index);
  for (const std::string& name : index.projection.non_key_attributes) AddOnce(name, &names);
  if (!index.is_vector()) return names;
  AddOnce(index.vector.attribute, &names);
  for (const KeyAttribute& filter : index.vector.filters) AddOnce(filter.name, &names);
  return names;
}

const IndexSchema* TableSchema::FindIndex(std::string_view name) const {
  const auto found = std::ranges::find(indexes, name, &IndexSchema::name);
  return found == indexes.end() ? nullptr : &*found;
}

const IndexSchema* TableSchema::FindIndex(std::uint16_t id) const {
  const auto found = std::ranges::find(indexes, id, &IndexSchema::id);
  return found == indexes.end() ? nullptr : &*found;
}

}  // namespace insula
