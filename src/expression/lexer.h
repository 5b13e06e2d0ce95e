// Splits expression text into tokens. No allocation: tokens are views of the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace insula::expression {

enum class TokenKind : std::uint8_t {
  kEnd,
  kIdentifier,        // [A-Za-z][A-Za-z0-9_]*: a name, keyword or function
  kNamePlaceholder,   // '#' [A-Za-z0-9_]+
  kValuePlaceholder,  // ':' [A-Za-z0-9_]+
  kDigits,            // [0-9]+
  kOpenParen,
  kCloseParen,
  kOpenBracket,
  kCloseBracket,
  kComma,
  kDot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kPlus,
  kMinus,
  kOther,  // any other character: never part of a valid expression
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // within the expression
};

// The tokens one after another, with the window around the current one that syntax errors quote.
class TokenStream {
 public:
  explicit TokenStream(std::string_view text);

  const Token& token() const { return current_; }
  TokenKind kind() const { return current_.kind; }
  bool at_end() const { return current_.kind == TokenKind::kEnd; }
  Token Peek() const;  // the one after the current token
  void Advance();      // no effect at the end

  // Whether the current token is this keyword (given in capitals), in any case.
  bool AtKeyword(std::string_view keyword) const;

  // `Syntax error; token: "b", near: "a b c"` for the current token: the text from the token before it to the
  // token after it, as written.
  std::string SyntaxError() const;

 private:
  Token Lex(std::size_t* position) const;

  std::string_view text_;
  std::size_t position_ = 0;  // after the current token
  Token previous_;
  Token current_;
};

// Whether `text` is `keyword` (capitals) in any case.
bool EqualsKeyword(std::string_view text, std::string_view keyword);

}  // namespace insula::expression
