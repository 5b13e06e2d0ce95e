// Key conditions: parsed by the grammar of conditions, then checked for the few forms a key can be looked up by.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
#include <algorithm>
#include <set>

#include "expression/ast.h"
#include "expression/condition_parser.h"
#include "expression/expression.h"
#include "expression/range_operator.h"

namespace insula::expression {
namespace {

Error InvalidOperator(std::string_view name) {
  return ValidationError("Invalid operator used in KeyConditionExpression: " + std::string(name));
}
Error InvalidCondition(const std::string& why) {
  return ValidationError("Invalid condition in KeyConditionExpression: " + why);
}

// Turns the tree into terms, or finds the first reason in the text's order why it is none.
class KeyTermCollector {
 public:
  Result<void> operator()(const ConditionNode& condition) { return std::visit(*this, condition.node); }

  Result<void> operator()(const AndNode& n) {
    for (const auto& term : n.terms) INSULA_TRY((*this)(term));
    return {};
  }
  Result<void> operator()(const OrNode&) { return InvalidOperator("OR"); }
  Result<void> operator()(const NotNode&) { return InvalidOperator("NOT"); }
  Result<void> operator()(const InNode&) { return InvalidOperator("IN"); }
  Result<void> operator()(const ExistsNode& n) {
    return InvalidOperator(n.negated ? "attribute_not_exists" : "attribute_exists");
  }
  Result<void> operator()(const TypeNode&) { return InvalidOperator("attribute_type"); }
  Result<void> operator()(const ContainsNode&) { return InvalidOperator("contains"); }

  Result<void> operator()(const ComparisonNode& n) {
    if (n.comparator == Comparator::kNotEqual) return InvalidOperator("<>");
    const Operand* operands[] = {&n.left, &n.right};
    INSULA_ASSIGN(const std::string* name, NameAmong(operands));
    const bool mirrored = std::holds_alternative<Constant>(n.left);
    return Add(*name, *RangeOperatorOf(n.comparator, mirrored), std::get<Constant>(mirrored ? n.left : n.right),
               nullptr);
  }
  Result<void> operator()(const BetweenNode& n) {
    if (!std::holds_alternative<DocumentPath>(n.value)) {
      return InvalidCondition("BETWEEN operator must have the key attribute as its first operand");
    }
    const Operand* operands[] = {&n.value, &n.low, &n.high};
    INSULA_ASSIGN(const std::string* name, NameAmong(operands));
    return Add(*name, RangeOperator::kBetween, std::get<Constant>(n.low), &std::get<Constant>(n.high));
  }
  Result<void> operator()(const BeginsWithNode& n) {
    if (!std::holds_alternative<DocumentPath>(n.value)) {
      return InvalidCondition("begins_with operator must have the key attribute as its first operand");
    }
    const Operand* operands[] = {&n.value, &n.prefix};
    INSULA_ASSIGN(const std::string* name, NameAmong(operands));
    return Add(*name, RangeOperator::kBeginsWith, std::get<Constant>(n.prefix), nullptr);
  }

  std::vector<KeyTerm> Take() { return std::move(terms_); }

 private:
  // The one attribute name among the operands; all others are constants then.
  static Result<const std::string*> NameAmong(std::span<const Operand* const> operands) {
    const std::string* name = nullptr;
    for (const Operand* operand : operands) {
      if (std::holds_alternative<SizeOf>(*operand)) {
        return ValidationError("KeyConditionExpressions cannot contain nested operations");
      }
      const auto* path = std::get_if<DocumentPath>(operand);
      if (path == nullptr) continue;
      if (name != nullptr) return InvalidCondition("Multiple attribute names used in one condition");
      if (path->size() > 1) {
        return ValidationError("KeyConditionExpressions cannot have conditions on nested attributes");
      }
      name = &path->front().name();
    }
    if (name == nullptr) return InvalidCondition("No key attribute specified");
    return name;
  }

  Result<void> Add(const std::string& name, RangeOperator op, const Constant& low, const Constant* high) {
    if (!names_.insert(name).second) {
      return ValidationError(
          "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key");
    }
    terms_.push_back({name, op, *low, high != nullptr ? **high : AttributeValue()});
    return {};
  }

