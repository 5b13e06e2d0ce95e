#include "storage/rocks/vector_row.h"

#include "model/encoded_item.h"
#include "model/vector_value.h"
#include "storage/rocks/vector_code.h"

namespace insula::storage::rocks {

std::string VectorRowValue(const AttributeMap& item, const VectorSchema& vector) {
  std::string value;
  value.reserve(kVectorCodeHeader + vector.dimensions + 32 * vector.filters.size());
  AppendVectorCode(VectorFrom(*item.Find(vector.attribute)), &value);
  for (const KeyAttribute& filter : vector.filters) {
    const AttributeValue* has = item.Find(filter.name);
    value.push_back(has ? 1 : 0);
    if (has) AppendEncodedValue(*has, &value);
  }
  return value;
}

VectorFilter::VectorFilter(std::span<const std::optional<AttributeValue>> wanted) {
  for (const std::optional<AttributeValue>& value : wanted) {
    std::optional<std::string>& encoded = wanted_.emplace_back();
    if (!value) continue;
    AppendEncodedValue(*value, &encoded.emplace());
    any_ = true;
  }
}

bool VectorFilter::Admits(std::string_view filters) const {
  if (!any_) return true;
  for (const std::optional<std::string>& wanted : wanted_) {
    const bool has = filters.front() != 0;
    filters.remove_prefix(1);
    std::string_view rest = filters;
    if (has) SkipEncodedValue(&rest);
    if (wanted && (!has || filters.substr(0, filters.size() - rest.size()) != *wanted)) return false;
    filters = rest;
  }
  return true;
}

}  // namespace insula::storage::rocks
