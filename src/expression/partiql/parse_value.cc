// Literals, paths, and the right-hand sides of SET:
//
//   value := 'text' | number | 'TRUE' | 'FALSE' | 'NULL' | '?' | '[' values ']' | '{' 'key' ':' value … '}'
//          | '<<' strings or numbers '>>'
//   path  := name ('.' name | '[' digits ']')*
//   set   := term (('+' | '-') term)?     term := value | path | function '(' terms ')'
#include <algorithm>
#include <charconv>
#include <limits>

#include "expression/operand_checks.h"
#include "expression/partiql/parser_impl.h"

namespace insula::partiql {

using expression::Constant;
using expression::DocumentPath;
using expression::SetValue;

namespace {

constexpr std::string_view kTooDeep =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

// "[x, y]"
std::string Listed(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const std::string& element : elements) out += (out.size() > 1 ? ", " : "") + element;
  return out + "]";
}

}  // namespace

bool Parser::AtValue() const {
  switch (token().kind) {
    case TokenKind::kString:
    case TokenKind::kNumber:
    case TokenKind::kParameter:
      return true;
    case TokenKind::kKeyword:
      return AtKeyword("TRUE") || AtKeyword("FALSE") || AtKeyword("NULL");
    case TokenKind::kSymbol:
      if (AtSymbol("-") || AtSymbol("+")) return Peek().kind == TokenKind::kNumber;
      return AtSymbol("[") || AtSymbol("{") || AtSymbol("<<");
    default:
      return false;
  }
}

bool Parser::ParseValue(const std::string& where, int depth, AttributeValue* out) {
  if (depth > kValueDepthMax) {
    // Read on only as far as the syntax is cheap to follow.
    if (depth > 2 * kValueDepthMax) {
      fatal_ = ValidationError(std::string(kTooDeep));
      return false;
    }
    Note(std::string(kTooDeep));
  }
  if (token().kind == TokenKind::kString) {
    *out = AttributeValue::S(token().text);
    Advance();
    return true;
  }
  if (token().kind == TokenKind::kNumber) return ParseNumber(false, where, out);
  if (token().kind == TokenKind::kParameter) return ParseParameter(out);
  if ((AtSymbol("-") || AtSymbol("+")) && Peek().kind == TokenKind::kNumber) {
    const bool negative = AtSymbol("-");
    Advance();
    return ParseNumber(negative, where, out);
  }
  if (AtKeyword("TRUE") || AtKeyword("FALSE")) {
    *out = AttributeValue::Bool(AtKeyword("TRUE"));
    Advance();
    return true;
  }
  if (TakeKeyword("NULL")) {
    *out = AttributeValue::NullValue();
    return true;
  }
  if (AtSymbol("[")) return ParseList("]", where, depth, out);
  if (AtSymbol("{")) return ParseStruct(where, depth, out);
  if (AtSymbol("<<")) return ParseBag(where, depth, out);
  // A path, or the call of a function, is no value to store.
  const bool word = token().kind == TokenKind::kIdentifier || token().kind == TokenKind::kQuoted ||
                    token().kind == TokenKind::kKeyword;
  if (word && (token().kind != TokenKind::kKeyword || Peek().Is("("))) {
    Note("Unsupported data type: " + Lower(token().text) + " under key " + where + " at " + token().Position());
    Term ignored;
    return ParseOperand(&ignored);
  }
  return UnexpectedTerm();
}

bool Parser::ParseNumber(bool negative, const std::string& where, AttributeValue* out) {
  const auto number = Number::Parse((negative ? "-" : "") + token().text);
  if (number.ok()) {
    *out = AttributeValue::N(*number);
  } else {
    Note(number.error().message() + " under " + where);
  }
  Advance();
  return true;
}

bool Parser::ParseParameter(AttributeValue* out) {
  Advance();
  if (next_parameter_ < parameters_.size()) {
    *out = parameters_[next_parameter_++];
  } else {
    Note("Number of parameters in request and statement don't match.");
  }
  return true;
}

bool Parser::ParseList(std::string_view close, const std::string& where, int depth, AttributeValue* out) {
  Advance();
  AttributeList list;
  while (!AtSymbol(close)) {
    AttributeValue element;
    if (!ParseValue(where + "[" + std::to_string(list.size()) + "]", depth + 1, &element)) return false;
    list.push_back(std::move(element));
    if (!TakeSymbol(",")) break;
  }
  if (!TakeSymbol(close)) return Fail("Expected RIGHT_BRACKET");
  *out = AttributeValue::L(std::move(list));
  return true;
}

