#include "policy/small_letters.h"

#include <locale.h>
#include <wctype.h>

#include "base/unicode.h"
#include "base/utf8.h"

namespace insula::policy {
namespace {

// Upper case first, as some characters have several small forms.
char32_t SmallCharacter(char32_t c) {
  static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (unicode == nullptr) return c;
  return static_cast<char32_t>(towlower_l(towupper_l(static_cast<wint_t>(c), unicode), unicode));
}

void AppendUtf8(char32_t c, std::string* out) {
  const auto tail = [&](int shift) { *out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else if (c < 0x800) {
    *out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    *out += static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    *out += static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

std::string SmallLetters(std::string_view text) {
  if (internal::IsAscii(text) || !IsUtf8(text)) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(), internal::SmallAscii);
    return small;
  }
  std::string small;
  while (!text.empty()) AppendUtf8(SmallCharacter(ConsumeCodePoint(&text)), &small);
  return small;
}

}  // namespace insula::policy
