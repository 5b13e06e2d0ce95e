#include "app/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <optional>
#include <vector>

#include "wire/json_writer.h"

namespace insula::app {
namespace {

using wire::JsonType;
using wire::JsonValue;

// One code point of UTF-8, as far as it is whole; a byte that begins none is its own.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
};
CodePoint FirstOf(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (bytes == 1 || bytes > text.size()) return {first, 1};
  CodePoint point{first & (0xFFU >> (bytes + 1)), bytes};
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {first, 1};
    point.value = point.value << 6 | (next & 0x3FU);
  }
  return point;
}

// Control characters, line and paragraph separators, and what turns the order of writing.
bool IsHarmless(std::uint32_t c) {
  return c >= 0x20 && (c < 0x7F || c > 0x9F) && c != 0x200E && c != 0x200F && (c < 0x2028 || c > 0x202E) &&
         (c < 0x2066 || c > 0x2069);
}

// A JSON string that says the same and is as harmless.
std::string Quoted(std::string_view text) {
  std::string json;
  wire::JsonWriter(&json).String(text);
  return Shown(json);  // what is left of it to write out is outside of ASCII, where JSON takes the same form
}

void AppendScalar(std::string* out, JsonValue value, bool quoted) {
  switch (value.type()) {
    case JsonType::kNull:
      out->append(quoted ? "null" : "-");
      return;
    case JsonType::kBoolean:
      out->append(value.boolean() ? (quoted ? "true" : "yes") : (quoted ? "false" : "no"));
      return;
    case JsonType::kInteger:
      out->append(std::to_string(value.integer()));
      return;
    case JsonType::kDecimal:
      out->append(fmt::format("{}", value.decimal()));
      return;
    case JsonType::kString:
      if (quoted) {
        out->append(Quoted(value.string()));
      } else {
        out->append(value.string().empty() ? "-" : Shown(value.string()));
      }
      return;
    default:
      return;
  }
}

void AppendPretty(std::string* out, JsonValue value, std::size_t indent) {
  const std::string inner(indent + 4, ' ');
  bool first = true;
  if (value.type() == JsonType::kObject && !value.empty()) {
    out->append("{\n");
    for (const auto& [name, member] : value.members()) {
      if (!std::exchange(first, false)) out->append(",\n");
      out->append(inner);
      out->append(Quoted(name));
      out->append(": ");
      AppendPretty(out, member, indent + 4);
    }
    out->append("\n").append(indent, ' ').append("}");
  } else if (value.type() == JsonType::kArray && !value.empty()) {
    out->append("[\n");
    for (const JsonValue element : value.elements()) {
      if (!std::exchange(first, false)) out->append(",\n");
      out->append(inner);
      AppendPretty(out, element, indent + 4);
    }
    out->append("\n").append(indent, ' ').append("]");
  } else if (value.type() == JsonType::kObject) {
    out->append("{}");
  } else if (value.type() == JsonType::kArray) {
    out->append("[]");
  } else {
    AppendScalar(out, value, true);
  }
}

// One line, without quotes: "a, b" for a list, "X=1 Y=2" for an object.
std::string Cell(JsonValue value) {
  std::string out;
  if (value.type() == JsonType::kArray) {
    for (const JsonValue element : value.elements()) out.append(out.empty() ? "" : ", ").append(Cell(element));
    return out.empty() ? "-" : out;
  }
  if (value.type() == JsonType::kObject) {
    for (const auto& [name, member] : value.members())
      out.append(out.empty() ? "" : " ").append(Shown(name)).append("=").append(Cell(member));
    return out.empty() ? "-" : out;
  }
  AppendScalar(&out, value, false);
  return out;
}

// "AccessKeyId" -> "ACCESS KEY ID".
std::string Heading(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool upper = std::isupper(static_cast<unsigned char>(name[i])) != 0;
    const bool after_lower = i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (upper && after_lower) out += ' ';
    out += static_cast<char>(std::toupper(static_cast<unsigned char>(name[i])));
  }
  return out;
}

// Code points, which is near enough to columns for names.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

