// An object that is a text in memory, whose bytes arrive a few at a time as from a slow network.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "objects/object_store.h"

namespace insula::objects::testing {

class TextReader : public ObjectReader {
 public:
  // `text` outlives it; `at_once`: bytes that a read gives at most, at least 1.
  TextReader(std::string_view text, std::size_t at_once) : text_(text), at_once_(at_once) {}
  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::size_t count = std::min({buffer.size(), text_.size(), at_once_});
    text_.copy(buffer.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  const std::size_t at_once_;
};

}  // namespace insula::objects::testing
