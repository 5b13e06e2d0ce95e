#include "expression/parser_base.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "expression/reserved_words.h"

namespace insula::expression {
namespace {

enum class PathRelation { kDisjoint, kOverlap, kConflict };

PathRelation Relate(const DocumentPath& a, const DocumentPath& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i].is_index() != b[i].is_index()) return PathRelation::kConflict;
    if (a[i] != b[i]) return PathRelation::kDisjoint;
  }
  return PathRelation::kOverlap;
}

std::string PathsMessage(std::string_view what, const DocumentPath& one, const DocumentPath& two) {
  std::string out = "Two document paths ";
  out += what;
  out += " with each other; must remove or rewrite one of these paths; path one: ";
  out += ToString(one);
  out += ", path two: ";
  out += ToString(two);
  return out;
}

}  // namespace

Error ParserBase::MakeError(std::string_view message) const {
  std::string out = "Invalid ";
  out += which_;
  out += ": ";
  out += message;
  return ValidationError(std::move(out));
}

std::optional<std::string> ParserBase::CheckText(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "The expression can not be empty;";
  if (text.size() > kExpressionSizeMax) {
    return "Expression size has exceeded the maximum allowed size; expression size: " + std::to_string(text.size());
  }
  return std::nullopt;
}

bool ParserBase::ParsePathName(DocumentPath* path) {
  if (!AtPathStart()) return SyntaxError();
  const Token& token = tokens_.token();
  if (token.kind == TokenKind::kIdentifier) {
    if (IsReservedWord(token.text)) {
      reserved_.Set("Attribute name is a reserved keyword; reserved keyword: " + std::string(token.text));
    }
    path->emplace_back(std::string(token.text));
  } else if (const std::string* name = placeholders_.UseName(token.text)) {
    path->emplace_back(*name);
  } else {
    if (!undefined_value_.has_value()) name_undefined_first_ = true;
    undefined_name_.Set("An expression attribute name used in the document path is not defined; attribute name: " +
                        std::string(token.text));
    path->emplace_back(std::string(token.text));
  }
  tokens_.Advance();
  return true;
}

bool ParserBase::ParsePath(DocumentPath* path) { return ParsePathName(path) && ParsePathSuffix(path); }

bool ParserBase::ParsePathSuffix(DocumentPath* path) {
  while (true) {
    if (tokens_.kind() == TokenKind::kDot) {
      tokens_.Advance();
      if (!ParsePathName(path)) return false;
    } else if (tokens_.kind() == TokenKind::kOpenBracket) {
      tokens_.Advance();
      if (tokens_.kind() != TokenKind::kDigits) return SyntaxError();
      const std::string_view digits = tokens_.token().text;
      std::uint32_t index = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
      if (error != std::errc() || index > std::numeric_limits<std::int32_t>::max()) {
        path_.Set("List index is not within the allowable range; index: [" + std::string(digits) + "]");
        index = 0;
      }
      path->emplace_back(index);
      tokens_.Advance();
      if (!Expect(TokenKind::kCloseBracket)) return false;
    } else {
      break;
    }
  }
  if (path->size() > kPathElementsMax) {
    path_.Set("The document path has too many nesting levels; nesting levels: " + std::to_string(path->size()));
  }
  return true;
}

bool ParserBase::ParseValue(Constant* value) {
  const std::string_view placeholder = tokens_.token().text;
  value->value = placeholders_.UseValue(placeholder);
  if (value->value == nullptr) {
    undefined_value_.Set("An expression attribute value used in expression is not defined; attribute value: " +
                         std::string(placeholder));
    *value = Constant::Of(AttributeValue());
  }
  tokens_.Advance();
  return true;
}

std::optional<std::string> CheckPathsDisjoint(const std::vector<const DocumentPath*>& paths) {
  // Sorted, related paths are neighbours, so the common answer (none) is cheap. Only with a suspicion are all
  // pairs looked at in the order of the text, which decides what the message names.
  std::vector<const DocumentPath*> sorted = paths;
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return *a < *b; });
  bool suspicious = false;
  for (std::size_t i = 1; i < sorted.size() && !suspicious; ++i) {
    const DocumentPath& a = *sorted[i - 1];
    const DocumentPath& b = *sorted[i];
    // A conflict's two paths share a prefix, after which one goes on with a name and the other with an index.
    suspicious = Relate(a, b) != PathRelation::kDisjoint;
  }
  if (!suspicious) return std::nullopt;
  std::optional<std::string> conflict;
  for (std::size_t j = 1; j < paths.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      switch (Relate(*paths[i], *paths[j])) {
        case PathRelation::kOverlap:
          return PathsMessage("overlap", *paths[i], *paths[j]);
        case PathRelation::kConflict:
          if (!conflict) conflict = PathsMessage("conflict", *paths[i], *paths[j]);
          break;
        case PathRelation::kDisjoint:
          break;
      }
    }
  }
  return conflict;
}

}  // namespace insula::expression