bool Parser::ParseStruct(const std::string& where, int depth, AttributeValue* out) {
  Advance();
  std::vector<AttributeMap::Entry> entries;
  while (!AtSymbol("}")) {
    if (token().kind != TokenKind::kString) return AtEnd() ? UnexpectedTerm() : Fail("Expected string literal as key");
    const std::string key = token().text;
    Advance();
    if (!TakeSymbol(":")) return Fail("Expected COLON");
    AttributeValue value;
    // The item of an INSERT has no name of its own: messages about its attributes' values start at each.
    if (!ParseValue(where.empty() ? "root" : where + "." + key, depth + (where.empty() ? 0 : 1), &value)) return false;
    entries.emplace_back(key, std::move(value));
    if (!TakeSymbol(",")) break;
  }
  if (!TakeSymbol("}")) return Fail("Expected RIGHT_CURLY");
  *out = AttributeValue::M(AttributeMap::FromUnsorted(std::move(entries)));
  return true;
}

bool Parser::ParseBag(const std::string& where, int depth, AttributeValue* out) {
  Advance();
  std::vector<AttributeValue> elements;
  while (!AtSymbol(">>")) {
    if (token().kind == TokenKind::kParameter) Note("Unsupported data type in Bag");
    AttributeValue element;
    if (!ParseValue(where, depth + 1, &element)) return false;
    elements.push_back(std::move(element));
    if (!TakeSymbol(",")) break;
  }
  if (!TakeSymbol(">>")) return Fail("Expected RIGHT_DOUBLE_ANGLE_BRACKET");
  if (elements.empty()) {
    Note("Empty bags are not supported");
    return true;
  }
  const AttributeType type = elements.front().type();
  for (const auto& element : elements) {
    if (element.type() != type || (type != AttributeType::kS && type != AttributeType::kN)) {
      Note("DynamoDB only supports either numbers or strings in bags");
      return true;
    }
  }
  if (type == AttributeType::kS) {
    StringSet set;
    for (const auto& element : elements) set.elements.push_back(*element.As<std::string>());
    const std::vector<std::string> written = set.elements;
    std::sort(set.elements.begin(), set.elements.end());
    if (std::adjacent_find(set.elements.begin(), set.elements.end()) != set.elements.end()) {
      Note("One or more parameter values were invalid: Input collection " + Listed(written) + " contains duplicates.");
    }
    *out = AttributeValue(AttributeValue::Variant(std::move(set)));
  } else {
    NumberSet set;
    for (const auto& element : elements) set.elements.push_back(*element.As<Number>());
    std::sort(set.elements.begin(), set.elements.end());
    if (std::adjacent_find(set.elements.begin(), set.elements.end()) != set.elements.end()) {
      Note("Input collection contains duplicates");
    }
    *out = AttributeValue(AttributeValue::Variant(std::move(set)));
  }
  return true;
}

bool Parser::ParsePath(DocumentPath* out) {
  if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) return UnexpectedTerm();
  out->emplace_back(token().text);
  Advance();
  while (true) {
    if (TakeSymbol(".")) {
      if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) {
        return Fail("Invalid path dot component");
      }
      out->emplace_back(token().text);
      Advance();
    } else if (TakeSymbol("[")) {
      const bool negative = TakeSymbol("-");
      if (token().kind == TokenKind::kString) {  // a['b'] is a.b
        out->emplace_back(token().text);
      } else if (token().kind == TokenKind::kNumber) {
        const std::string& digits = token().text;
        std::uint32_t index = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (error != std::errc() || end != digits.data() + digits.size() || (negative && index != 0) ||
            index > std::numeric_limits<std::int32_t>::max()) {
          Note("List index is not within the allowable range; index: [" + std::string(negative ? "-" : "") + digits +
               "] at " + tokens_[position_ - (negative ? 1 : 0)].Position());
          index = 0;
        }
        out->emplace_back(index);
      } else {
        return UnexpectedTerm();
      }
      Advance();
      if (!TakeSymbol("]")) return Fail("Expected RIGHT_BRACKET");
    } else {
      break;
    }
  }
  if (out->size() > expression::kPathElementsMax) {
    Note("The document path has too many nesting levels; nesting levels: " + std::to_string(out->size()));
  }
  return true;
}

