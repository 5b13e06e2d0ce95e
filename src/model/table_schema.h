// What the engine must know of a table: keys, indexes, and which versions of it writers follow.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
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

enum class IndexKind : std::uint8_t { kLocal, kGlobal, kVector };
enum class DistanceFunction : std::uint8_t { kCosine, kDotProduct, kEuclidean };
std::string_view NameOf(DistanceFunction distance);
std::span<const std::string_view> AllNames(DistanceFunction);  // base/enum_names.h

// What a vector index is searched by.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndex.html
struct VectorSchema {
  std::string attribute;  // a list of `dimensions` numbers
  std::uint32_t dimensions = 0;
  DistanceFunction distance = DistanceFunction::kCosine;
  std::vector<KeyAttribute> filters;  // the search schema's INLINE_FILTER attributes, in the order given
  bool operator==(const VectorSchema&) const = default;
};

struct IndexSchema {
  std::uint16_t id = 0;  // storage identity within the incarnation, never reused
  std::string name;
  IndexKind kind = IndexKind::kLocal;
  bool backfilling = false;  // writers maintain it; readers are refused
  KeySchema key;             // of a vector index: the search schema's HASH attribute alone, or nothing
  Projection projection;
  VectorSchema vector{};  // of a vector index

  bool local() const { return kind == IndexKind::kLocal; }
  bool global() const { return kind == IndexKind::kGlobal; }
  bool is_vector() const { return kind == IndexKind::kVector; }
  bool operator==(const IndexSchema&) const = default;
};

struct TableSchema;

// The key attributes of the table and, if it isn't nullptr, of the index before them, each once: what LastEvaluatedKey
// has.
std::vector<std::string> KeyNames(const TableSchema& schema, const IndexSchema* index);
// What the index has of an item. Precondition: it doesn't project all attributes.
std::vector<std::string> ProjectedNames(const TableSchema& schema, const IndexSchema& index);

struct TableSchema {
  std::uint32_t epoch = 0;  // grows with every change; writers of an older epoch are waited for
  KeySchema key;
  std::vector<IndexSchema> indexes;
  bool log_changes = false;   // a stream, point in time, export or move needs the change log
  std::string ttl_attribute;  // the number that says when an item expires, in seconds since 1970; empty: none does

  const IndexSchema* FindIndex(std::string_view name) const;
  const IndexSchema* FindIndex(std::uint16_t id) const;
  const KeyAttribute& hash() const { return key.hash.front(); }
  const KeyAttribute* range() const { return key.range.empty() ? nullptr : &key.range.front(); }
};

}  // namespace insula
