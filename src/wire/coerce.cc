#include "wire/coerce.h"

#include <algorithm>

namespace insula::wire {
namespace {

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), same);
}

}  // namespace

std::optional<bool> BooleanFrom(std::string_view text) {
  for (std::string_view word : {"true", "1", "yes"}) {
    if (EqualsIgnoringCase(text, word)) return true;
  }
  for (std::string_view word : {"false", "0", "no"}) {
    if (EqualsIgnoringCase(text, word)) return false;
  }
  return std::nullopt;
}

bool BooleanFrom(JsonValue json) {
  if (json.type() == JsonType::kString) return BooleanFrom(json.string()).value_or(false);
  return json.type() == JsonType::kBoolean && json.boolean();
}

}  // namespace insula::wire