struct Grid {
  std::vector<std::string> headings;
  std::vector<bool> numeric;
  std::vector<std::vector<std::string>> rows;
};

std::string Draw(const Grid& grid, bool bold_heading) {
  std::vector<std::size_t> widths;
  for (const auto& heading : grid.headings) widths.push_back(Width(heading));
  for (const auto& row : grid.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string pad(widths[i] - Width(cells[i]), ' ');
      if (i > 0) out += "  ";
      out += grid.numeric[i] ? pad + cells[i] : cells[i] + pad;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  };
  std::string out = (bold_heading ? "\x1b[1m" : "") + line(grid.headings) + (bold_heading ? "\x1b[0m" : "") + "\n";
  for (const auto& row : grid.rows) out += line(row) + "\n";
  return out;
}

std::string DrawList(JsonValue list, bool bold_heading) {
  Grid grid;
  std::vector<std::string> names;
  for (const JsonValue element : list.elements()) {
    if (element.type() != JsonType::kObject) {
      if (names.empty()) names.emplace_back("Name");
      continue;
    }
    for (const auto& [name, member] : element.members())
      if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }
  for (const auto& name : names) grid.headings.push_back(Heading(name));
  grid.numeric.assign(names.size(), true);
  for (const JsonValue element : list.elements()) {
    std::vector<std::string> row;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const JsonValue value = element.type() == JsonType::kObject ? element.Member(names[i]) : element;
      const bool number = value.type() == JsonType::kInteger || value.type() == JsonType::kDecimal || value.is_null();
      grid.numeric[i] = grid.numeric[i] && number;
      row.push_back(Cell(value));
    }
    grid.rows.push_back(std::move(row));
  }
  return Draw(grid, bold_heading);
}

std::string DrawThing(JsonValue thing) {
  std::size_t width = 0;
  for (const auto& [name, member] : thing.members()) width = std::max(width, Width(name));
  std::string out;
  for (const auto& [name, member] : thing.members()) {
    const bool list = member.type() == JsonType::kArray && !member.empty() &&
                      (*member.elements().begin()).type() == JsonType::kObject;
    out += std::string(name) + std::string(width - Width(name), ' ') + "  ";
    if (list) {
      bool first = true;
      for (const JsonValue element : member.elements()) {
        if (!std::exchange(first, false)) out += std::string(width + 2, ' ');
        out += Cell(element) + "\n";
      }
    } else {
      out += Cell(member) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string Shown(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = FirstOf(text);
    if (IsHarmless(point.value)) {
      out.append(text.substr(0, point.bytes));
    } else {
      out.append(fmt::format("\\u{:04x}", point.value));
    }
    text.remove_prefix(point.bytes);
  }
  return out;
}

std::string PrettyJson(JsonValue value) {
  std::string out;
  AppendPretty(&out, value, 0);
  return out;
}

std::string Table(JsonValue answer, bool bold_heading) {
  if (answer.type() != JsonType::kObject || answer.empty()) return "";
  std::string out;
  std::string scalars;
  for (const auto& [name, member] : answer.members()) {
    if (member.type() == JsonType::kArray) {
      if (!out.empty()) out += "\n";
      out += member.empty() ? fmt::format("no {}\n",
                                          [&] {
                                            std::string words = Heading(name);
                                            std::transform(words.begin(), words.end(), words.begin(),
                                                           [](unsigned char c) { return std::tolower(c); });
                                            return words;
                                          }())
                            : DrawList(member, bold_heading);
    } else if (member.type() == JsonType::kObject) {
      if (!out.empty()) out += "\n";
      out += DrawThing(member);
    } else {
      scalars += std::string(name) + "  " + Cell(member) + "\n";
    }
  }
  return out.empty() ? scalars : scalars.empty() ? out : scalars + "\n" + out;
}

void Print(JsonValue answer, OutputFormat format) {
  const std::string text =
      format == OutputFormat::kJson ? PrettyJson(answer) + "\n" : Table(answer, ::isatty(STDOUT_FILENO) != 0);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace insula::app
