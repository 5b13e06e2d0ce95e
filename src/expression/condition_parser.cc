#include "expression/condition_parser.h"

#include "expression/operand_checks.h"
#include "expression/parser_base.h"

namespace insula::expression {
namespace {

// What was read where an operand or a condition may be: until the next token is seen, "f(x)" and "(a)" can be
// either.
struct Term {
  enum class Kind { kPath, kConstant, kSize, kConditionFunction, kUnknownFunction, kCondition };

  Kind kind = Kind::kCondition;
  DocumentPath path;            // kPath
  Constant constant;            // kConstant
  SizeOf size;                  // kSize
  ConditionNode condition;      // kConditionFunction, kCondition
  std::string_view function;    // the name as written, of the three kinds of functions
  bool in_parentheses = false;  // these are the outermost part of it

  bool is_function() const {
    return kind == Kind::kSize || kind == Kind::kConditionFunction || kind == Kind::kUnknownFunction;
  }
  bool is_plain_operand() const { return kind == Kind::kPath || kind == Kind::kConstant; }
  bool may_be_operand() const { return kind != Kind::kCondition; }

  // The type it is known to have before any item is seen.
  std::optional<AttributeType> type() const {
    if (kind == Kind::kConstant) return constant->type();
    if (kind == Kind::kSize) return AttributeType::kN;
    if (kind == Kind::kConditionFunction) return AttributeType::kBool;
    return std::nullopt;
  }
};

Operand ToOperand(Term term) {
  switch (term.kind) {
    case Term::Kind::kPath:
      return std::move(term.path);
    case Term::Kind::kConstant:
      return std::move(term.constant);
    case Term::Kind::kSize:
      return std::move(term.size);
    default:  // a misuse that has been noted; the tree will not be used
      return Constant::Of(AttributeValue());
  }
}

std::optional<Comparator> ComparatorOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual:
      return Comparator::kEqual;
    case TokenKind::kNotEqual:
      return Comparator::kNotEqual;
    case TokenKind::kLess:
      return Comparator::kLess;
    case TokenKind::kLessOrEqual:
      return Comparator::kLessOrEqual;
    case TokenKind::kGreater:
      return Comparator::kGreater;
    case TokenKind::kGreaterOrEqual:
      return Comparator::kGreaterOrEqual;
    default:
      return std::nullopt;
  }
}

class ConditionParser : public ParserBase {
 public:
  ConditionParser(std::string_view text, Placeholders& placeholders, std::string_view which)
      : ParserBase(text, placeholders, which) {}

  Result<std::unique_ptr<const ConditionNode>> Parse(std::string_view text) {
    if (auto message = CheckText(text)) return MakeError(*message);
    Term term;
    if (!ParseOr(&term) || !ParseEnd(&term)) return MakeError(*fatal_);
    ConditionNode root = ToCondition(&term);
    if (auto message = FirstInOrder()) return MakeError(*message);
    return std::unique_ptr<const ConditionNode>(std::make_unique<ConditionNode>(std::move(root)));
  }

 private:
  bool IsKeyword(std::string_view identifier) const override {
    return EqualsKeyword(identifier, "AND") || EqualsKeyword(identifier, "OR") || EqualsKeyword(identifier, "NOT") ||
           EqualsKeyword(identifier, "IN") || EqualsKeyword(identifier, "BETWEEN");
  }

  std::optional<std::string> FirstInOrder() const {
    if (redundant_parentheses_) return "The expression has redundant parentheses;";
    if (too_many_operators_) return TooManyOperators();
    for (const FirstError* error : {&unknown_function_, &misused_function_, &reserved_, &path_, &clause_}) {
      if (error->has_value()) return error->get();
    }
    return std::nullopt;
  }

  bool ParseEnd(Term* term) {
    if (!tokens_.at_end() || term->is_plain_operand()) return SyntaxError();
    return true;
  }

  bool ParseOr(Term* out) {
    if (!ParseAnd(out)) return false;
    if (!tokens_.AtKeyword("OR")) return true;
    OrNode node;
    do {
      if (!ParseChainLink(out, &node.terms)) return false;
      if (!ParseAnd(out)) return false;
    } while (tokens_.AtKeyword("OR"));
    return FinishChain(out, std::move(node));
  }

