#include "expression/lexer.h"

#include <array>

namespace insula::expression {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr std::array<bool, 256> kNameParts = [] {
  std::array<bool, 256> parts{};
  for (int c = 0; c < 256; ++c) {
    parts[static_cast<std::size_t>(c)] =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  return parts;
}();
bool IsNamePart(char c) { return kNameParts[static_cast<unsigned char>(c)]; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

TokenKind PunctuationKind(char c) {
  switch (c) {
    case '(':
      return TokenKind::kOpenParen;
    case ')':
      return TokenKind::kCloseParen;
    case '[':
      return TokenKind::kOpenBracket;
    case ']':
      return TokenKind::kCloseBracket;
    case ',':
      return TokenKind::kComma;
    case '.':
      return TokenKind::kDot;
    case '=':
      return TokenKind::kEqual;
    case '<':
      return TokenKind::kLess;
    case '>':
      return TokenKind::kGreater;
    case '+':
      return TokenKind::kPlus;
    case '-':
      return TokenKind::kMinus;
    default:
      return TokenKind::kOther;
  }
}

}  // namespace

bool EqualsKeyword(std::string_view text, std::string_view keyword) {
  if (text.size() != keyword.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != keyword[i]) return false;
  }
  return true;
}

TokenStream::TokenStream(std::string_view text) : text_(text) { current_ = Lex(&position_); }

Token TokenStream::Peek() const {
  std::size_t position = position_;
  return Lex(&position);
}

void TokenStream::Advance() {
  if (at_end()) return;
  previous_ = current_;
  current_ = Lex(&position_);
}

bool TokenStream::AtKeyword(std::string_view keyword) const {
  return current_.kind == TokenKind::kIdentifier && EqualsKeyword(current_.text, keyword);
}

std::string TokenStream::SyntaxError() const {
  const Token next = at_end() ? Token{} : Peek();
  const std::string_view first = previous_.kind == TokenKind::kEnd ? current_.text : previous_.text;
  const std::string_view last = next.kind != TokenKind::kEnd ? next.text : at_end() ? previous_.text : current_.text;
  std::string out = "Syntax error; token: \"";
  out += at_end() ? std::string_view("<EOF>") : current_.text;
  out += "\", near: \"";
  if (!first.empty() && !last.empty()) {
    out.append(first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data()));
  }
  out += '"';
  return out;
}

Token TokenStream::Lex(std::size_t* position) const {
  std::size_t begin = *position;
  while (begin < text_.size() && IsSpace(text_[begin])) ++begin;
  if (begin == text_.size()) {
    *position = begin;
    return {};
  }
  std::size_t end = begin + 1;
  const char c = text_[begin];
  TokenKind kind = TokenKind::kOther;
  if (IsNameStart(c)) {
    kind = TokenKind::kIdentifier;
    while (end < text_.size() && IsNamePart(text_[end])) ++end;
  } else if (IsDigit(c)) {
    kind = TokenKind::kDigits;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
  } else if ((c == '#' || c == ':') && end < text_.size() && IsNamePart(text_[end])) {
    kind = c == '#' ? TokenKind::kNamePlaceholder : TokenKind::kValuePlaceholder;
    while (end < text_.size() && IsNamePart(text_[end])) ++end;
  } else if (c == '<' && end < text_.size() && text_[end] == '>') {
    kind = TokenKind::kNotEqual;
    ++end;
  } else if ((c == '<' || c == '>') && end < text_.size() && text_[end] == '=') {
    kind = c == '<' ? TokenKind::kLessOrEqual : TokenKind::kGreaterOrEqual;
    ++end;
  } else {
    kind = PunctuationKind(c);
    // A character outside ASCII is one token with all its bytes.
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
  }
  *position = end;
  return {kind, text_.substr(begin, end - begin)};
}

}  // namespace insula::expression
