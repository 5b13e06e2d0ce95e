// Splits a PartiQL statement into tokens, all of them at once: DynamoDB reports a text that can't be split before
// anything else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace insula::partiql {

enum class TokenKind : std::uint8_t {
  kEnd,
  kIdentifier,  // unquoted, no keyword
  kKeyword,     // unquoted; text is in capitals
  kQuoted,      // "identifier"; text is without quotes
  kString,      // 'text'; text is without quotes
  kNumber,      // digits with an optional point and exponent, without sign
  kParameter,   // ?
  kSymbol,      // an operator or punctuation
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  std::string_view source;  // as written
  int line = 1;             // from 1
  int column = 1;           // in characters, from 1

  bool Is(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
  bool IsKeyword(std::string_view keyword) const { return kind == TokenKind::kKeyword && text == keyword; }
  // "line:column:length", as DynamoDB's messages point at a token.
  std::string Position() const;
};

// The tokens, with one kEnd behind the last. They refer to `text`. ValidationException if there is a character,
// number, string or comment that is none.
Result<std::vector<Token>> Tokenize(std::string_view text);

// Whether `word`, in capitals, can't be an identifier without quotes.
bool IsKeyword(std::string_view word);

// "Statement wasn't well formed, can't be processed: <detail>"
Error NotWellFormed(std::string_view detail);

}  // namespace insula::partiql
