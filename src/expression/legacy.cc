// The legacy parameters as syntax trees. Where their meaning differs from the expression that looks the same, the
// tree says so: NOT_CONTAINS needs the attribute to be there, and an update made here is marked as legacy.
#include "expression/legacy.h"

#include <array>

#include "expression/ast.h"
#include "expression/operand_checks.h"

namespace insula::expression {
namespace {

constexpr std::array<std::string_view, 13> kOperatorNames = {
    "EQ", "NE", "LE", "LT", "GE", "GT", "NOT_NULL", "NULL", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN", "BETWEEN"};

Error Invalid(const std::string& what) { return ValidationError("One or more parameter values were invalid: " + what); }

bool IsArgumentCountValid(ComparisonOperator op, std::size_t count) {
  switch (op) {
    case ComparisonOperator::kNull:
    case ComparisonOperator::kNotNull:
      return count == 0;
    case ComparisonOperator::kIn:
      return count > 0;
    case ComparisonOperator::kBetween:
      return count == 2;
    default:
      return count == 1;
  }
}

bool IsArgumentTypeValid(ComparisonOperator op, AttributeType type) {
  switch (op) {
    case ComparisonOperator::kEq:
    case ComparisonOperator::kNe:
      return true;
    case ComparisonOperator::kContains:
    case ComparisonOperator::kNotContains:
      return IsOrderedType(type) || type == AttributeType::kBool || type == AttributeType::kNull;
    case ComparisonOperator::kBeginsWith:
      return type == AttributeType::kS || type == AttributeType::kB;
    default:
      return IsOrderedType(type);
  }
}

Result<void> CheckArguments(ComparisonOperator op, const std::vector<AttributeValue>& arguments) {
  if (!IsArgumentCountValid(op, arguments.size())) {
    return Invalid("Invalid number of argument(s) for the " + std::string(NameOf(op)) + " ComparisonOperator");
  }
  for (const auto& argument : arguments) {
    if (argument.type() != arguments.front().type()) {
      return Invalid("AttributeValues inside AttributeValueList must be of same type");
    }
  }
  for (const auto& argument : arguments) {
    if (!IsArgumentTypeValid(op, argument.type())) {
      return Invalid("ComparisonOperator " + std::string(NameOf(op)) + " is not valid for " +
                     std::string(insula::NameOf(argument.type())) + " AttributeValue type");
    }
  }
  if (op == ComparisonOperator::kBetween && CompareScalars(arguments[0], arguments[1]) > 0) {
    return ValidationError(
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
  }
  return {};
}

template <class Node>
ConditionNode MakeNode(Node node) {
  ConditionNode out;
  out.node = std::move(node);
  return out;
}

ConditionNode Compare(const std::string& name, Comparator comparator, const AttributeValue& argument) {
  return MakeNode(ComparisonNode{comparator, DocumentPath{name}, Constant::Of(argument)});
}

ConditionNode Exists(const std::string& name, bool negated) {
  return MakeNode(ExistsNode{DocumentPath{name}, negated});
}

// Precondition: CheckArguments.
ConditionNode MakeCondition(const std::string& name, ComparisonOperator op,
                            const std::vector<AttributeValue>& arguments) {
  const DocumentPath path{name};
  const auto argument = [&](std::size_t i) { return Constant::Of(arguments[i]); };
  switch (op) {
    case ComparisonOperator::kEq:
      return Compare(name, Comparator::kEqual, arguments[0]);
    case ComparisonOperator::kNe:
      return Compare(name, Comparator::kNotEqual, arguments[0]);
    case ComparisonOperator::kLe:
      return Compare(name, Comparator::kLessOrEqual, arguments[0]);
    case ComparisonOperator::kLt:
      return Compare(name, Comparator::kLess, arguments[0]);
    case ComparisonOperator::kGe:
      return Compare(name, Comparator::kGreaterOrEqual, arguments[0]);
    case ComparisonOperator::kGt:
      return Compare(name, Comparator::kGreater, arguments[0]);
    case ComparisonOperator::kNotNull:
      return Exists(name, false);
    case ComparisonOperator::kNull:
      return Exists(name, true);
    case ComparisonOperator::kContains:
      return MakeNode(ContainsNode{path, argument(0)});
    case ComparisonOperator::kNotContains: {
      AndNode both;
      both.terms.push_back(Exists(name, false));
      both.terms.push_back(
          MakeNode(NotNode{std::make_unique<ConditionNode>(MakeNode(ContainsNode{path, argument(0)}))}));
      return MakeNode(std::move(both));
    }
    case ComparisonOperator::kBeginsWith:
      return MakeNode(BeginsWithNode{path, argument(0)});
    case ComparisonOperator::kIn: {
      InNode in;
      in.value = path;
      for (const auto& candidate : arguments) in.candidates.emplace_back(Constant::Of(candidate));
      return MakeNode(std::move(in));
    }
    case ComparisonOperator::kBetween:
      return MakeNode(BetweenNode{path, argument(0), argument(1)});
  }
  return Exists(name, false);
}

Condition Combine(std::vector<ConditionNode> terms, ConditionalOperator op) {
  INSULA_CHECK(!terms.empty());
  if (terms.size() == 1) return Condition(std::move(terms.front()));
  if (op == ConditionalOperator::kAnd) return Condition(MakeNode(AndNode{std::move(terms)}));
  return Condition(MakeNode(OrNode{std::move(terms)}));
}

Result<ConditionNode> FromExpectedAttribute(const std::string& name, const ExpectedAttribute& expected) {
  const std::string for_attribute = " for Attribute: " + name;
  if (expected.value && expected.attribute_value_list) {
    return Invalid("Value and AttributeValueList cannot be used together" + for_attribute);
  }
  if (expected.comparison) {
    const ComparisonOperator op = *expected.comparison;
    if (expected.exists) return Invalid("Exists and ComparisonOperator cannot be used together" + for_attribute);
    if (op != ComparisonOperator::kNull && op != ComparisonOperator::kNotNull && !expected.attribute_value_list &&
        !expected.value) {
      return Invalid("Value or AttributeValueList must be used with ComparisonOperator: " + std::string(NameOf(op)) +
                     for_attribute);
    }
    std::vector<AttributeValue> arguments;
    if (expected.attribute_value_list) arguments = *expected.attribute_value_list;
    if (expected.value) arguments.push_back(*expected.value);
    INSULA_TRY(CheckArguments(op, arguments));
    return MakeCondition(name, op, arguments);
  }
  if (expected.attribute_value_list) {
    return Invalid("AttributeValueList can only be used with a ComparisonOperator" + for_attribute);
  }
  if (expected.exists.value_or(true)) {
    if (!expected.value) {
      return Invalid("Value must be provided when Exists is " + std::string(expected.exists ? "true" : "null") +
                     for_attribute);
    }
    return Compare(name, Comparator::kEqual, *expected.value);
  }
  if (expected.value) return Invalid("Value cannot be used when Exists is false" + for_attribute);
  return Exists(name, true);
}

RangeOperator RangeOperatorOf(ComparisonOperator op) {
  switch (op) {
    case ComparisonOperator::kEq:
      return RangeOperator::kEqual;
    case ComparisonOperator::kLe:
      return RangeOperator::kLessOrEqual;
    case ComparisonOperator::kLt:
      return RangeOperator::kLess;
    case ComparisonOperator::kGe:
      return RangeOperator::kGreaterOrEqual;
    case ComparisonOperator::kGt:
      return RangeOperator::kGreater;
    case ComparisonOperator::kBeginsWith:
      return RangeOperator::kBeginsWith;
    case ComparisonOperator::kBetween:
      return RangeOperator::kBetween;
    default:
      return RangeOperator::kNone;
  }
}

}  // namespace

std::string_view NameOf(ComparisonOperator op) { return kOperatorNames[static_cast<std::size_t>(op)]; }

std::optional<ComparisonOperator> ComparisonOperatorOf(std::string_view name) {
  for (std::size_t i = 0; i < kOperatorNames.size(); ++i) {
    if (kOperatorNames[i] == name) return static_cast<ComparisonOperator>(i);
  }
  return std::nullopt;
}

Result<Condition> FromExpected(const std::map<std::string, ExpectedAttribute>& expected, ConditionalOperator op) {
  std::vector<ConditionNode> terms;
  for (const auto& [name, attribute] : expected) {
    INSULA_ASSIGN(auto term, FromExpectedAttribute(name, attribute));
    terms.push_back(std::move(term));
  }
  return Combine(std::move(terms), op);
}

Result<Condition> FromFilter(const std::map<std::string, LegacyCondition>& filter, ConditionalOperator op) {
  std::vector<ConditionNode> terms;
  for (const auto& [name, condition] : filter) {
    INSULA_TRY(CheckArguments(condition.comparison, condition.attribute_value_list));
    terms.push_back(MakeCondition(name, condition.comparison, condition.attribute_value_list));
  }
  return Combine(std::move(terms), op);
}

Result<Update> FromAttributeUpdates(const std::map<std::string, AttributeUpdate>& updates) {
  UpdateNode node;
  node.legacy = true;
  for (const auto& [name, update] : updates) {
    DocumentPath path{name};
    if (!update.value) {
      if (update.action != AttributeAction::kDelete) {
        return Invalid("Only DELETE action is allowed when no attribute value is specified");
      }
      node.actions.emplace_back(RemoveAction{std::move(path)});
      continue;
    }
    const AttributeType type = update.value->type();
    const bool is_set = type == AttributeType::kSS || type == AttributeType::kNS || type == AttributeType::kBS;
    switch (update.action) {
      case AttributeAction::kPut:
        node.actions.emplace_back(SetAction{std::move(path), Constant::Of(*update.value)});
        break;
      case AttributeAction::kAdd:
        if (!is_set && type != AttributeType::kN && type != AttributeType::kL) {
          return Invalid("ADD action is not supported for the type " + std::string(insula::NameOf(type)));
        }
        node.actions.emplace_back(AddAction{std::move(path), Constant::Of(*update.value)});
        break;
      case AttributeAction::kDelete:
        if (!is_set) {
          return Invalid("DELETE action with value is not supported for the type " + std::string(insula::NameOf(type)));
        }
        node.actions.emplace_back(DeleteAction{std::move(path), Constant::Of(*update.value)});
        break;
    }
  }
  return Update(std::move(node));
}

Result<KeyConditionExpression> FromKeyConditions(const std::map<std::string, LegacyCondition>& conditions) {
  std::vector<KeyTerm> terms;
  for (const auto& [name, condition] : conditions) {
    const auto& arguments = condition.attribute_value_list;
    INSULA_TRY(CheckArguments(condition.comparison, arguments));
    KeyTerm term{name, RangeOperatorOf(condition.comparison), {}, {}};
    if (!arguments.empty()) term.low = arguments[0];
    if (arguments.size() > 1) term.high = arguments[1];
    terms.push_back(std::move(term));
  }
  if (terms.empty()) return ValidationError("Conditions can be of length 1 or 2 only");
  return KeyConditionExpression(std::move(terms));
}

}  // namespace insula::expression
