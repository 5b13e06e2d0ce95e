#include "wire/request_memory.h"

#include <algorithm>
#include <cstdint>

namespace insula::wire {
namespace {

// Parsing: an index of 4 bytes for each structural character and scalar, and up to two words of 8 on the tape.
// Values: an AttributeValue, or a name and one, in a vector that doubles; there are four such characters at least to
// one.
constexpr std::size_t kPerStructural = 40;
// The text with its padding, its strings taken apart, encoded as items, and in the batch that is committed.
constexpr std::size_t kPerByte = 4;

}  // namespace

std::size_t RequestMemoryOf(std::string_view body) {
  constexpr std::size_t kBlock = 255;  // a block's count fits a byte, which is what lets the compiler use vectors
  const std::size_t size = body.size();
  std::size_t structural = 0;
  while (!body.empty()) {
    const std::string_view block = body.substr(0, kBlock);
    body.remove_prefix(block.size());
    std::uint8_t count = 0;
    for (const char c : block) {
      // { and [ differ in one bit, and so do } and ].
      const char folded = static_cast<char>(c | 0x20);
      count =
          static_cast<std::uint8_t>(count + ((folded == '{') | (folded == '}') | (c == ',') | (c == ':') | (c == '"')));
    }
    structural += count;
  }
  return structural * kPerStructural + size * kPerByte;
}

}  // namespace insula::wire
