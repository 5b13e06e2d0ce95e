#include <algorithm>

#include "expression/expression.h"

namespace insula::expression {
namespace {

constexpr std::size_t kPlaceholderSizeMax = 255;
constexpr std::size_t kAttributeNameSizeMax = 65535;

bool IsPlaceholder(std::string_view key, char sigil) {
  if (key.size() < 2 || key.front() != sigil) return false;
  return std::all_of(key.begin() + 1, key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

template <class Map>
Result<void> CheckKeys(const Map& map, char sigil, const std::string& which) {
  if (map.empty()) return ValidationError(which + " must not be empty");
  for (const auto& entry : map) {
    const std::string& key = entry.first;
    if (key.size() > kPlaceholderSizeMax) {
      // DynamoDB tells the size for names only.
      return ValidationError(which +
                             " contains invalid key: The expression attribute map contains a key that is too long;" +
                             (sigil == '#' ? " size of key: " + std::to_string(key.size()) : ""));
    }
    if (!IsPlaceholder(key, sigil)) {
      return ValidationError(which + " contains invalid key: Syntax error; key: \"" + key + "\"");
    }
  }
  return {};
}

// "keys: {#a, #b}" of the entries whose address is not in `used`, or nothing.
template <class Map>
std::string Unused(const Map& map, const std::vector<const void*>& used) {
  std::string out;
  for (const auto& [key, value] : map) {
    if (std::binary_search(used.begin(), used.end(), static_cast<const void*>(&value), std::less<>())) continue;
    out += out.empty() ? "keys: {" : ", ";
    out += key;
  }
  if (!out.empty()) out += '}';
  return out;
}

}  // namespace

Result<void> CheckAttributeNames(const AttributeNames& names) {
  INSULA_TRY(CheckKeys(names, '#', "ExpressionAttributeNames"));
  for (const auto& [key, name] : names) {
    if (name.empty() || name.size() > kAttributeNameSizeMax) {
      return ValidationError("ExpressionAttributeNames contains invalid value: " +
                             std::string(name.empty() ? "Empty attribute name" : "The attribute name is too long") +
                             " for key " + key);
    }
  }
  return {};
}

Result<void> CheckAttributeValueNames(const AttributeValues& values) {
  return CheckKeys(values, ':', "ExpressionAttributeValues");
}

Placeholders::Placeholders(AttributeNames names, AttributeValues values)
    : names_(std::move(names)), values_(std::make_shared<const AttributeValues>(std::move(values))) {}

const std::string* Placeholders::UseName(std::string_view placeholder) {
  const auto found = names_.find(placeholder);
  if (found == names_.end()) return nullptr;
  used_.push_back(&found->second);
  return &found->second;
}

std::shared_ptr<const AttributeValue> Placeholders::UseValue(std::string_view placeholder) {
  const auto found = values_->find(placeholder);
  if (found == values_->end()) return nullptr;
  used_.push_back(&found->second);
  return {values_, &found->second};
}

Result<void> Placeholders::CheckAllUsed() const {
  if (names_.empty() && values_->empty()) return {};
  std::vector<const void*> used = used_;
  std::sort(used.begin(), used.end(), std::less<>());
  if (const std::string names = Unused(names_, used); !names.empty()) {
    return ValidationError("Value provided in ExpressionAttributeNames unused in expressions: " + names);
  }
  if (const std::string values = Unused(*values_, used); !values.empty()) {
    return ValidationError("Value provided in ExpressionAttributeValues unused in expressions: " + values);
  }
  return {};
}

}  // namespace insula::expression