bool Parser::ParseSetTerm(SetValue* out) {
  if (AtSymbol("(")) {
    if (++depth_ > kParenthesesDepthMax) return Fail("");
    Advance();
    if (!ParseSetTerm(out)) return false;
    --depth_;
    return TakeSymbol(")") || Fail("Expected RIGHT_PAREN");
  }
  if (AtValue()) {
    AttributeValue value;
    if (!ParseValue("root", 0, &value)) return false;
    *out = Constant::Of(std::move(value));
    return true;
  }
  const bool word = token().kind == TokenKind::kIdentifier || token().kind == TokenKind::kKeyword;
  if (word && Peek().Is("(")) {
    if (!EqualsIgnoringCase(token().text, "list_append")) {
      Note("Unrecognized function: " + Lower(token().text) + " at " + token().Position());
    }
    const std::string name = Lower(token().text);
    if (++depth_ > kParenthesesDepthMax) return Fail("");
    Advance();
    Advance();
    std::vector<SetValue> operands;
    if (!AtSymbol(")")) {
      do {
        operands.emplace_back();
        if (!ParseSetTerm(&operands.back())) return false;
      } while (TakeSymbol(","));
    }
    --depth_;
    if (!TakeSymbol(")")) return Fail("Expected RIGHT_PAREN");
    if (operands.size() != 2) {
      Note("Incorrect number of operands for operator or function; operator or function: " + name +
           ", number of operands: " + std::to_string(operands.size()));
      operands.resize(2);
    }
    for (const SetValue& operand : operands) {
      const auto* constant = std::get_if<Constant>(&operand);
      if (constant != nullptr && constant->value != nullptr && (*constant)->type() != AttributeType::kL) {
        Note(expression::IncorrectOperandType(name, NameOf((*constant)->type())));
      }
    }
    *out = std::make_unique<expression::ListAppendNode>(
        expression::ListAppendNode{std::move(operands[0]), std::move(operands[1])});
    return true;
  }
  if (token().kind != TokenKind::kIdentifier && token().kind != TokenKind::kQuoted) return UnexpectedTerm();
  DocumentPath path;
  if (!ParsePath(&path)) return false;
  *out = std::move(path);
  return true;
}

// set_add(path, set) and set_delete(path, set), which are the whole right-hand side and of the path assigned to.
bool Parser::ParseSetFunction(const DocumentPath& target, expression::UpdateNode* out) {
  const Token name = token();
  std::string capitals = name.text;
  for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  Advance();
  Advance();
  std::vector<SetValue> operands;
  const std::string first_position = token().Position();
  if (!AtSymbol(")")) {
    do {
      operands.emplace_back();
      if (!ParseSetTerm(&operands.back())) return false;
    } while (TakeSymbol(","));
  }
  if (!TakeSymbol(")")) return Fail("Expected RIGHT_PAREN");
  if (operands.size() != 2) {
    Note(capitals + " must have exactly two arguments at " + name.Position());
    return true;
  }
  const auto* path = std::get_if<DocumentPath>(&operands[0]);
  if (path == nullptr || *path != target) {
    Note("The first argument to " + capitals + " must equal the assignment value at " + name.Position());
    return true;
  }
  auto* set = std::get_if<Constant>(&operands[1]);
  const bool is_set = set != nullptr && ((*set)->type() == AttributeType::kSS || (*set)->type() == AttributeType::kNS ||
                                         (*set)->type() == AttributeType::kBS);
  if (!is_set) {
    Note("The second argument to " + capitals + " must be a value with type SET at " + first_position);
    return true;
  }
  if (capitals == "SET_ADD") {
    out->actions.emplace_back(expression::AddAction{target, std::move(*set)});
  } else {
    out->actions.emplace_back(expression::DeleteAction{target, std::move(*set)});
  }
  return true;
}

bool Parser::ParseSetValue(const DocumentPath& target, expression::UpdateNode* out) {
  if (token().kind == TokenKind::kIdentifier && Peek().Is("(") &&
      (EqualsIgnoringCase(token().text, "set_add") || EqualsIgnoringCase(token().text, "set_delete"))) {
    return ParseSetFunction(target, out);
  }
  SetValue value;
  if (!ParseSetTerm(&value)) return false;
  if (AtSymbol("+") || AtSymbol("-")) {
    auto node = std::make_unique<expression::ArithmeticNode>();
    node->subtract = AtSymbol("-");
    const std::string name = token().text;
    Advance();
    if (AtEnd()) return Fail("Missing right-hand side expression of infix operator");
    node->left = std::move(value);
    if (!ParseSetTerm(&node->right)) return false;
    for (const SetValue* operand : {&node->left, &node->right}) {
      const auto* constant = std::get_if<Constant>(operand);
      if (constant != nullptr && (*constant)->type() != AttributeType::kN) {
        Note(expression::IncorrectOperandType(name, NameOf((*constant)->type())));
      }
    }
    value = std::move(node);
  }
  out->actions.emplace_back(expression::SetAction{target, std::move(value)});
  return true;
}

}  // namespace insula::partiql
