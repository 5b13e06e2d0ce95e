// What the engine must know of a table: keys, indexes, and which versions of it writers follow.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/attribute_value.h"
#include "model/ids.h"

namespace insula {

struct KeyAttribute {
  std::string name;
  AttributeType type = AttributeType::kS;  // S, N or B
  bool operator==(const KeyAttribute&) const = default;
};

// A table or local index has one hash attribute and at most one range attribute; a global index up to four of each.
struct KeySchema {
  std::vector<KeyAttribute> hash;
  std::vector<KeyAttribute> range;
  bool operator==(const KeySchema&) const = default;
};

enum class ProjectionType : std::uint8_t { kAll, kKeysOnly, kInclude };

struct Projection {
  ProjectionType type = ProjectionType::kAll;
  std::vector<std::string> non_key_attributes;
  bool operator==(const Projection&) const = default;
};

struct IndexSchema {
  std::uint16_t id = 0;  // storage identity within the incarnation, never reused
  std::string name;
  bool global = false;
  bool backfilling = false;  // writers maintain it; readers are refused
  KeySchema key;
  Projection projection;
  bool operator==(const IndexSchema&) const = default;
};

struct TableSchema {
  std::uint32_t epoch = 0;  // grows with every change; writers of an older epoch are waited for
  KeySchema key;
  std::vector<IndexSchema> indexes;
  bool log_changes = false;   // a stream, point in time, export or move needs the change log
  std::string ttl_attribute;  // the number that says when an item expires, in seconds since 1970; empty: none does

  const IndexSchema* FindIndex(std::string_view name) const;
  const KeyAttribute& hash() const { return key.hash.front(); }
  const KeyAttribute* range() const { return key.range.empty() ? nullptr : &key.range.front(); }
};

}  // namespace insula
