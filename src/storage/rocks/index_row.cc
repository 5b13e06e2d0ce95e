#include "storage/rocks/index_row.h"

#include "base/check.h"
#include "model/item_size.h"
#include "rules/item_rules.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/vector_row.h"

namespace insula::storage::rocks {
namespace {

// The part at the front of `in`, which is advanced past it.
void SkipPart(std::string_view* in, AttributeType type) {
  if (type == AttributeType::kN) {
    INSULA_CHECK(Number::ConsumeOrdered(in).ok());
    return;
  }
  for (;;) {
    const std::size_t zero = in->find('\0');
    INSULA_CHECK(zero != std::string_view::npos && zero + 1 < in->size());
    const char after = (*in)[zero + 1];
    in->remove_prefix(zero + 2);
    if (after == '\x01') return;
  }
}

AttributeMap ProjectedOf(const AttributeMap& item, const TableSchema& schema, const IndexSchema& index) {
  AttributeMap projected;
  for (const std::string& name : ProjectedNames(schema, index)) {
    if (const AttributeValue* value = item.Find(name)) projected.Set(name, *value);
  }
  return projected;
}

std::int64_t VectorExcess(const AttributeMap& item, const VectorSchema& vector) {
  return static_cast<std::int64_t>(SizeOf(*item.Find(vector.attribute))) -
         static_cast<std::int64_t>(sizeof(float) * vector.dimensions);
}

}  // namespace

std::optional<std::string> IndexRowKeyOf(const tenancy::TableRef& table, const IndexSchema& index,
                                         const AttributeMap& item, std::string_view item_row_key) {
  std::string key;
  key.reserve(96 + item_row_key.size());
  AppendIndexPrefix(table, index.id, &key);
  if (index.key.hash.size() == 1) {
    const AttributeValue* hash = item.Find(index.key.hash.front().name);
    if (!hash) return std::nullopt;
    AppendHashPrefix(*hash, &key);
  } else {
    std::vector<AttributeValue> hash;
    for (const KeyAttribute& attribute : index.key.hash) {
      const AttributeValue* value = item.Find(attribute.name);
      if (!value) return std::nullopt;
      hash.push_back(*value);
    }
    AppendIndexHash(hash, &key);
  }
  for (const KeyAttribute& attribute : index.key.range) {
    const AttributeValue* value = item.Find(attribute.name);
    if (!value) return std::nullopt;
    AppendPart(*value, &key);
  }
  key.append(item_row_key.substr(kItemPrefixSize));
  return key;
}

std::optional<IndexRow> IndexRowOf(const tenancy::TableRef& table, const TableSchema& schema, const IndexSchema& index,
                                   const AttributeMap& item, const EncodedItem& whole, std::string_view item_row_key) {
  if (!rules::BelongsToIndex(item, index)) return std::nullopt;
  std::optional<std::string> key = IndexRowKeyOf(table, index, item, item_row_key);
  if (!key) return std::nullopt;
  const bool all = index.projection.type == ProjectionType::kAll;
  EncodedItem projected = all ? whole : EncodedItem::From(ProjectedOf(item, schema, index));
  const std::int64_t excess = index.is_vector() ? VectorExcess(item, index.vector) : 0;
  const auto size = static_cast<std::size_t>(static_cast<std::int64_t>(projected.size()) - excess);
  return IndexRow{*std::move(key), std::move(projected), size, excess};
}

std::string IndexRowValue(const IndexSchema& index, const AttributeMap& item, IndexRow* row) {
  return index.is_vector() ? VectorRowValue(item, index.vector) : std::move(row->projected).TakeBytes();
}

std::string ItemRowKeyFrom(std::string_view index_row_key, const IndexSchema& index) {
  std::string_view rest = index_row_key.substr(kIndexPrefixSize);
  INSULA_CHECK(rest.size() >= 10);
  const std::size_t hash_size = static_cast<std::size_t>(static_cast<unsigned char>(rest[8])) << 8 |
                                static_cast<std::size_t>(static_cast<unsigned char>(rest[9]));
  rest.remove_prefix(10 + hash_size);
  for (const KeyAttribute& attribute : index.key.range) SkipPart(&rest, attribute.type);
  std::string key(index_row_key.substr(0, kPlaceSize));
  key.push_back(static_cast<char>(RowKind::kItem));
  key.append(rest);
  return key;
}

}  // namespace insula::storage::rocks
