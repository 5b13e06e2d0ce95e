// The parser of statements, in three files by what they read: statements, conditions, values.
//
// A function returns false after a syntax error, which fatal_ then holds. Other errors (aliases, unknown functions,
// values out of range …) are noted, and the first of them is reported once the whole text is known to be well formed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/partiql/lexer.h"
#include "expression/partiql/statement.h"

namespace insula::partiql {

inline constexpr int kValueDepthMax = 31;  // of elements within an attribute, which is the first of 32 levels
inline constexpr int kParenthesesDepthMax = 200;

class Parser {
 public:
  Parser(std::vector<Token> tokens, const std::vector<AttributeValue>& parameters)
      : tokens_(std::move(tokens)), parameters_(parameters) {}

  Result<Statement> Run();

 private:
  // What was read where an operand or a condition may stand.
  struct Term {
    enum class Kind { kPath, kConstant, kSize, kCondition, kMissing, kMisuse };
    Kind kind = Kind::kMisuse;
    expression::DocumentPath path;
    expression::Constant constant;
    expression::SizeOf size;
    expression::ConditionNode condition;
    bool may_be_condition() const { return kind == Kind::kCondition || kind == Kind::kMisuse; }
    std::optional<AttributeType> type() const;
  };

  // --- Tokens and errors
  const Token& token() const { return tokens_[position_]; }
  const Token& Peek(std::size_t n = 1) const { return tokens_[std::min(position_ + n, tokens_.size() - 1)]; }
  bool AtKeyword(std::string_view keyword) const { return token().IsKeyword(keyword); }
  bool AtSymbol(std::string_view symbol) const { return token().Is(symbol); }
  bool AtEnd() const { return token().kind == TokenKind::kEnd; }
  bool AtWord(std::string_view word) const;  // an unquoted word in any case, keyword or not
  void Advance() {
    if (!AtEnd()) ++position_;
  }
  bool TakeKeyword(std::string_view keyword);
  bool TakeSymbol(std::string_view symbol);
  bool Fail(std::string_view detail);  // a syntax error; returns false
  bool Leftover() { return Fail("Unexpected token after expression"); }
  bool UnexpectedTerm();           // where an operand must start, by what is there instead
  void Note(std::string message);  // any other error; the first is kept

  // --- Statements (parser.cc)
  bool ParseStatement(Statement* out);
  bool ParseSelect(SelectStatement* out);
  bool ParseColumns(SelectStatement* out);
  bool ParseOrder(SelectStatement* out);
  bool ParseInsert(InsertStatement* out);
  bool ParseUpdate(UpdateStatement* out);
  bool ParseFromFirst(UpdateStatement* out);
  bool ParseDelete(DeleteStatement* out);
  bool ParseExists(ExistsStatement* out);
  bool ParseBareExpression();
  bool ParseSource(bool select, Source* out);
  bool ParseWrittenTable(Source* out);
  bool ParseWhere(Where* out);
  bool ParseReturning(Returning* out);
  bool ParseActions(expression::UpdateNode* out);
  bool ParseSet(expression::UpdateNode* out);
  bool ParseEnd();
  void CheckPaths(const expression::UpdateNode& update);

  // --- Conditions (parse_condition.cc)
  bool ParseOr(Term* out);
  bool ParseAnd(Term* out);
  bool ParseNot(Term* out);
  bool ParsePredicate(Term* out);
  bool ParseComparison(expression::Comparator comparator, Term* out);
  bool ParseBetween(bool negated, Term* out);
  bool ParseIn(bool negated, Term* out);
  bool ParseIs(Term* out);
  bool ParseOperand(Term* out);
  bool ParseFunction(Term* out);
  void MakeFunction(const Token& name, std::string_view function, std::vector<Term>* operands, Term* out);
  expression::ConditionNode ToCondition(Term* term);
  expression::Operand ToOperand(Term* term);
  void CheckOrdered(std::string_view name, const Term& term);
  static void SetCondition(bool negated, expression::ConditionNode condition, Term* out);

  // --- Values and paths (parse_value.cc)
  bool AtValue() const;
  bool ParseValue(const std::string& where, int depth, AttributeValue* out);
  bool ParseNumber(bool negative, const std::string& where, AttributeValue* out);
  bool ParseList(std::string_view close, const std::string& where, int depth, AttributeValue* out);
  bool ParseStruct(const std::string& where, int depth, AttributeValue* out);
  bool ParseBag(const std::string& where, int depth, AttributeValue* out);
  bool ParseParameter(AttributeValue* out);
  bool ParsePath(expression::DocumentPath* out);
  bool ParseSetValue(const expression::DocumentPath& target, expression::UpdateNode* out);
  bool ParseSetTerm(expression::SetValue* out);
  bool ParseSetFunction(const expression::DocumentPath& target, expression::UpdateNode* out);

  std::vector<Token> tokens_;
  const std::vector<AttributeValue>& parameters_;
  std::size_t position_ = 0;
  std::size_t next_parameter_ = 0;
  int depth_ = 0;
  std::optional<Error> fatal_;
  std::optional<std::string> noted_;
  bool noted_of_columns_ = false;
};

// `word` in small letters.
std::string Lower(std::string_view word);
bool EqualsIgnoringCase(std::string_view a, std::string_view lower);

}  // namespace insula::partiql
