// What the parsers of all expressions share: the token stream, paths, placeholders, limits and the way errors are
// held back until their order of precedence can be decided.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "expression/ast.h"
#include "expression/expression.h"
#include "expression/lexer.h"

namespace insula::expression {

inline constexpr int kOperatorsMax = 300;
// Nesting that an expression within the operator limit can't reach without redundant parentheses.
inline constexpr int kParseDepthMax = 320;

// The first of several errors of one kind.
class FirstError {
 public:
  void Set(std::string message) {
    if (!message_) message_ = std::move(message);
  }
  bool has_value() const { return message_.has_value(); }
  const std::optional<std::string>& get() const { return message_; }
  void Clear() { message_.reset(); }

 private:
  std::optional<std::string> message_;
};

// Parsing functions return false after a syntax error, which fatal_ then holds; other errors are collected, and
// the tree goes on being built with what there is.
class ParserBase {
 protected:
  ParserBase(std::string_view text, Placeholders& placeholders, std::string_view which)
      : which_(which), tokens_(text), placeholders_(placeholders) {}

  // "Invalid <which>: <message>"
  Error MakeError(std::string_view message) const;
  // The checks before parsing: empty, too long.
  static std::optional<std::string> CheckText(std::string_view text);

  bool SyntaxError() {
    if (!fatal_) fatal_ = tokens_.SyntaxError();
    return false;
  }
  bool Fatal(std::string message) {
    if (!fatal_) fatal_ = std::move(message);
    return false;
  }
  bool Expect(TokenKind kind) {
    if (tokens_.kind() != kind) return SyntaxError();
    tokens_.Advance();
    return true;
  }

  // Whether an identifier is one of this grammar's keywords and so no attribute name.
  virtual bool IsKeyword(std::string_view identifier) const = 0;

  bool AtPathStart() const {
    return tokens_.kind() == TokenKind::kNamePlaceholder ||
           (tokens_.kind() == TokenKind::kIdentifier && !IsKeyword(tokens_.token().text));
  }
  bool ParsePath(DocumentPath* path);
  bool ParsePathSuffix(DocumentPath* path);  // ('.' name | '[' digits ']')*
  bool ParseValue(Constant* value);          // at a value placeholder

  void CountOperator() {
    if (++operators_ > kOperatorsMax) too_many_operators_ = true;
  }
  std::string TooManyOperators() const {
    return "The expression contains too many operators; operator count: " + std::to_string(kOperatorsMax + 1);
  }

  std::string_view which_;
  TokenStream tokens_;
  Placeholders& placeholders_;
  int depth_ = 0;

  std::optional<std::string> fatal_;
  FirstError reserved_;
  FirstError path_;  // too deep, index out of range
  FirstError undefined_name_;
  FirstError undefined_value_;
  bool name_undefined_first_ = false;  // of the two above
  int operators_ = 0;
  bool too_many_operators_ = false;

 public:
  virtual ~ParserBase() = default;

 private:
  bool ParsePathName(DocumentPath* path);
};

// Undoes what it did to a parser's depth.
class DepthScope {
 public:
  explicit DepthScope(int* depth) : depth_(depth) { ++*depth_; }
  ~DepthScope() { --*depth_; }
  DepthScope(const DepthScope&) = delete;
  DepthScope& operator=(const DepthScope&) = delete;

 private:
  int* depth_;
};

// The error of a path in `paths` that overlaps or conflicts with an earlier one, if there is one.
std::optional<std::string> CheckPathsDisjoint(const std::vector<const DocumentPath*>& paths);

}  // namespace insula::expression
