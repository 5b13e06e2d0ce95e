// The parser of update expressions:
//
//   update   := section+                          each of the four at most once
//   section  := 'SET' set (',' set)* | 'REMOVE' path (',' path)*
//             | 'ADD' path value (',' path value)* | 'DELETE' path value (',' path value)*
//   set      := path '=' ( '(' sum ')' | sum )
//   sum      := operand (('+' | '-') operand)?
//   operand  := '(' operand ')' | path | value | function
//   function := identifier '(' operand (',' operand)* ')'
//
// Reported in DynamoDB's order after the whole text is read: reserved words, functions that aren't for here, repeated
// sections, undefined names, undefined values, overlapping paths, conflicting paths, operands of ADD and DELETE,
// operands of functions.
#include "expression/update_parser.h"

#include <algorithm>

#include "expression/operand_checks.h"
#include "expression/parser_base.h"

namespace insula::expression {
namespace {

// The type a value is known to have before any item is seen, where messages depend on it.
std::optional<AttributeType> ConstantType(const SetValue& value) {
  const auto* constant = std::get_if<Constant>(&value);
  return constant != nullptr ? std::optional((*constant)->type()) : std::nullopt;
}

// A list_append stands by itself: it is no operand of another function, nor of a sum.
bool IsListAppend(const SetValue& value) { return std::holds_alternative<std::unique_ptr<ListAppendNode>>(value); }

std::string_view LongNameOf(AttributeType type) {
  switch (type) {
    case AttributeType::kS:
      return "STRING";
    case AttributeType::kN:
      return "NUMBER";
    case AttributeType::kB:
      return "BINARY";
    case AttributeType::kNull:
      return "NULL";
    case AttributeType::kL:
      return "LIST";
    case AttributeType::kM:
      return "MAP";
    default:
      return NameOf(type);
  }
}

bool IsSet(AttributeType type) {
  return type == AttributeType::kSS || type == AttributeType::kNS || type == AttributeType::kBS;
}

class UpdateParser : public ParserBase {
 public:
  UpdateParser(std::string_view text, Placeholders& placeholders)
      : ParserBase(text, placeholders, "UpdateExpression") {}

  Result<std::unique_ptr<const UpdateNode>> Parse(std::string_view text) {
    if (auto message = CheckText(text)) return MakeError(*message);
    do {
      if (!ParseSection()) return MakeError(*fatal_);
    } while (!tokens_.at_end());
    if (auto message = FirstInOrder()) return MakeError(*message);
    return std::unique_ptr<const UpdateNode>(std::make_unique<UpdateNode>(std::move(node_)));
  }

 private:
  enum Section : std::size_t { kSet, kRemove, kAdd, kDelete };
  static constexpr std::string_view kSections[] = {"SET", "REMOVE", "ADD", "DELETE"};

  bool IsKeyword(std::string_view identifier) const override {
    for (const std::string_view section : kSections) {
      if (EqualsKeyword(identifier, section)) return true;
    }
    return false;
  }

  std::optional<std::string> FirstInOrder() const {
    for (const FirstError* error :
         {&reserved_, &path_, &misplaced_function_, &repeated_section_, &undefined_name_, &undefined_value_}) {
      if (error->has_value()) return error->get();
    }
    std::vector<const DocumentPath*> paths;
    paths.reserve(node_.actions.size());
    for (const auto& action : node_.actions) paths.push_back(&PathOf(action));
    if (auto message = CheckPathsDisjoint(paths)) return message;
    if (set_operand_.has_value()) return set_operand_.get();
    if (operand_.has_value()) return operand_.get();
    if (too_many_operators_) return TooManyOperators();
    return std::nullopt;
  }

  bool ParseSection() {
    for (std::size_t section = 0; section < std::size(kSections); ++section) {
      if (!tokens_.AtKeyword(kSections[section])) continue;
      tokens_.Advance();
      if (seen_[section]) {
        repeated_section_.Set("The \"" + std::string(kSections[section]) +
                              "\" section can only be used once in an update expression;");
      }
      seen_[section] = true;
      return ParseActions(static_cast<Section>(section));
    }
    return SyntaxError();
  }

  bool ParseActions(Section section) {
    while (true) {
      DocumentPath path;
      if (!ParsePath(&path)) return false;
      if (section == kSet) {
        SetValue value;
        if (!Expect(TokenKind::kEqual) || !ParseSetValue(&value)) return false;
        node_.actions.emplace_back(SetAction{std::move(path), std::move(value)});
      } else if (section == kRemove) {
        node_.actions.emplace_back(RemoveAction{std::move(path)});
      } else {
        if (tokens_.kind() != TokenKind::kValuePlaceholder) return SyntaxError();
        Constant value;
        if (!ParseValue(&value)) return false;
        CheckSetOperand(kSections[section], section == kAdd, value->type());
        if (section == kAdd) {
          node_.actions.emplace_back(AddAction{std::move(path), std::move(value)});
        } else {
          node_.actions.emplace_back(DeleteAction{std::move(path), std::move(value)});
        }
      }
      if (tokens_.kind() != TokenKind::kComma) return true;
      tokens_.Advance();
    }
  }

