#include "transfer/csv_reader.h"

#include <fmt/format.h>

namespace insula::transfer {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

bool CsvReader::Take(std::string_view line, bool open, std::size_t fields_max, CsvRecord* record) const {
  std::size_t at = 0;
  const auto append = [&](std::string_view text) {
    if (record->count <= fields_max) record->fields.back() += text;
  };
  if (open) append("\n");
  for (;;) {
    if (!open) {
      if (++record->count <= fields_max) record->fields.emplace_back();
      if (at < line.size() && line[at] == '"') {
        open = true;
        ++at;
      }
    }
    if (open) {
      for (;;) {
        const std::size_t quote = line.find('"', at);
        append(line.substr(at, quote - at));
        if (quote == std::string_view::npos) return false;
        at = quote + 1;
        if (at == line.size() || line[at] != '"') break;
        append("\"");
        ++at;
      }
      open = false;
      if (at < line.size() && line[at] != delimiter_) {
        record->error = "A quoted field is followed by something else than a delimiter";
        return true;
      }
    } else {
      const std::size_t end = std::min(line.find(delimiter_, at), line.size());
      append(line.substr(at, end - at));
      at = end;
    }
    if (at == line.size()) return true;
    ++at;  // the delimiter
  }
}

Result<std::optional<CsvRecord>> CsvReader::Next(std::size_t fields_max) {
  CsvRecord record;
  std::size_t size = 0;
  bool open = false;
  for (;;) {
    INSULA_ASSIGN(const std::optional<Line> line, lines_.Next());
    if (!line) {
      if (!open) return std::optional<CsvRecord>();
      record.error = "The file ends within quotes";
      return std::optional(std::move(record));
    }
    std::string_view text = line->text;
    if (std::exchange(first_, false) && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    size += text.size() + 1;
    if (line->too_long || size > size_max_) {
      record.fields.clear();
      record.error = fmt::format("The record is longer than {} bytes", size_max_);
      return std::optional(std::move(record));
    }
    if (!open && text.empty()) continue;
    if (Take(text, open, fields_max, &record)) return std::optional(std::move(record));
    open = true;
  }
}

}  // namespace insula::transfer
