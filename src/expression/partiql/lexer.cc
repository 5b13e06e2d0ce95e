#include "expression/partiql/lexer.h"

#include <limits>

namespace insula::partiql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsIdentifierStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsIdentifierPart(char c) { return IsIdentifierStart(c) || IsDigit(c); }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

int CharactersIn(std::string_view text) {
  int count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> Run() {
    std::vector<Token> tokens;
    tokens.reserve(16);  // a statement about one item by its key
    while (true) {
      if (!SkipBlanks()) return NotWellFormed("");
      Token token;
      token.line = line_;
      token.column = column_;
      const std::size_t begin = position_;
      if (begin == text_.size()) {
        tokens.push_back(std::move(token));
        return tokens;
      }
      if (!Next(&token)) return NotWellFormed("");
      token.source = text_.substr(begin, position_ - begin);
      Advance(token.source);
      tokens.push_back(std::move(token));
    }
  }

 private:
  char At(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  // Counts lines and columns over what was read.
  void Advance(std::string_view read) {
    const auto newline = read.rfind('\n');
    if (newline == std::string_view::npos) {
      column_ += CharactersIn(read);
      return;
    }
    for (const char c : read) line_ += c == '\n';
    column_ = 1 + CharactersIn(read.substr(newline + 1));
  }

  bool SkipBlanks() {
    const std::size_t begin = position_;
    while (position_ < text_.size()) {
      if (IsSpace(text_[position_])) {
        ++position_;
      } else if (text_[position_] == '-' && At(position_ + 1) == '-') {
        while (position_ < text_.size() && text_[position_] != '\n' && text_[position_] != '\r') ++position_;
      } else if (text_[position_] == '/' && At(position_ + 1) == '*') {
        const auto end = text_.find("*/", position_ + 2);
        if (end == std::string_view::npos) return false;
        position_ = end + 2;
      } else {
        break;
      }
    }
    Advance(text_.substr(begin, position_ - begin));
    return true;
  }

  bool Next(Token* token) {
    const char c = text_[position_];
    if (c == '\'' || c == '"') return Quoted(c, token);
    if (IsDigit(c) || (c == '.' && IsDigit(At(position_ + 1)))) return Number(token);
    if (IsIdentifierStart(c)) {
      Word(token);
      return true;
    }
    if (c == '?') {
      token->kind = TokenKind::kParameter;
      ++position_;
      return true;
    }
    return Symbol(token);
  }

  // A quote inside is written twice.
  bool Quoted(char quote, Token* token) {
    token->kind = quote == '"' ? TokenKind::kQuoted : TokenKind::kString;
    ++position_;
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == quote) {
        if (At(position_) != quote) return true;
        ++position_;
      }
      token->text += c;
    }
    return false;
  }

  // DynamoDB reads numbers as Java's BigDecimal does: the exponent, and the digits after the point less the
  // exponent, must fit 32 bits.
  bool Number(Token* token) {
    token->kind = TokenKind::kNumber;
    const std::size_t begin = position_;
    std::int64_t fraction = 0;
    while (IsDigit(At(position_))) ++position_;
    if (At(position_) == '.') {
      ++position_;
      while (IsDigit(At(position_))) {
        ++position_;
        ++fraction;
      }
    }
    const std::size_t after_sign = position_ + (At(position_ + 1) == '+' || At(position_ + 1) == '-' ? 2 : 1);
    if ((At(position_) == 'e' || At(position_) == 'E') && IsDigit(At(after_sign))) {
      const bool negative = At(position_ + 1) == '-';
      std::int64_t exponent = 0;
      position_ = after_sign;
      while (IsDigit(At(position_))) {
        if (exponent < (std::int64_t{1} << 40)) exponent = exponent * 10 + (text_[position_] - '0');
        ++position_;
      }
      if (negative) exponent = -exponent;
      const auto fits = [](std::int64_t n) {
        return n >= std::numeric_limits<std::int32_t>::min() && n <= std::numeric_limits<std::int32_t>::max();
      };
      if (!fits(exponent) || !fits(fraction - exponent)) return false;
    }
    token->text = std::string(text_.substr(begin, position_ - begin));
    return true;
  }

  void Word(Token* token) {
    const std::size_t begin = position_;
    while (IsIdentifierPart(At(position_))) ++position_;
    token->text = std::string(text_.substr(begin, position_ - begin));
    std::string capitals = token->text;
    for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (IsKeyword(capitals)) {
      token->kind = TokenKind::kKeyword;
      token->text = std::move(capitals);
    } else {
      token->kind = TokenKind::kIdentifier;
    }
  }

  bool Symbol(Token* token) {
    token->kind = TokenKind::kSymbol;
    for (const std::string_view symbol : {"<<", ">>", "<=", ">=", "<>", "!=", "||", "(", ")", "[", "]", "{", "}",
                                          ",",  ".",  ":",  ";",  "=",  "<",  ">",  "+", "-", "*", "/", "%"}) {
      if (symbol.front() != text_[position_] || text_.substr(position_, symbol.size()) != symbol) continue;
      token->text = symbol;
      position_ += symbol.size();
      return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

std::string Token::Position() const {
  return std::to_string(line) + ":" + std::to_string(column) + ":" + std::to_string(CharactersIn(source));
}

Result<std::vector<Token>> Tokenize(std::string_view text) { return Lexer(text).Run(); }

Error NotWellFormed(std::string_view detail) {
  return ValidationError("Statement wasn't well formed, can't be processed: " + std::string(detail));
}

}  // namespace insula::partiql
