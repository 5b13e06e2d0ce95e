// The key of an item, and the bytes that order it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/attribute_value.h"
#include "model/table_schema.h"

namespace insula {

inline constexpr std::size_t kHashKeySizeMax = 2048;
inline constexpr std::size_t kRangeKeySizeMax = 1024;

struct PrimaryKey {
  AttributeValue hash;
  std::optional<AttributeValue> range;
  bool operator==(const PrimaryKey&) const = default;
};

// The key attributes of `item` under `schema`. Precondition: validated, so they are there and of the right type.
PrimaryKey KeyOf(const AttributeMap& item, const KeySchema& schema);
void AddKeyTo(AttributeMap* item, const PrimaryKey& key, const KeySchema& schema);

// Order-preserving bytes of one scalar: S its UTF-8, B its bytes, N Number::AppendOrdered. Not self-delimiting for S,
// B.
void AppendOrderedScalar(const AttributeValue& value, std::string* out);
// The reverse, consuming all of `bytes`.
Result<AttributeValue> OrderedScalarFrom(std::string_view bytes, AttributeType type);

// The application's whole key as storage orders it, under every partition model alike; the operator sees it
// as `insula:key` in a pooled table:
//   key  := hash(8, big-endian xxh3-64 of hash-bytes) length(2, big-endian) hash-bytes range-bytes
// Parallel scan segments are ranges of the first 8 bytes.
std::string EncodeKey(const PrimaryKey& key);
void AppendHashPrefix(const AttributeValue& hash, std::string* out);  // up to and with hash-bytes
Result<PrimaryKey> DecodeKey(std::string_view bytes, const KeySchema& schema);

}  // namespace insula
