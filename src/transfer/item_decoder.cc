#include "transfer/item_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "model/number.h"
#include "operations/core/parameters.h"
#include "wire/attribute_value_json.h"
#include "wire/base64.h"
#include "wire/json_reader.h"
#include "wire/request.h"
#include "wire/shape.h"

namespace insula::transfer {
namespace {

constexpr std::size_t kAttributeNameMax = 65'535;

const wire::Shape& ItemShape() {
  static const wire::Shape shape = wire::Structure("Record", {{"Item", wire::Map(wire::AttributeValueShape())}});
  return shape;
}

const wire::Shape& RecordShape() {
  static const wire::Shape shape = wire::WithOlderValues(
      wire::Structure("Record", {{"Item", wire::Map(wire::AttributeValueShape())},
                                 {"ConditionExpression", wire::String()},
                                 {"ExpressionAttributeNames", wire::Map(wire::String())},
                                 {"ExpressionAttributeValues", wire::Map(wire::AttributeValueShape())}}));
  return shape;
}

// The line, of that shape and with an item.
Result<wire::JsonDocument> Parse(std::string_view line, const wire::Shape& shape) {
  auto document = wire::JsonDocument::Parse(line);
  if (!document.ok()) return ValidationError("The record is not JSON in UTF-8");
  const wire::JsonValue root = document->root();
  if (root.type() != wire::JsonType::kObject) return ValidationError("The record is not a JSON object");
  if (root.Member("Item").type() != wire::JsonType::kObject) {
    return ValidationError("The record has no member \"Item\" that is an object");
  }
  if (auto types = wire::CheckTypes(root, shape); !types.ok()) return ValidationError(types.error().message());
  return std::move(document).value();
}

Result<AttributeValue> KeyValue(std::string field, const std::string& name, AttributeType type) {
  if (type == AttributeType::kS) return AttributeValue::S(std::move(field));
  if (type == AttributeType::kN) {
    INSULA_ASSIGN(Number number, Number::Parse(field));
    return AttributeValue::N(number);
  }
  if (!wire::CheckBase64(field).ok()) return ValidationError(fmt::format("The value of {} is not base64", name));
  return AttributeValue::B(wire::DecodeBase64(field));
}

}  // namespace

Result<AttributeMap> ItemFromJson(std::string_view line) {
  INSULA_ASSIGN(const wire::JsonDocument document, Parse(line, ItemShape()));
  return wire::DecodeItem(document.root().Member("Item"));
}

Result<Record> RecordFromJson(std::string_view line) {
  INSULA_ASSIGN(const wire::JsonDocument document, Parse(line, RecordShape()));
  const auto input = wire::StructureView::Of(document.root(), RecordShape());
  Record record;
  INSULA_TRY(operations::CheckExpressionParameters(input, {"ConditionExpression"}, {}));
  INSULA_ASSIGN(record.item, wire::DecodeItem(input.Json("Item")));
  if (!input.Has("ConditionExpression")) return record;
  INSULA_ASSIGN(expression::Placeholders placeholders, operations::PlaceholdersOf(input));
  INSULA_ASSIGN(record.condition, operations::ConditionOf(input, "ConditionExpression", placeholders));
  INSULA_TRY(placeholders.CheckAllUsed());
  return record;
}

CsvDecoder::CsvDecoder(std::vector<std::string> headers, const TableDefinition& definition) {
  const KeySchema& key = definition.schema->key;
  const auto is_key = [&](const std::string& name) {
    const auto named = [&](const KeyAttribute& attribute) { return attribute.name == name; };
    return std::ranges::any_of(key.hash, named) || std::ranges::any_of(key.range, named);
  };
  for (std::string& header : headers) {
    Column column{std::move(header)};
    for (const KeyAttribute& attribute : definition.attribute_definitions) {
      if (attribute.name != column.name) continue;
      column.type = attribute.type;
      column.optional_when_empty = !is_key(column.name);
    }
    columns_.push_back(std::move(column));
  }
}

Result<AttributeMap> CsvDecoder::Decode(std::vector<std::string> fields, std::size_t count) const {
  if (count != columns_.size()) {
    return ValidationError(fmt::format("The record has {} fields where its header has {}", count, columns_.size()));
  }
  std::vector<AttributeMap::Entry> entries;
  entries.reserve(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Column& column = columns_[i];
    if (fields[i].empty() && column.optional_when_empty) continue;
    if (!IsUtf8(fields[i])) return ValidationError(fmt::format("The value of {} is not UTF-8", column.name));
    INSULA_ASSIGN(AttributeValue value, KeyValue(std::move(fields[i]), column.name, column.type));
    entries.emplace_back(column.name, std::move(value));
  }
  return AttributeMap::FromUnsorted(std::move(entries));
}

Result<void> CheckHeaders(const std::vector<std::string>& headers) {
  if (headers.empty()) return ValidationError("There is no header");
  std::set<std::string_view> seen;
  for (const std::string& header : headers) {
    if (header.empty()) return ValidationError("A header is empty");
    if (header.size() > kAttributeNameMax || !IsUtf8(header)) return ValidationError("A header is no attribute's name");
    if (!seen.insert(header).second) return ValidationError(fmt::format("The header {} is there twice", header));
  }
  return {};
}

}  // namespace insula::transfer
