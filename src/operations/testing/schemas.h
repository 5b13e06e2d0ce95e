// Table schemas for tests, built in one line.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "model/table_schema.h"

namespace insula::operations {

// "pk" and, unless it is empty, "sk", of the given types.
inline TableSchema SchemaOf(AttributeType hash, std::initializer_list<AttributeType> range = {}) {
  TableSchema schema;
  schema.key.hash = {{"pk", hash}};
  for (AttributeType type : range) schema.key.range.push_back({"sk", type});
  return schema;
}

inline IndexSchema GlobalIndex(std::uint16_t id, std::string name, std::string hash,
                               AttributeType type = AttributeType::kS) {
  IndexSchema index;
  index.id = id;
  index.name = std::move(name);
  index.kind = IndexKind::kGlobal;
  index.key.hash = {{std::move(hash), type}};
  return index;
}

inline IndexSchema LocalIndex(std::uint16_t id, std::string name, std::string range,
                              AttributeType type = AttributeType::kS) {
  IndexSchema index;
  index.id = id;
  index.name = std::move(name);
  index.key.hash = {{"pk", AttributeType::kS}};
  index.key.range = {{std::move(range), type}};
  return index;
}

}  // namespace insula::operations
