#include "expression/parser_base.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "expression/reserved_words.h"

namespace insula::expression {
namespace {

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

namespace {

// The paths looked at so far, as a tree of their elements; each remembered by its place in the text.
struct PathTree {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  std::map<PathElement, PathTree> next;
  std::size_t first = kNone;                      // the first path that goes through or ends here
  std::size_t first_of_kind[2] = {kNone, kNone};  // that goes on with a name; with an index
  bool end = false;                               // a path ends here
};

// How `path`, the one at `place`, relates to those before it: the first it overlaps with, and the first it conflicts
// with (one goes on with a name where the other goes on with an index).
struct Relations {
  std::size_t overlap = PathTree::kNone;
  std::size_t conflict = PathTree::kNone;
};

Relations AddPath(const DocumentPath& path, std::size_t place, PathTree* tree) {
  Relations found;
  for (const PathElement& element : path) {
    if (tree->end) found.overlap = std::min(found.overlap, tree->first);
    found.conflict = std::min(found.conflict, tree->first_of_kind[element.is_index() ? 0 : 1]);
    tree->first = std::min(tree->first, place);
    std::size_t& same_kind = tree->first_of_kind[element.is_index() ? 1 : 0];
    same_kind = std::min(same_kind, place);
    tree = &tree->next[element];
  }
  if (tree->first != PathTree::kNone) found.overlap = std::min(found.overlap, tree->first);
  tree->first = std::min(tree->first, place);
  tree->end = true;
  return found;
}

}  // namespace

std::optional<std::string> CheckPathsDisjoint(const std::vector<const DocumentPath*>& paths) {
  PathTree root;
  std::optional<std::string> conflict;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const Relations found = AddPath(*paths[i], i, &root);
    if (found.overlap != PathTree::kNone) return PathsMessage("overlap", *paths[found.overlap], *paths[i]);
    if (found.conflict != PathTree::kNone && !conflict) {
      conflict = PathsMessage("conflict", *paths[found.conflict], *paths[i]);
    }
  }
  return conflict;
}

}  // namespace insula::expression
