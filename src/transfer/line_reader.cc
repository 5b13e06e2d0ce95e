#include "transfer/line_reader.h"

namespace insula::transfer {
namespace {

std::string_view WithoutReturn(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Result<std::optional<Line>> LineReader::Next() {
  long_.clear();
  bool too_long = false, begun = false;
  for (;;) {
    if (at_ == end_) {
      INSULA_ASSIGN(end_, reader_.Read(buffer_));
      at_ = 0;
      if (end_ == 0) {
        if (!begun) return std::optional<Line>();
        if (too_long) return std::optional(Line{{}, true});
        return std::optional(Line{WithoutReturn(long_), false});
      }
    }
    begun = true;
    const std::string_view rest = std::string_view(buffer_).substr(at_, end_ - at_);
    const std::size_t newline = rest.find('\n');
    const bool ends = newline != std::string_view::npos;
    const std::string_view part = rest.substr(0, newline);
    at_ += part.size() + (ends ? 1 : 0);
    bytes_ += part.size() + (ends ? 1 : 0);
    if (long_.size() + part.size() > size_max_) {
      too_long = true;
      long_.clear();
      long_.shrink_to_fit();
    }
    if (too_long) {
      if (ends) return std::optional(Line{{}, true});
    } else if (ends && long_.empty()) {
      return std::optional(Line{WithoutReturn(part), false});
    } else {
      long_ += part;
      if (ends) return std::optional(Line{WithoutReturn(long_), false});
    }
  }
}

}  // namespace insula::transfer
