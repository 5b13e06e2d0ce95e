// Records of a CSV file (RFC 4180, with a delimiter of one's choice): a field that begins with a quote goes on to the
// next single one, over delimiters and line ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transfer/line_reader.h"

namespace insula::transfer {

struct CsvRecord {
  std::vector<std::string> fields;  // as many as were asked for, at most
  std::size_t count = 0;            // of fields there are
  std::string error;                // not empty: it is no record, and this is why
};

// Used by one thread; the reader outlives it.
class CsvReader {
 public:
  CsvReader(objects::ObjectReader& reader, char delimiter, std::size_t size_max)
      : lines_(reader, size_max), delimiter_(delimiter), size_max_(size_max) {}

  // nullopt at the end. Empty lines are passed over. Of a record with more than `fields_max` fields (at least one) the
  // others are counted, but not kept: a record may be all delimiters.
  Result<std::optional<CsvRecord>> Next(std::size_t fields_max);
  std::uint64_t bytes() const { return lines_.bytes(); }

 private:
  // Takes one more line of the record; false: a quote is still open at its end.
  bool Take(std::string_view line, bool open, std::size_t fields_max, CsvRecord* record) const;

  LineReader lines_;
  const char delimiter_;
  const std::size_t size_max_;
  bool first_ = true;
};

}  // namespace insula::transfer
