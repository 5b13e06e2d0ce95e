#include "policy/condition_key.h"

#include <array>

#include "policy/small_letters.h"

namespace insula::policy {
namespace {

constexpr std::array kNames = {
#define INSULA_KEY_TEXT(name, text) std::string_view(text),
    INSULA_CONDITION_KEYS(INSULA_KEY_TEXT)
#undef INSULA_KEY_TEXT
};

}  // namespace

ConditionKey ConditionKey::Parse(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string_view name = kNames[i];
    const auto key = static_cast<KeyName>(i);
    if (name.back() != '/') {
      if (EqualInSmallLetters(text, name)) return {key, ""};
    } else if (text.size() > name.size() && EqualInSmallLetters(text.substr(0, name.size()), name)) {
      return {key, SmallLetters(text.substr(name.size()))};
    }
  }
  return {KeyName::kOther, SmallLetters(text)};
}

std::string ConditionKey::Text() const {
  if (name == KeyName::kOther) return detail;
  return std::string(kNames[static_cast<std::size_t>(name)]) + detail;
}

}  // namespace insula::policy
