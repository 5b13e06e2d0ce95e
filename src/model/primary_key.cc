#include "model/primary_key.h"

#include <xxhash.h>

#include "base/check.h"

namespace insula {
namespace {

constexpr std::size_t kHashPrefixSize = 8 + 2;

Error Corrupt(std::string what) { return {ErrorCode::kCorruption, "Malformed key: " + std::move(what)}; }

void AppendBigEndian(std::uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

std::uint64_t ReadBigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

const AttributeValue& Require(const AttributeMap& item, const KeyAttribute& attribute) {
  const AttributeValue* value = item.Find(attribute.name);
  INSULA_CHECK(value != nullptr && value->type() == attribute.type);
  return *value;
}

}  // namespace

PrimaryKey KeyOf(const AttributeMap& item, const KeySchema& schema) {
  PrimaryKey key{Require(item, schema.hash.front()), std::nullopt};
  if (!schema.range.empty()) key.range = Require(item, schema.range.front());
  return key;
}

void AddKeyTo(AttributeMap* item, const PrimaryKey& key, const KeySchema& schema) {
  item->Set(schema.hash.front().name, key.hash);
  if (key.range) item->Set(schema.range.front().name, *key.range);
}

void AppendOrderedScalar(const AttributeValue& value, std::string* out) {
  switch (value.type()) {
    case AttributeType::kS:
      out->append(*value.As<std::string>());
      return;
    case AttributeType::kN:
      value.As<Number>()->AppendOrdered(out);
      return;
    case AttributeType::kB:
      out->append(value.As<Binary>()->bytes);
      return;
    default:
      INSULA_CHECK(!"a key is S, N or B");
  }
}

Result<AttributeValue> OrderedScalarFrom(std::string_view bytes, AttributeType type) {
  switch (type) {
    case AttributeType::kS:
      return AttributeValue::S(std::string(bytes));
    case AttributeType::kB:
      return AttributeValue::B(std::string(bytes));
    case AttributeType::kN: {
      INSULA_ASSIGN(Number number, Number::ConsumeOrdered(&bytes));
      if (!bytes.empty()) return Corrupt("bytes after a number");
      return AttributeValue::N(number);
    }
    default:
      return Corrupt("a key is S, N or B");
  }
}

void AppendHashPrefix(const AttributeValue& hash, std::string* out) {
  const std::size_t start = out->size();
  out->append(kHashPrefixSize, '\0');
  AppendOrderedScalar(hash, out);
  const std::string_view bytes = std::string_view(*out).substr(start + kHashPrefixSize);
  INSULA_CHECK(bytes.size() <= 0xFFFF);
  std::string prefix;
  AppendBigEndian(XXH3_64bits(bytes.data(), bytes.size()), 8, &prefix);
  AppendBigEndian(bytes.size(), 2, &prefix);
  out->replace(start, kHashPrefixSize, prefix);
}

std::string EncodeKey(const PrimaryKey& key) {
  std::string out;
  out.reserve(64);
  AppendHashPrefix(key.hash, &out);
  if (key.range) AppendOrderedScalar(*key.range, &out);
  return out;
}

Result<PrimaryKey> DecodeKey(std::string_view bytes, const KeySchema& schema) {
  if (bytes.size() < kHashPrefixSize) return Corrupt("too short");
  const std::uint64_t hash = ReadBigEndian(bytes.substr(0, 8));
  const std::size_t length = ReadBigEndian(bytes.substr(8, 2));
  bytes.remove_prefix(kHashPrefixSize);
  if (length > bytes.size()) return Corrupt("the hash key is longer than the key");
  const std::string_view hash_bytes = bytes.substr(0, length);
  const std::string_view range_bytes = bytes.substr(length);
  if (XXH3_64bits(hash_bytes.data(), hash_bytes.size()) != hash) return Corrupt("hash mismatch");

  INSULA_ASSIGN(AttributeValue hash_value, OrderedScalarFrom(hash_bytes, schema.hash.front().type));
  PrimaryKey key{std::move(hash_value), std::nullopt};
  if (schema.range.empty()) {
    if (!range_bytes.empty()) return Corrupt("a range key where the table has none");
  } else {
    INSULA_ASSIGN(key.range, OrderedScalarFrom(range_bytes, schema.range.front().type));
  }
  return key;
}

}  // namespace insula