  // DynamoDB names the set of types of ADD for DELETE, too.
  void CheckSetOperand(std::string_view name, bool number_allowed, AttributeType type) {
    if (IsSet(type) || (number_allowed && type == AttributeType::kN)) return;
    set_operand_.Set("Incorrect operand type for operator or function; operator: " + std::string(name) +
                     ", operand type: " + std::string(LongNameOf(type)) + ", typeSet: ALLOWED_FOR_ADD_OPERAND");
  }

  bool ParseSetValue(SetValue* out) {
    if (tokens_.kind() != TokenKind::kOpenParen) return ParseSum(out);
    // One pair of parentheses may hold a whole sum, or only its first operand.
    tokens_.Advance();
    if (!ParseSum(out) || !Expect(TokenKind::kCloseParen)) return false;
    if (tokens_.kind() != TokenKind::kPlus && tokens_.kind() != TokenKind::kMinus) return true;
    if (std::holds_alternative<std::unique_ptr<ArithmeticNode>>(*out)) return SyntaxError();
    return ParseSumRest(out);
  }

  bool ParseSum(SetValue* out) {
    if (!ParseOperand(out)) return false;
    if (tokens_.kind() != TokenKind::kPlus && tokens_.kind() != TokenKind::kMinus) return true;
    return ParseSumRest(out);
  }

  bool ParseSumRest(SetValue* out) {
    auto node = std::make_unique<ArithmeticNode>();
    node->subtract = tokens_.kind() == TokenKind::kMinus;
    const std::string_view name = tokens_.token().text;
    CountOperator();
    tokens_.Advance();
    node->left = std::move(*out);
    if (!ParseOperand(&node->right)) return false;
    if (IsListAppend(node->left) || IsListAppend(node->right)) misplaced_function_.Set(MisusedFunction("list_append"));
    CheckOperandType(name, AttributeType::kN, node->left);
    CheckOperandType(name, AttributeType::kN, node->right);
    *out = std::move(node);
    return true;
  }

  bool ParseOperand(SetValue* out) {
    const DepthScope scope(&depth_);
    if (depth_ > kParseDepthMax) return Fatal(TooManyOperators());
    if (tokens_.kind() == TokenKind::kOpenParen) {
      tokens_.Advance();
      return ParseOperand(out) && Expect(TokenKind::kCloseParen);
    }
    if (tokens_.kind() == TokenKind::kValuePlaceholder) {
      Constant value;
      if (!ParseValue(&value)) return false;
      *out = std::move(value);
      return true;
    }
    if (!AtPathStart()) return SyntaxError();
    if (tokens_.kind() == TokenKind::kIdentifier && tokens_.Peek().kind == TokenKind::kOpenParen) {
      return ParseFunction(out);
    }
    DocumentPath path;
    if (!ParsePath(&path)) return false;
    *out = std::move(path);
    return true;
  }

  bool ParseFunction(SetValue* out) {
    CountOperator();
    const std::string name(tokens_.token().text);
    tokens_.Advance();
    if (!Expect(TokenKind::kOpenParen)) return false;
    std::vector<SetValue> operands;
    while (true) {
      operands.emplace_back();
      if (!ParseOperand(&operands.back())) return false;
      if (tokens_.kind() != TokenKind::kComma) break;
      tokens_.Advance();
    }
    if (!Expect(TokenKind::kCloseParen)) return false;

    if (std::ranges::any_of(operands, IsListAppend)) misplaced_function_.Set(MisusedFunction("list_append"));

    const bool if_not_exists = name == "if_not_exists";
    *out = Constant::Of(AttributeValue::L({}));  // stands in where there is an error
    if (!IsUpdateFunction(name)) {
      misplaced_function_.Set((FindFunction(name) != nullptr
                                   ? "The function is not allowed in an update expression; function: "
                                   : "Invalid function name; function: ") +
                              name);
    } else if (operands.size() != 2) {
      operand_.Set("Incorrect number of operands for operator or function; operator or function: " + name +
                   ", number of operands: " + std::to_string(operands.size()));
    } else if (if_not_exists) {
      auto* path = std::get_if<DocumentPath>(&operands[0]);
      if (path == nullptr) {
        operand_.Set("Operator or function requires a document path; operator or function: " + name);
        return true;
      }
      *out = std::make_unique<IfNotExistsNode>(IfNotExistsNode{std::move(*path), std::move(operands[1])});
    } else {
      CheckOperandType(name, AttributeType::kL, operands[0]);
      CheckOperandType(name, AttributeType::kL, operands[1]);
      *out = std::make_unique<ListAppendNode>(ListAppendNode{std::move(operands[0]), std::move(operands[1])});
    }
    return true;
  }

  void CheckOperandType(std::string_view name, AttributeType expected, const SetValue& operand) {
    const auto type = ConstantType(operand);
    if (type && *type != expected) operand_.Set(IncorrectOperandType(name, NameOf(*type)));
  }

  UpdateNode node_;
  bool seen_[std::size(kSections)] = {};
  FirstError misplaced_function_;  // there is none of the name, or it isn't for here
  FirstError repeated_section_;
  FirstError set_operand_;  // of ADD and DELETE
  FirstError operand_;      // of functions and arithmetic
};

}  // namespace

const DocumentPath& PathOf(const UpdateAction& action) {
  return std::visit([](const auto& a) -> const DocumentPath& { return a.path; }, action);
}

Result<std::unique_ptr<const UpdateNode>> ParseUpdate(std::string_view text, Placeholders& placeholders) {
  return UpdateParser(text, placeholders).Parse(text);
}

}  // namespace insula::expression
