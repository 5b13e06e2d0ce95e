#include "operations/core/named_items.h"

#include <algorithm>

#include "base/base64.h"
#include "expression/ast.h"

namespace insula::operations {
namespace {

void SortOut(std::vector<std::string>* texts, std::vector<std::string_view>* views) {
  std::ranges::sort(*texts);
  texts->erase(std::ranges::unique(*texts).begin(), texts->end());
  views->assign(texts->begin(), texts->end());
}

}  // namespace

void NamedItems::AddKeyValue(std::size_t part, const AttributeValue& value) {
  if (part >= values_.size()) return;
  // Other types are no keys', which is said later.
  if (const auto* text = value.As<std::string>()) {
    values_[part].push_back(*text);
  } else if (const auto* number = value.As<Number>()) {
    values_[part].push_back(number->ToString());
  } else if (const auto* binary = value.As<Binary>()) {
    AppendBase64(binary->bytes, &values_[part].emplace_back());
  }
}

void NamedItems::AddItem(const AttributeMap& attributes) {
  for (std::size_t part = 0; part < key_.hash.size(); ++part) {
    if (const AttributeValue* value = attributes.Find(key_.hash[part].name)) AddKeyValue(part, *value);
  }
  for (const auto& [name, value] : attributes) attributes_.push_back(name);
}

void NamedItems::AddKeyValue(std::string_view attribute, const AttributeValue& value) {
  for (std::size_t part = 0; part < key_.hash.size(); ++part) {
    if (key_.hash[part].name == attribute) AddKeyValue(part, value);
  }
}

void NamedItems::AddKeyCondition(const expression::KeyConditionExpression& condition) {
  const Result<expression::KeyCondition> resolved = condition.Resolve(key_, index_name_);
  if (!resolved.ok()) return;  // refused later
  for (std::size_t part = 0; part < resolved->hash.size(); ++part) {
    AddKeyValue(part, resolved->hash[part]);
    attributes_.push_back(key_.hash[part].name);
  }
  std::size_t ranges = resolved->range_prefix.size();
  if (resolved->op != expression::RangeOperator::kNone) ++ranges;
  for (std::size_t i = 0; i < std::min(ranges, key_.range.size()); ++i) attributes_.push_back(key_.range[i].name);
}

void NamedItems::AddAttributes(std::span<const std::string> names) {
  attributes_.insert(attributes_.end(), names.begin(), names.end());
}

void NamedItems::AddUpdate(const expression::UpdateNode& update) {
  const auto add = [this](const expression::DocumentPath& path) { attributes_.push_back(path.front().name()); };
  for (const expression::UpdateAction& action : update.actions) {
    add(expression::PathOf(action));
    if (const auto* set = std::get_if<expression::SetAction>(&action)) expression::VisitPaths(set->value, add);
  }
}

void NamedItems::AddProjection(const std::optional<expression::ProjectionList>& projection) {
  Reads(projection.has_value());
  if (projection) AddAttributes(projection->attributes());
}

void NamedItems::Finish() {
  for (std::size_t part = 0; part < values_.size(); ++part) SortOut(&values_[part], &views_[part]);
  SortOut(&attributes_, &attribute_views_);
}

}  // namespace insula::operations
