// WHERE clauses:
//
//   or        := and ('OR' and)*
//   and       := not ('AND' not)*
//   not       := 'NOT' not | predicate
//   predicate := operand ( comparator operand | 'NOT'? 'BETWEEN' operand 'AND' operand | 'NOT'? 'IN' list
//                        | 'IS' 'NOT'? type )?
//   operand   := '(' or ')' | value | path | function '(' operands ')'
#include "base/enum_names.h"
#include "expression/operand_checks.h"
#include "expression/partiql/parser_impl.h"

namespace insula::partiql {

using expression::Comparator;
using expression::ConditionNode;
using expression::Constant;
using expression::Operand;

namespace {

struct Depth {
  explicit Depth(int* depth) : depth_(depth) { ++*depth_; }
  ~Depth() { --*depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  int* depth_;
};

std::optional<Comparator> ComparatorOf(const Token& token) {
  if (token.Is("=")) return Comparator::kEqual;
  if (token.Is("<>") || token.Is("!=")) return Comparator::kNotEqual;
  if (token.Is("<")) return Comparator::kLess;
  if (token.Is("<=")) return Comparator::kLessOrEqual;
  if (token.Is(">")) return Comparator::kGreater;
  if (token.Is(">=")) return Comparator::kGreaterOrEqual;
  return std::nullopt;
}

ConditionNode Negate(ConditionNode condition) {
  ConditionNode out;
  out.node = expression::NotNode{std::make_unique<ConditionNode>(std::move(condition))};
  return out;
}

// The types that a type's name after IS stands for; none for a name DynamoDB has no values of; nullopt for a word
// that is no type.
std::optional<std::vector<AttributeType>> TypesNamed(std::string_view name) {
  static constexpr struct {
    std::string_view names;
    std::string_view types;
  } kTypes[] = {
      {" bool boolean ", "BOOL"},
      {" string symbol char character varchar character_varying text ", "S"},
      {" int integer smallint int2 int4 int8 bigint integer2 integer4 integer8 float real double_precision decimal dec "
       "numeric number ",
       "N"},
      {" blob clob binary ", "B"},
      {" list ", "L"},
      {" struct tuple map ", "M"},
      {" null ", "NULL"},
      {" date time timestamp sexp any ", ""},
  };
  const std::string padded = " " + std::string(name) + " ";
  if (name == "bag") return std::vector<AttributeType>{AttributeType::kSS, AttributeType::kNS, AttributeType::kBS};
  for (const auto& [names, types] : kTypes) {
    if (names.find(padded) == std::string_view::npos) continue;
    if (types.empty()) return std::vector<AttributeType>{};
    return std::vector<AttributeType>{*FromName<AttributeType>(types)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<AttributeType> Parser::Term::type() const {
  if (kind == Kind::kConstant) return constant->type();
  if (kind == Kind::kSize) return AttributeType::kN;
  return std::nullopt;
}

void Parser::SetCondition(bool negated, ConditionNode condition, Term* out) {
  *out = Term();
  out->kind = Term::Kind::kCondition;
  out->condition = negated ? Negate(std::move(condition)) : std::move(condition);
}

bool Parser::ParseOr(Term* out) {
  if (!ParseAnd(out)) return false;
  if (!AtKeyword("OR")) return true;
  expression::OrNode node;
  node.terms.push_back(ToCondition(out));
  while (TakeKeyword("OR")) {
    if (AtEnd()) return Fail("Missing right-hand side expression of infix operator");
    Term term;
    if (!ParseAnd(&term)) return false;
    node.terms.push_back(ToCondition(&term));
  }
  ConditionNode condition;
  condition.node = std::move(node);
  SetCondition(false, std::move(condition), out);
  return true;
}

bool Parser::ParseAnd(Term* out) {
  if (!ParseNot(out)) return false;
  if (!AtKeyword("AND")) return true;
  expression::AndNode node;
  node.terms.push_back(ToCondition(out));
  while (TakeKeyword("AND")) {
    if (AtEnd()) return Fail("Missing right-hand side expression of infix operator");
    Term term;
    if (!ParseNot(&term)) return false;
    node.terms.push_back(ToCondition(&term));
  }
  ConditionNode condition;
  condition.node = std::move(node);
  SetCondition(false, std::move(condition), out);
  return true;
}

bool Parser::ParseNot(Term* out) {
  if (!TakeKeyword("NOT")) return ParsePredicate(out);
  const Depth depth(&depth_);
  if (depth_ > kParenthesesDepthMax) return Fail("");
  Term term;
  if (!ParseNot(&term)) return false;
  SetCondition(true, ToCondition(&term), out);
  return true;
}

bool Parser::ParsePredicate(Term* out) {
  if (!ParseOperand(out)) return false;
  while (true) {
    if (const auto comparator = ComparatorOf(token())) {
      if (!ParseComparison(*comparator, out)) return false;
    } else if (AtKeyword("BETWEEN") || (AtKeyword("NOT") && Peek().IsKeyword("BETWEEN"))) {
      if (!ParseBetween(TakeKeyword("NOT"), out)) return false;
    } else if (AtKeyword("IN") || (AtKeyword("NOT") && Peek().IsKeyword("IN"))) {
      if (!ParseIn(TakeKeyword("NOT"), out)) return false;
    } else if (AtKeyword("IS")) {
      if (!ParseIs(out)) return false;
    } else {
      return true;
    }
  }
}

bool Parser::ParseComparison(Comparator comparator, Term* out) {
  const std::string name = token().text;
  Advance();
  if (AtEnd()) return Fail("Missing right-hand side expression of infix operator");
  Term right;
  if (!ParseOperand(&right)) return false;
  if (out->kind == Term::Kind::kMissing || right.kind == Term::Kind::kMissing) {
    Note("MISSING must be compared using IS operator");
  }
  // A condition compared with true or false is the condition or its opposite.
  if (out->kind == Term::Kind::kCondition && right.kind == Term::Kind::kConstant) {
    const auto* expected = right.constant->As<bool>();
    if (expected != nullptr && (comparator == Comparator::kEqual || comparator == Comparator::kNotEqual)) {
      SetCondition(*expected != (comparator == Comparator::kEqual), std::move(out->condition), out);
      return true;
    }
  }
  if (comparator != Comparator::kEqual && comparator != Comparator::kNotEqual) {
    CheckOrdered(name, *out);
    CheckOrdered(name, right);
  }
  ConditionNode condition;
  condition.node = expression::ComparisonNode{comparator, ToOperand(out), ToOperand(&right)};
  SetCondition(false, std::move(condition), out);
  return true;
}

bool Parser::ParseBetween(bool negated, Term* out) {
  Advance();
  Term low;
  Term high;
  if (!ParseOperand(&low)) return false;
  if (!TakeKeyword("AND")) return Fail("Expected AND after BETWEEN");
  if (!ParseOperand(&high)) return false;
  CheckOrdered("BETWEEN", low);
  CheckOrdered("BETWEEN", high);
  if (low.kind == Term::Kind::kConstant && high.kind == Term::Kind::kConstant) {
    if (auto message = expression::CheckBetweenBounds(*low.constant, *high.constant)) Note(std::move(*message));
  }
  ConditionNode condition;
  condition.node = expression::BetweenNode{ToOperand(out), ToOperand(&low), ToOperand(&high)};
  SetCondition(negated, std::move(condition), out);
  return true;
}

bool Parser::ParseIn(bool negated, Term* out) {
  Advance();
  expression::InNode node;
  const bool brackets = AtSymbol("[");
  static constexpr std::string_view kForm =
      "IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with "
      "at least one member";
  if (!brackets && !AtSymbol("(")) {
    Term ignored;
    if (!ParseOperand(&ignored)) return false;
    Note(std::string(kForm));
  } else {
    Advance();
    const std::string_view close = brackets ? "]" : ")";
    while (!AtSymbol(close)) {
      Term candidate;
      if (!ParseOperand(&candidate)) return false;
      node.candidates.push_back(ToOperand(&candidate));
      if (!TakeSymbol(",") && !AtSymbol(close))
        return Fail(brackets ? "Expected RIGHT_BRACKET" : "Expected RIGHT_PAREN");
    }
    Advance();
    if (node.candidates.empty() || out->kind != Term::Kind::kPath) Note(std::string(kForm));
    if (node.candidates.size() > expression::kInOperandsMax) {
      Note(expression::TooManyInOperands(node.candidates.size()));
    }
  }
  node.value = ToOperand(out);
  ConditionNode condition;
  condition.node = std::move(node);
  SetCondition(negated, std::move(condition), out);
  return true;
}

bool Parser::ParseIs(Term* out) {
  Advance();
  const bool negated = TakeKeyword("NOT");
  std::string name = Lower(token().text);
  const bool word = token().kind == TokenKind::kIdentifier || token().kind == TokenKind::kKeyword;
  if (word && name == "double" && EqualsIgnoringCase(Peek().text, "precision")) {
    name = "double_precision";
    Advance();
  } else if (word && name == "character" && EqualsIgnoringCase(Peek().text, "varying")) {
    name = "character_varying";
    Advance();
  }
  const auto types = word ? TypesNamed(name) : std::nullopt;
  if (name != "missing" && !types) return Fail("Expected type name");
  Advance();

  ConditionNode condition;
  if (name == "missing") {
    if (out->kind != Term::Kind::kPath) Note("Unsupported operation: IsType");
    condition.node =
        expression::ExistsNode{out->kind == Term::Kind::kPath ? out->path : expression::DocumentPath{""}, true};
  } else if (types->size() == 1) {
    condition.node = expression::TypeNode{ToOperand(out), types->front()};
  } else {
    // Several types, or none (then nothing is of it).
    expression::InNode in;
    expression::OrNode any;
    const Operand operand = ToOperand(out);
    for (const AttributeType type : *types) {
      ConditionNode one;
      one.node = expression::TypeNode{operand, type};
      any.terms.push_back(std::move(one));
    }
    if (any.terms.empty()) {
      in.value = Constant::Of(AttributeValue::Bool(true));
      in.candidates.emplace_back(Constant::Of(AttributeValue::Bool(false)));
      condition.node = std::move(in);
    } else {
      condition.node = std::move(any);
    }
  }
  SetCondition(negated, std::move(condition), out);
  return true;
}

bool Parser::ParseOperand(Term* out) {
  if (AtSymbol("(")) {
    const Depth depth(&depth_);
    if (depth_ > kParenthesesDepthMax) return Fail("");
    Advance();
    if (!ParseOr(out)) return false;
    return TakeSymbol(")") || Fail("Expected RIGHT_PAREN");
  }
  if (AtKeyword("MISSING")) {
    Advance();
    out->kind = Term::Kind::kMissing;
    return true;
  }
  if (AtValue()) {
    AttributeValue value;
    if (!ParseValue("root", 0, &value)) return false;
    out->kind = Term::Kind::kConstant;
    out->constant = Constant::Of(std::move(value));
    return true;
  }
  const bool word = token().kind == TokenKind::kIdentifier || token().kind == TokenKind::kKeyword;
  if (word && Peek().Is("(") && !AtKeyword("SELECT") && !AtKeyword("AND") && !AtKeyword("OR") && !AtKeyword("IN")) {
    return ParseFunction(out);
  }
  if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) return UnexpectedTerm();
  out->kind = Term::Kind::kPath;
  return ParsePath(&out->path);
}

bool Parser::ParseFunction(Term* out) {
  const Depth depth(&depth_);
  if (depth_ > kParenthesesDepthMax) return Fail("");
  const Token name = token();
  const std::string function = Lower(name.text);
  Advance();
  Advance();
  std::vector<Term> operands;
  if (!AtSymbol(")")) {
    do {
      operands.emplace_back();
      if (!ParseOr(&operands.back())) return false;
    } while (TakeSymbol(","));
  }
  if (!TakeSymbol(")")) return Fail("Expected RIGHT_PAREN");
  MakeFunction(name, function, &operands, out);
  return true;
}

void Parser::MakeFunction(const Token& name, std::string_view function, std::vector<Term>* operands, Term* out) {
  *out = Term();
  const expression::FunctionTraits* traits = expression::FindFunction(function);
  if (traits == nullptr) {
    Note("Unrecognized function: " + std::string(function) + " at " + name.Position());
    return;
  }
  if (operands->size() != traits->operands) {
    Note("Incorrect number of operands for operator or function; operator or function: " + std::string(function) +
         ", number of operands: " + std::to_string(operands->size()));
    return;
  }
  Term& first = operands->front();
  if (function == "size") {
    const auto type = first.type();
    if (type == AttributeType::kN || type == AttributeType::kBool || type == AttributeType::kNull) {
      Note(expression::IncorrectOperandType(function, NameOf(*type)));
    }
    out->kind = Term::Kind::kSize;
    if (first.kind == Term::Kind::kPath) {
      out->size.of = std::move(first.path);
    } else {
      if (first.kind != Term::Kind::kConstant) Note("Unrecognized function: size at " + name.Position());
      out->size.of = first.kind == Term::Kind::kConstant ? first.constant : Constant::Of(AttributeValue());
    }
    return;
  }
  ConditionNode condition;
  if (function == "attribute_exists" || function == "attribute_not_exists") {
    if (first.kind != Term::Kind::kPath) {
      Note("Operator or function requires a document path; operator or function: " + std::string(function));
      return;
    }
    condition.node = expression::ExistsNode{std::move(first.path), function == "attribute_not_exists"};
  } else if (function == "attribute_type") {
    const Term& type = operands->back();
    const auto parsed = expression::ParseTypeOperand(
        type.kind == Term::Kind::kConstant ? type.constant.value.get() : nullptr, type.type());
    if (!parsed.ok()) {
      Note(parsed.error().message());
      return;
    }
    condition.node = expression::TypeNode{ToOperand(&first), *parsed};
  } else if (function == "begins_with") {
    for (const Term& operand : *operands) {
      const auto type = operand.type();
      if (type && type != AttributeType::kS && type != AttributeType::kB) {
        Note(expression::IncorrectOperandType(function, NameOf(*type)));
      }
    }
    condition.node = expression::BeginsWithNode{ToOperand(&first), ToOperand(&operands->back())};
  } else {
    condition.node = expression::ContainsNode{ToOperand(&first), ToOperand(&operands->back())};
  }
  SetCondition(false, std::move(condition), out);
}

void Parser::CheckOrdered(std::string_view name, const Term& term) {
  if (term.kind == Term::Kind::kConstant && !expression::IsOrderedType(term.constant->type())) {
    Note(expression::IncorrectOperandType(name, NameOf(term.constant->type())));
  }
}

// Where a condition is needed. A path or value that stands alone is compared with true.
ConditionNode Parser::ToCondition(Term* term) {
  ConditionNode out;
  switch (term->kind) {
    case Term::Kind::kCondition:
      return std::move(term->condition);
    case Term::Kind::kPath:
    case Term::Kind::kConstant:
    case Term::Kind::kSize:
      Note("Unsupported condition in where clause");
      break;
    case Term::Kind::kMissing:
      Note("MISSING must be compared using IS operator");
      break;
    case Term::Kind::kMisuse:
      break;
  }
  out.node = expression::ExistsNode{expression::DocumentPath{""}, false};
  return out;
}

Operand Parser::ToOperand(Term* term) {
  switch (term->kind) {
    case Term::Kind::kPath:
      return std::move(term->path);
    case Term::Kind::kConstant:
      return std::move(term->constant);
    case Term::Kind::kSize:
      return std::move(term->size);
    case Term::Kind::kCondition:
      Note("Unsupported nested condition in where clause");
      break;
    default:
      break;
  }
  return Constant::Of(AttributeValue());
}

}  // namespace insula::partiql
