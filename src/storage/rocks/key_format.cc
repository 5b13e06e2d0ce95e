#include "storage/rocks/key_format.h"

#include <xxhash.h>

#include "base/check.h"
#include "base/seeded_hash.h"

namespace insula::storage::rocks {
namespace {

template <class Integer>
void AppendBigEndian(Integer value, std::string* out) {
  char bytes[sizeof(Integer)];
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    bytes[i] = static_cast<char>(value >> (8 * (sizeof(Integer) - 1 - i)));
  }
  out->append(bytes, sizeof(Integer));
}

void AppendEscaped(std::string_view bytes, std::string* out) {
  for (;;) {
    const std::size_t zero = bytes.find('\0');
    if (zero == std::string_view::npos) break;
    out->append(bytes.substr(0, zero + 1));
    out->push_back('\xFF');
    bytes.remove_prefix(zero + 1);
  }
  out->append(bytes);
}

}  // namespace

std::string_view BytesOf(const AttributeValue& value) {
  if (const auto* text = value.As<std::string>()) return *text;
  const auto* binary = value.As<Binary>();
  INSULA_CHECK(binary != nullptr);
  return binary->bytes;
}

void AppendBigEndian16(std::uint16_t value, std::string* out) { AppendBigEndian(value, out); }
void AppendBigEndian32(std::uint32_t value, std::string* out) { AppendBigEndian(value, out); }
void AppendBigEndian64(std::uint64_t value, std::string* out) { AppendBigEndian(value, out); }

std::uint64_t BigEndian64From(std::string_view bytes) {
  INSULA_CHECK(bytes.size() >= 8);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

void AppendPlace(const tenancy::TableRef& table, std::string* out) {
  AppendBigEndian32(table.table().value(), out);
  AppendBigEndian32(table.tenant().value(), out);
  AppendBigEndian64(table.incarnation().value(), out);
}

void AppendRowPrefix(const tenancy::TableRef& table, RowKind kind, std::string* out) {
  AppendPlace(table, out);
  out->push_back(static_cast<char>(kind));
}

void AppendIndexPrefix(const tenancy::TableRef& table, std::uint16_t index, std::string* out) {
  AppendRowPrefix(table, RowKind::kIndex, out);
  AppendBigEndian16(index, out);
}

std::string SystemPrefix(SystemRow row) {
  std::string key(4, '\xFF');
  key.push_back(static_cast<char>(row));
  return key;
}

std::string ItemRowKey(const tenancy::TableRef& table, const PrimaryKey& key) {
  std::string out;
  out.reserve(96);
  AppendRowPrefix(table, RowKind::kItem, &out);
  AppendHashPrefix(key.hash, &out);
  if (key.range) AppendOrderedScalar(*key.range, &out);
  return out;
}

std::string CountersRowKey(const tenancy::TableRef& table) {
  std::string out;
  AppendRowPrefix(table, RowKind::kCounters, &out);
  return out;
}

std::string CollectionRowKey(std::string_view item_row_key) {
  const std::string_view key = item_row_key.substr(kItemPrefixSize);
  INSULA_CHECK(key.size() >= 10);
  const std::size_t hash_size = static_cast<std::size_t>(static_cast<unsigned char>(key[8])) << 8 |
                                static_cast<std::size_t>(static_cast<unsigned char>(key[9]));
  std::string out(item_row_key.substr(0, kItemPrefixSize + 10 + hash_size));
  out[kPlaceSize] = static_cast<char>(RowKind::kCollection);
  return out;
}

std::string ExpiryRowKey(std::string_view item_row_key, std::int64_t second) {
  std::string out;
  out.reserve(item_row_key.size() + 8);
  out.append(item_row_key.substr(0, kPlaceSize));
  out.push_back(static_cast<char>(RowKind::kExpiry));
  AppendBigEndian64(static_cast<std::uint64_t>(second), &out);
  out.append(item_row_key.substr(kItemPrefixSize));
  return out;
}

std::string ExpiryRowsFrom(const tenancy::TableRef& table, std::int64_t second) {
  std::string out;
  AppendRowPrefix(table, RowKind::kExpiry, &out);
  AppendBigEndian64(static_cast<std::uint64_t>(second), &out);
  return out;
}

std::int64_t SecondOf(std::string_view expiry_row_key) {
  return static_cast<std::int64_t>(BigEndian64From(expiry_row_key.substr(kPlaceSize + 1)));
}

std::string ItemRowKeyOf(std::string_view expiry_row_key) {
  std::string out(expiry_row_key.substr(0, kPlaceSize));
  out.push_back(static_cast<char>(RowKind::kItem));
  out.append(expiry_row_key.substr(kExpiryPrefixSize));
  return out;
}

std::string MarkPrefix(const tenancy::TableRef& table, std::uint64_t job) {
  std::string prefix;
  AppendRowPrefix(table, RowKind::kMark, &prefix);
  AppendBigEndian64(job, &prefix);
  return prefix;
}

void AppendPart(const AttributeValue& value, std::string* out) {
  if (const auto* number = value.As<Number>()) {
    number->AppendOrdered(out);
    return;
  }
  AppendEscaped(BytesOf(value), out);
  out->append("\x00\x01", 2);
}

void AppendPartPrefix(const AttributeValue& prefix, std::string* out) { AppendEscaped(BytesOf(prefix), out); }

void AppendIndexHash(std::span<const AttributeValue> hash, std::string* out) {
  if (hash.size() == 1) {
    AppendHashPrefix(hash.front(), out);
    return;
  }
  std::string parts;
  for (const AttributeValue& value : hash) AppendPart(value, &parts);
  AppendBigEndian64(XXH3_64bits(parts.data(), parts.size()), out);
  AppendBigEndian16(static_cast<std::uint16_t>(parts.size()), out);
  out->append(parts);
}

std::string SuccessorOf(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

std::uint64_t LockIdOf(StoreId store, std::string_view row_key) {
  return SeededHash(row_key) ^ (std::uint64_t{store.value()} * 0x9E3779B97F4A7C15u);
}

}  // namespace insula::storage::rocks
