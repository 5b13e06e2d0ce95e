#include "api/iam/statement_position.h"

#include <algorithm>

namespace insula::api::iam_service {
namespace {

// Behind the text that begins at `at`, with its opening quotation mark.
std::size_t EndOfText(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

Position At(std::string_view json, std::size_t offset) {
  const std::string_view before = json.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 where there is no line before
  return {static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1, offset - line_start + 1};
}

}  // namespace

StatementPosition FindStatement(std::string_view document, std::size_t index) {
  std::size_t depth = 0, seen = 0, start = 0, statement_depth = 0;
  bool in_statements = false;
  for (std::size_t at = 0; at < document.size();) {
    const char c = document[at];
    if (c == '"') {
      const std::size_t end = EndOfText(document, at);
      if (depth == 1) in_statements = document.substr(at, end - at) == "\"Statement\"";
      at = end;
      continue;
    }
    if (c == '{') {
      // A statement is the object that follows the name, or lies in the array that follows it.
      if (in_statements && statement_depth == 0 && seen++ == index) {
        start = at;
        statement_depth = depth + 1;
      } else if (in_statements && statement_depth == 0) {
        // Another statement: skip to its end.
        std::size_t inner = 0;
        do {
          if (document[at] == '"') {
            at = EndOfText(document, at);
            continue;
          }
          inner += document[at] == '{';
          inner -= document[at] == '}';
          ++at;
        } while (inner > 0 && at < document.size());
        continue;
      }
      ++depth;
    } else if (c == '}') {
      if (statement_depth > 0 && depth == statement_depth) return {At(document, start), At(document, at + 1)};
      --depth;
    }
    ++at;
  }
  return {At(document, start), At(document, document.size())};
}

}  // namespace insula::api::iam_service