  bool ParseAnd(Term* out) {
    if (!ParseNot(out)) return false;
    if (!tokens_.AtKeyword("AND")) return true;
    AndNode node;
    do {
      if (!ParseChainLink(out, &node.terms)) return false;
      if (!ParseNot(out)) return false;
    } while (tokens_.AtKeyword("AND"));
    return FinishChain(out, std::move(node));
  }

  // At AND or OR: what was before it joins the chain.
  bool ParseChainLink(Term* before, std::vector<ConditionNode>* terms) {
    if (before->is_plain_operand()) return SyntaxError();
    terms->push_back(ToCondition(before));
    CountOperator();
    tokens_.Advance();
    *before = Term();
    return true;
  }

  template <class Node>
  bool FinishChain(Term* out, Node node) {
    if (out->is_plain_operand()) return SyntaxError();
    node.terms.push_back(ToCondition(out));
    *out = Term();
    out->condition.node = std::move(node);
    return true;
  }

  bool ParseNot(Term* out) {
    if (!tokens_.AtKeyword("NOT")) return ParsePrimary(out);
    const DepthScope scope(&depth_);
    if (depth_ > kParseDepthMax) return Fatal(TooManyOperators());
    CountOperator();
    tokens_.Advance();
    Term term;
    if (!ParseNot(&term)) return false;
    if (term.is_plain_operand()) return SyntaxError();
    NotNode node{std::make_unique<ConditionNode>(ToCondition(&term))};
    *out = Term();
    out->condition.node = std::move(node);
    return true;
  }

  bool ParsePrimary(Term* out) {
    if (!ParseTerm(out)) return false;
    if (!out->may_be_operand()) return true;
    if (const auto comparator = ComparatorOf(tokens_.kind())) return ParseComparison(*comparator, out);
    if (tokens_.AtKeyword("BETWEEN")) return ParseBetween(out);
    if (tokens_.AtKeyword("IN")) return ParseIn(out);
    return true;
  }

  bool ParseComparison(Comparator comparator, Term* out) {
    const std::string_view name = tokens_.token().text;
    CountOperator();
    tokens_.Advance();
    Term right;
    if (!ParseOperand(&right)) return false;
    CheckNotMisused(*out);
    CheckNotMisused(right);
    CheckDistinct(name, *out, right);
    if (comparator != Comparator::kEqual && comparator != Comparator::kNotEqual) {
      CheckOrdered(name, *out);
      CheckOrdered(name, right);
    }
    FoldClause();
    ComparisonNode node{comparator, ToOperand(std::move(*out)), ToOperand(std::move(right))};
    *out = Term();
    out->condition.node = std::move(node);
    return true;
  }

  bool ParseBetween(Term* out) {
    CountOperator();
    tokens_.Advance();
    Term low;
    Term high;
    if (!ParseOperand(&low)) return false;
    if (!tokens_.AtKeyword("AND")) return SyntaxError();
    tokens_.Advance();
    if (!ParseOperand(&high)) return false;
    for (const Term* term :
         {static_cast<const Term*>(out), static_cast<const Term*>(&low), static_cast<const Term*>(&high)}) {
      CheckNotMisused(*term);
      CheckOrdered("BETWEEN", *term);
    }
    // A message shows the bounds, which may be large, and the first is the one that counts.
    if (low.kind == Term::Kind::kConstant && high.kind == Term::Kind::kConstant && !operand_type_.has_value()) {
      if (auto message = CheckBetweenBounds(*low.constant, *high.constant)) operand_type_.Set(std::move(*message));
    }
    FoldClause();
    BetweenNode node{ToOperand(std::move(*out)), ToOperand(std::move(low)), ToOperand(std::move(high))};
    *out = Term();
    out->condition.node = std::move(node);
    return true;
  }

