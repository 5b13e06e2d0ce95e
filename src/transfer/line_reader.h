// Lines of an object, however long they are: one that is too long is passed over in bounded memory, and said so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "objects/object_store.h"

namespace insula::transfer {

struct Line {
  std::string_view text;  // without its end ("\n" or "\r\n"); valid until the next one is read
  bool too_long = false;  // `text` is empty then
};

// Used by one thread; the reader outlives it.
class LineReader {
 public:
  LineReader(objects::ObjectReader& reader, std::size_t size_max) : reader_(reader), size_max_(size_max) {}

  // nullopt at the end. What follows the last line's end is a line only if there is something. An error of the reader
  // comes after the whole lines before it.
  Result<std::optional<Line>> Next();
  // Read from the reader and given out as lines so far, their ends included.
  std::uint64_t bytes() const { return bytes_; }

 private:
  objects::ObjectReader& reader_;
  const std::size_t size_max_;
  std::string buffer_ = std::string(256 * 1024, '\0');
  std::size_t at_ = 0, end_ = 0;  // what of the buffer is to come
  std::string long_;              // a line that crosses buffers
  std::uint64_t bytes_ = 0;
};

}  // namespace insula::transfer
