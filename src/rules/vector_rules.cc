#include "rules/vector_rules.h"

#include <charconv>

#include <fmt/format.h>

#include "model/item_size.h"
#include "model/primary_key.h"
#include "model/vector_value.h"

namespace insula::rules {
namespace {

// DynamoDB says it twice, but for an element of the wrong type.
constexpr std::string_view kInvalidTwice =
    "One or more parameter values are not valid. One or more parameter values were invalid .";
constexpr std::string_view kInvalid = "One or more parameter values were invalid.";

// 1.3E+40
std::string Scientific(double value) {
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  std::string out(text, static_cast<std::size_t>(end - text));
  out[out.find('e')] = 'E';
  return out;
}

Error ErrorOf(const VectorFault& fault, const AttributeValue& value, const IndexSchema& index) {
  const VectorSchema& vector = index.vector;
  switch (fault.kind) {
    case VectorFault::kNotAList:
      return ValidationError(fmt::format("{} Invalid type for parameter {}, Expected: L, Actual: {}. IndexName: {}",
                                         kInvalidTwice, vector.attribute, NameOf(value.type()), index.name));
    case VectorFault::kWrongSize:
      return ValidationError(fmt::format("{} Invalid size for parameter {}, Expected: {}, Actual: {}. IndexName: {}",
                                         kInvalidTwice, vector.attribute, vector.dimensions,
                                         value.As<AttributeList>()->size(), index.name));
    case VectorFault::kNotANumber: {
      const AttributeValue& element = (*value.As<AttributeList>())[fault.element];
      return ValidationError(
          fmt::format("{} Invalid type for parameter {}[{}], Expected: 32-bit floating point number, Actual: {}. "
                      "IndexName: {}",
                      kInvalid, vector.attribute, fault.element, NameOf(element.type()), index.name));
    }
    case VectorFault::kOutOfRange: {
      const Number& number = *(*value.As<AttributeList>())[fault.element].As<Number>();
      return ValidationError(
          fmt::format("{} Invalid value for parameter {}[{}], Value: {} is outside valid range [-3.4028235E38, "
                      "3.4028235E38]. IndexName: {}",
                      kInvalidTwice, vector.attribute, fault.element, Scientific(number.ToDouble()), index.name));
    }
  }
  return ValidationError(std::string(kInvalid));
}

Result<void> CheckType(const KeyAttribute& attribute, const AttributeValue& value, const IndexSchema& index) {
  if (value.type() == attribute.type) return {};
  return ValidationError(fmt::format("{} Attribute '{}' type mismatch. Expected: {}, Actual: {}. IndexName: {}",
                                     kInvalid, attribute.name, NameOf(attribute.type), NameOf(value.type()),
                                     index.name));
}

Result<void> CheckPartition(const KeyAttribute& attribute, const AttributeValue& value, const IndexSchema& index) {
  INSULA_TRY(CheckType(attribute, value, index));
  if (SizeOf(value) == 0) {
    return ValidationError(fmt::format(
        "One or more parameter values are not valid. A value specified for a secondary index key is not "
        "supported. The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: {}, "
        "IndexKey: {}",
        value.type() == AttributeType::kS ? "string" : "binary", index.name, attribute.name));
  }
  if (SizeOf(value) <= kHashKeySizeMax) return {};
  return ValidationError(fmt::format(
      "One or more parameter values were invalid: Aggregate size for HASH key attributes exceeds the maximum "
      "of {} bytes",
      kHashKeySizeMax));
}

Result<void> CheckFilter(const KeyAttribute& attribute, const AttributeValue& value, const IndexSchema& index) {
  INSULA_TRY(CheckType(attribute, value, index));
  if (SizeOf(value) <= kInlineFilterSizeMax) return {};
  return ValidationError(
      fmt::format("One or more parameter values were invalid: Size limit exceeded for SearchSchema attribute '{}': "
                  "maximum {} bytes",
                  attribute.name, kInlineFilterSizeMax));
}

Result<void> CheckSearchSchema(const AttributeMap& item, const IndexSchema& index, const WrittenAttribute& written) {
  for (const KeyAttribute& attribute : index.key.hash) {
    const AttributeValue* value = item.Find(attribute.name);
    if (value && written(attribute.name)) INSULA_TRY(CheckPartition(attribute, *value, index));
  }
  for (const KeyAttribute& attribute : index.vector.filters) {
    const AttributeValue* value = item.Find(attribute.name);
    if (value && written(attribute.name)) INSULA_TRY(CheckFilter(attribute, *value, index));
  }
  return {};
}

}  // namespace

Result<void> CheckVectors(const AttributeMap& item, const TableSchema& schema, const WrittenAttribute& written) {
  for (const IndexSchema& index : schema.indexes) {
    if (!index.is_vector()) continue;
    const AttributeValue* value = item.Find(index.vector.attribute);
    if (value && written(index.vector.attribute)) {
      if (const auto fault = FaultOf(*value, index.vector.dimensions)) return ErrorOf(*fault, *value, index);
    }
    INSULA_TRY(CheckSearchSchema(item, index, written));
  }
  return {};
}

bool BelongsToVectorIndex(const AttributeMap& item, const IndexSchema& index) {
  const AttributeValue* value = item.Find(index.vector.attribute);
  if (!value || FaultOf(*value, index.vector.dimensions)) return false;
  for (const KeyAttribute& attribute : index.key.hash) {
    if (!item.Find(attribute.name)) return false;
  }
  return CheckSearchSchema(item, index, [](const std::string&) { return true; }).ok();
}

}  // namespace insula::rules