  bool ParseIn(Term* out) {
    CountOperator();
    tokens_.Advance();
    std::vector<Term> candidates;
    if (!ParseOperandList(&candidates)) return false;
    CheckNotMisused(*out);
    InNode node;
    for (Term& candidate : candidates) {
      CheckNotMisused(candidate);
      CheckDistinct("IN", *out, candidate);
      node.candidates.push_back(ToOperand(std::move(candidate)));
    }
    if (node.candidates.size() > kInOperandsMax) operand_count_.Set(TooManyInOperands(node.candidates.size()));
    FoldClause();
    node.value = ToOperand(std::move(*out));
    *out = Term();
    out->condition.node = std::move(node);
    return true;
  }

  // '(' operand (',' operand)* ')'
  bool ParseOperandList(std::vector<Term>* operands) {
    if (!Expect(TokenKind::kOpenParen)) return false;
    while (true) {
      operands->emplace_back();
      if (!ParseOperand(&operands->back())) return false;
      if (tokens_.kind() != TokenKind::kComma) break;
      tokens_.Advance();
    }
    return Expect(TokenKind::kCloseParen);
  }

  bool ParseOperand(Term* out) {
    if (tokens_.kind() != TokenKind::kOpenParen) return ParseSimpleOperand(out);
    const DepthScope scope(&depth_);
    if (depth_ > kParseDepthMax) return Fatal("The expression has redundant parentheses;");
    tokens_.Advance();
    if (!ParseOperand(out)) return false;
    return CloseParentheses(out);
  }

  // An operand, or a condition in parentheses.
  bool ParseTerm(Term* out) {
    if (tokens_.kind() != TokenKind::kOpenParen) return ParseSimpleOperand(out);
    const DepthScope scope(&depth_);
    if (depth_ > kParseDepthMax) return Fatal("The expression has redundant parentheses;");
    tokens_.Advance();
    if (!ParseOr(out)) return false;
    return CloseParentheses(out);
  }

  bool CloseParentheses(Term* out) {
    if (!Expect(TokenKind::kCloseParen)) return false;
    if (out->in_parentheses) redundant_parentheses_ = true;
    out->in_parentheses = true;
    if (out->kind == Term::Kind::kPath &&
        (tokens_.kind() == TokenKind::kDot || tokens_.kind() == TokenKind::kOpenBracket)) {
      out->in_parentheses = false;
      return ParsePathSuffix(&out->path);
    }
    return true;
  }

  bool ParseSimpleOperand(Term* out) {
    if (tokens_.kind() == TokenKind::kValuePlaceholder) {
      out->kind = Term::Kind::kConstant;
      return ParseValue(&out->constant);
    }
    if (!AtPathStart()) return SyntaxError();
    if (tokens_.kind() == TokenKind::kIdentifier && tokens_.Peek().kind == TokenKind::kOpenParen) {
      return ParseFunction(out);
    }
    out->kind = Term::Kind::kPath;
    return ParsePath(&out->path);
  }

  bool ParseFunction(Term* out) {
    const DepthScope scope(&depth_);
    if (depth_ > kParseDepthMax) return Fatal(TooManyOperators());
    CountOperator();
    out->function = tokens_.token().text;
    tokens_.Advance();
    std::vector<Term> operands;
    if (!ParseOperandList(&operands)) return false;
    for (const Term& operand : operands) CheckNotMisused(operand);

    out->kind = Term::Kind::kUnknownFunction;
    const FunctionTraits* function = FindFunction(out->function);
    if (function == nullptr) {
      unknown_function_.Set((IsUpdateFunction(out->function)
                                 ? "The function is not allowed in a condition expression; function: "
                                 : "Invalid function name; function: ") +
                            std::string(out->function));
      return true;
    }
    if (operands.size() != function->operands) {
      operand_count_.Set("Incorrect number of operands for operator or function; operator or function: " +
                         std::string(function->name) + ", number of operands: " + std::to_string(operands.size()));
      return true;
    }
    if (operands.size() == 2) CheckDistinct(function->name, operands[0], operands[1]);
    MakeFunction(function->name, &operands, out);
    return true;
  }

