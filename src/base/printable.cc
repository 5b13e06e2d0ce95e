#include "base/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace insula {

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = Utf8SequenceAt(text);
    if (size == 0) {
      fmt::format_to(std::back_inserter(printable), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else {
      printable.append(text.substr(0, size));
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return printable;
}

}  // namespace insula
