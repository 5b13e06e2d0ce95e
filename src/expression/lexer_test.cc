// Tokens, and the window that syntax errors quote: clients' tools show it, so it is part of the contract.
#include "expression/lexer.h"

#include <gtest/gtest.h>

#include "expression/reserved_words.h"

namespace insula::expression {
namespace {

TEST(Lexer, SplitsWithoutBlanks) {
  TokenStream tokens("a.b[12]<=:v AND#n<>size(c)");
  const std::pair<TokenKind, std::string_view> expected[] = {
      {TokenKind::kIdentifier, "a"},   {TokenKind::kDot, "."},
      {TokenKind::kIdentifier, "b"},   {TokenKind::kOpenBracket, "["},
      {TokenKind::kDigits, "12"},      {TokenKind::kCloseBracket, "]"},
      {TokenKind::kLessOrEqual, "<="}, {TokenKind::kValuePlaceholder, ":v"},
      {TokenKind::kIdentifier, "AND"}, {TokenKind::kNamePlaceholder, "#n"},
      {TokenKind::kNotEqual, "<>"},    {TokenKind::kIdentifier, "size"},
      {TokenKind::kOpenParen, "("},    {TokenKind::kIdentifier, "c"},
      {TokenKind::kCloseParen, ")"},
  };
  for (const auto& [kind, text] : expected) {
    EXPECT_EQ(tokens.kind(), kind);
    EXPECT_EQ(tokens.token().text, text);
    tokens.Advance();
  }
  EXPECT_TRUE(tokens.at_end());
  tokens.Advance();  // stays at the end
  EXPECT_TRUE(tokens.at_end());
}

TEST(Lexer, CharactersOutsideTheLanguageAreTokensOfTheirOwn) {
  TokenStream tokens("\xC3\xBC # \" 4.5");
  for (const std::string_view text : {"\xC3\xBC", "#", "\"", "4", ".", "5"}) {
    EXPECT_EQ(tokens.token().text, text);
    tokens.Advance();
  }
}

TEST(Lexer, SyntaxErrorQuotesTheTokensAroundIt) {
  const struct {
    std::string_view text;
    int token;  // which one is wrong
    std::string_view message;
  } cases[] = {
      {"INVALID SYNTAX HERE", 0, "Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\""},
      {"!!! INVALID !!!", 0, "Syntax error; token: \"!\", near: \"!!\""},
      {"a-b", 1, "Syntax error; token: \"-\", near: \"a-b\""},
      {"tenantAgent:abc123-x", 1, "Syntax error; token: \":abc123\", near: \"tenantAgent:abc123-\""},
      {"a = 4", 2, "Syntax error; token: \"4\", near: \"= 4\""},
      {"NOT #flag", 2, "Syntax error; token: \"<EOF>\", near: \"#flag\""},
      {"SET _123 = a", 1, "Syntax error; token: \"_\", near: \"SET _123\""},  // no name begins with it
      {"a._b", 2, "Syntax error; token: \"_\", near: \"._b\""},
      {"x IN ()", 3, "Syntax error; token: \")\", near: \"()\""},
      {"a", 1, "Syntax error; token: \"<EOF>\", near: \"a\""},
  };
  for (const auto& c : cases) {
    TokenStream tokens(c.text);
    for (int i = 0; i < c.token; ++i) tokens.Advance();
    EXPECT_EQ(tokens.SyntaxError(), c.message) << c.text;
  }
}

TEST(ReservedWords, InAnyCase) {
  for (const std::string_view word : {"ABORT", "abOrt", "name", "Status", "ZONE", "of", "AUTHORIZATION"}) {
    EXPECT_TRUE(IsReservedWord(word)) << word;
  }
  for (const std::string_view word : {"", "a", "pk", "pks", "ABORTED", "zon", "averyveryverylongname", "na\xC3\xAF"}) {
    EXPECT_FALSE(IsReservedWord(word)) << word;
  }
}

}  // namespace
}  // namespace insula::expression