  // Precondition: the number of operands is right. After an operand of the wrong type it stays an unknown function.
  void MakeFunction(std::string_view name, std::vector<Term>* operands, Term* out) {
    Term& first = operands->front();
    if (name == "size") {
      const auto type = first.type();
      if (type == AttributeType::kN || type == AttributeType::kBool || type == AttributeType::kNull) {
        operand_type_.Set(IncorrectOperandType(name, NameOf(*type)));
      }
      out->kind = Term::Kind::kSize;
      if (first.kind == Term::Kind::kPath) {
        out->size.of = std::move(first.path);
      } else {
        out->size.of = first.kind == Term::Kind::kConstant ? std::move(first.constant) : Constant::Of(AttributeValue());
      }
      return;
    }
    out->kind = Term::Kind::kConditionFunction;
    if (name == "attribute_exists" || name == "attribute_not_exists") {
      if (first.kind != Term::Kind::kPath) {
        operand_type_.Set("Operator or function requires a document path; operator or function: " + std::string(name));
      }
      out->condition.node = ExistsNode{std::move(first.path), name == "attribute_not_exists"};
    } else if (name == "attribute_type") {
      TypeNode node{ToOperand(std::move(first)), AttributeType::kNull};
      const Term& type = operands->back();
      auto parsed = ParseTypeOperand(type.kind == Term::Kind::kConstant ? &*type.constant : nullptr, type.type());
      if (parsed.ok()) {
        node.type = *parsed;
      } else {
        operand_type_.Set(parsed.error().message());
      }
      out->condition.node = std::move(node);
    } else if (name == "begins_with") {
      for (const Term& operand : *operands) {
        const auto type = operand.type();
        if (type && type != AttributeType::kS && type != AttributeType::kB) {
          operand_type_.Set(IncorrectOperandType(name, NameOf(*type)));
        }
      }
      out->condition.node = BeginsWithNode{ToOperand(std::move(first)), ToOperand(std::move(operands->back()))};
    } else {
      out->condition.node = ContainsNode{ToOperand(std::move(first)), ToOperand(std::move(operands->back()))};
    }
  }

  // Where a condition is needed: a function that is none is a misuse. Ends the clause of a function.
  ConditionNode ToCondition(Term* term) {
    if (term->kind == Term::Kind::kSize) Misused(*term);
    if (term->is_function()) FoldClause();
    return std::move(term->condition);
  }

  // Where an operand is needed: size is the only function allowed.
  void CheckNotMisused(const Term& term) {
    if (term.is_function() && term.function != "size") Misused(term);
  }
  void Misused(const Term& term) { misused_function_.Set(MisusedFunction(term.function)); }

  void CheckDistinct(std::string_view name, const Term& first, const Term& other) {
    if (distinct_.has_value()) return;
    if (first.kind != Term::Kind::kPath || other.kind != Term::Kind::kPath || first.path != other.path) return;
    distinct_.Set(
        "The first operand must be distinct from the remaining operands for this operator or function; operator: " +
        std::string(name) + ", first operand: " + ToString(first.path));
  }

  void CheckOrdered(std::string_view name, const Term& term) {
    if (term.kind == Term::Kind::kConstant && !IsOrderedType(term.constant->type())) {
      operand_type_.Set(IncorrectOperandType(name, NameOf(term.constant->type())));
    }
  }

  // The end of a comparison or function: the first clause with an error decides what is reported.
  void FoldClause() {
    if (clause_.has_value()) return;
    const FirstError* first = &undefined_value_;
    const FirstError* second = &undefined_name_;
    if (name_undefined_first_) std::swap(first, second);
    for (const FirstError* error :
         {first, second, static_cast<const FirstError*>(&operand_count_), static_cast<const FirstError*>(&distinct_),
          static_cast<const FirstError*>(&operand_type_)}) {
      if (error->has_value()) clause_.Set(*error->get());
    }
  }

  bool redundant_parentheses_ = false;
  FirstError unknown_function_;
  FirstError misused_function_;
  FirstError clause_;
  // Of the clause being read.
  FirstError operand_count_;
  FirstError distinct_;
  FirstError operand_type_;
};

}  // namespace

Result<std::unique_ptr<const ConditionNode>> ParseCondition(std::string_view text, Placeholders& placeholders,
                                                            std::string_view which) {
  return ConditionParser(text, placeholders, which).Parse(text);
}

}  // namespace insula::expression
