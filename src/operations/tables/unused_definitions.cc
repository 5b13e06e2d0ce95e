#include "operations/tables/unused_definitions.h"

#include <algorithm>
#include <set>

namespace insula::operations {
namespace {

std::set<std::string> UsedNames(const CreateTableInput& input) {
  std::set<std::string> used;
  const auto add = [&used](const auto& elements) {
    for (const auto& element : elements) used.insert(element.name);
  };
  add(input.keys);
  for (const auto* indexes : {&input.local_indexes, &input.global_indexes}) {
    if (!*indexes) continue;
    for (const IndexInput& index : **indexes) add(index.keys);
  }
  if (input.vector_indexes) {
    for (const VectorIndexInput& index : *input.vector_indexes) add(index.search_schema);
  }
  return used;
}

}  // namespace

std::vector<std::string> LeaveOutUnusedDefinitions(CreateTableInput* input) {
  const std::set<std::string> used = UsedNames(*input);
  std::vector<std::string> left_out;
  std::erase_if(input->attribute_definitions, [&](const KeyAttribute& definition) {
    if (used.contains(definition.name)) return false;
    left_out.push_back(definition.name);
    return true;
  });
  return left_out;
}

}  // namespace insula::operations