  std::vector<KeyTerm> terms_;
  std::set<std::string_view> names_;  // of the terms, in the tree
};

const KeyTerm* FindTerm(const std::vector<KeyTerm>& terms, const std::string& name) {
  for (const auto& term : terms) {
    if (term.attribute == name) return &term;
  }
  return nullptr;
}

Error Missed(const std::string& name) { return ValidationError("Query condition missed key schema element: " + name); }

// What holds for a term on any key attribute.
Result<void> CheckTerm(const KeyTerm& term, const KeyAttribute& attribute) {
  if (term.op == RangeOperator::kNone) {
    return ValidationError("Attempted conditional constraint is not an indexable operation");
  }
  if (term.low.type() != attribute.type || (term.op == RangeOperator::kBetween && term.high.type() != attribute.type)) {
    return ValidationError(
        "One or more parameter values were invalid: Condition parameter type does not match schema type");
  }
  if (term.op == RangeOperator::kBeginsWith && attribute.type == AttributeType::kN) {
    return ValidationError("Attempted conditional constraint is not an indexable operation");
  }
  return {};
}

// A hash attribute's value must be one that an item can have.
Result<void> CheckNotEmpty(const KeyTerm& term, std::string_view index_name) {
  const auto* text = term.low.As<std::string>();
  const auto* binary = term.low.As<Binary>();
  if ((text == nullptr || !text->empty()) && (binary == nullptr || !binary->bytes.empty())) return {};
  const std::string empty = "The AttributeValue for a key attribute cannot contain an empty " +
                            std::string(text != nullptr ? "string" : "binary") + " value. ";
  if (index_name.empty()) {
    return ValidationError("One or more parameter values are not valid. " + empty + "Key: " + term.attribute);
  }
  return ValidationError(
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
      empty + "IndexName: " + std::string(index_name) + ", IndexKey: " + term.attribute);
}

}  // namespace

Result<KeyCondition> ResolveKeyTerms(const std::vector<KeyTerm>& terms, const KeySchema& schema,
                                     std::string_view index_name, const KeyAttributeCheck& check) {
  const std::size_t attributes = schema.hash.size() + schema.range.size();
  if (terms.size() > attributes) {
    return ValidationError("The number of query conditions (" + std::to_string(terms.size()) +
                           ") exceeds the number of key attributes defined in the schema (" +
                           std::to_string(attributes) + ")");
  }
  KeyCondition out;
  std::size_t matched = 0;
  for (const auto& attribute : schema.hash) {
    if (check) INSULA_TRY(check(attribute, true));
    const KeyTerm* term = FindTerm(terms, attribute.name);
    if (term == nullptr) return Missed(attribute.name);
    INSULA_TRY(CheckTerm(*term, attribute));
    if (term->op != RangeOperator::kEqual) return ValidationError("Query key condition not supported");
    INSULA_TRY(CheckNotEmpty(*term, index_name));
    out.hash.push_back(term->low);
    ++matched;
  }

  std::vector<const KeyTerm*> range;
  for (const auto& attribute : schema.range) {
    if (check) INSULA_TRY(check(attribute, false));
    range.push_back(FindTerm(terms, attribute.name));
    if (range.back() != nullptr) ++matched;
  }
  if (matched < terms.size()) {  // a term on an attribute that is no key
    const auto gap = std::find(range.begin(), range.end(), nullptr);
    return Missed(schema.range[static_cast<std::size_t>(gap - range.begin())].name);
  }
  while (!range.empty() && range.back() == nullptr) range.pop_back();

  std::string unequal;
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (range[i] != nullptr) INSULA_TRY(CheckTerm(*range[i], schema.range[i]));
    if (i + 1 < range.size() && (range[i] == nullptr || range[i]->op != RangeOperator::kEqual)) {
      if (!unequal.empty()) unequal += ", ";
      unequal += schema.range[i].name;
    }
  }
  if (!unequal.empty()) {
    return ValidationError("RANGE key attributes " + unequal +
                           " must have equality conditions specified in the query because a condition is present on "
                           "key attribute " +
                           schema.range[range.size() - 1].name);
  }
  if (range.empty()) return out;
  for (std::size_t i = 0; i + 1 < range.size(); ++i) out.range_prefix.push_back(range[i]->low);
  out.op = range.back()->op;
  out.low = range.back()->low;
  out.high = range.back()->high;
  return out;
}

KeyConditionExpression::KeyConditionExpression(std::unique_ptr<const ConditionNode> root) : root_(std::move(root)) {}
KeyConditionExpression::KeyConditionExpression(std::vector<KeyTerm> terms) : terms_(std::move(terms)) {}
KeyConditionExpression::KeyConditionExpression(KeyConditionExpression&&) noexcept = default;
KeyConditionExpression& KeyConditionExpression::operator=(KeyConditionExpression&&) noexcept = default;
KeyConditionExpression::~KeyConditionExpression() = default;

Result<KeyConditionExpression> KeyConditionExpression::Parse(std::string_view text, Placeholders& placeholders) {
  INSULA_ASSIGN(auto root, ParseCondition(text, placeholders, "KeyConditionExpression"));
  return KeyConditionExpression(std::move(root));
}

Result<std::vector<KeyTerm>> KeyConditionExpression::Terms() const {
  if (root_ == nullptr) return terms_;
  KeyTermCollector collector;
  INSULA_TRY(collector(*root_));
  return collector.Take();
}

Result<void> KeyConditionExpression::Validate() const {
  INSULA_ASSIGN(const auto terms, Terms());
  static_cast<void>(terms);
  return {};
}

Result<KeyCondition> KeyConditionExpression::Resolve(const KeySchema& schema, std::string_view index_name,
                                                     const KeyAttributeCheck& check) const {
  INSULA_ASSIGN(const auto terms, Terms());
  return ResolveKeyTerms(terms, schema, index_name, check);
}

}  // namespace insula::expression
