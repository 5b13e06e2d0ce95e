#include "policy/condition_operator.h"

#include "policy/small_letters.h"

namespace insula::policy {
namespace {

struct Named {
  std::string_view name;
  ValueType type;
  Comparison comparison;
  bool negated = false;
};

using enum ValueType;
using enum Comparison;

constexpr Named kOperators[] = {
    {"StringEquals", kText, kEqual},
    {"StringNotEquals", kText, kEqual, true},
    {"StringEqualsIgnoreCase", kText, kEqualIgnoringCase},
    {"StringNotEqualsIgnoreCase", kText, kEqualIgnoringCase, true},
    {"StringLike", kText, kLike},
    {"StringNotLike", kText, kLike, true},
    {"NumericEquals", kNumber, kEqual},
    {"NumericNotEquals", kNumber, kEqual, true},
    {"NumericLessThan", kNumber, kLess},
    {"NumericLessThanEquals", kNumber, kLessOrEqual},
    {"NumericGreaterThan", kNumber, kGreater},
    {"NumericGreaterThanEquals", kNumber, kGreaterOrEqual},
    {"DateEquals", kDate, kEqual},
    {"DateNotEquals", kDate, kEqual, true},
    {"DateLessThan", kDate, kLess},
    {"DateLessThanEquals", kDate, kLessOrEqual},
    {"DateGreaterThan", kDate, kGreater},
    {"DateGreaterThanEquals", kDate, kGreaterOrEqual},
    {"Bool", kFlag, kEqual},
    {"BinaryEquals", kBinary, kEqual},
    {"IpAddress", kAddress, kEqual},
    {"NotIpAddress", kAddress, kEqual, true},
    {"ArnEquals", kArn, kLike},
    {"ArnNotEquals", kArn, kLike, true},
    {"ArnLike", kArn, kLike},
    {"ArnNotLike", kArn, kLike, true},
    {"Null", kPresence, kEqual},
};

bool TakePrefix(std::string_view prefix, std::string_view* name) {
  if (!EqualInSmallLetters(name->substr(0, prefix.size()), prefix)) return false;
  name->remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<ConditionOperator> ConditionOperator::Parse(std::string_view name) {
  constexpr std::string_view kIfExists = "IfExists";
  ConditionOperator found;
  if (TakePrefix("ForAllValues:", &name)) {
    found.quantifier = Quantifier::kForAllValues;
  } else if (TakePrefix("ForAnyValue:", &name)) {
    found.quantifier = Quantifier::kForAnyValue;
  }
  if (name.size() > kIfExists.size() && EqualInSmallLetters(name.substr(name.size() - kIfExists.size()), kIfExists)) {
    name.remove_suffix(kIfExists.size());
    found.if_exists = true;
  }
  for (const Named& named : kOperators) {
    if (!EqualInSmallLetters(named.name, name)) continue;
    if (named.type == kPresence && found.if_exists) return std::nullopt;
    found.type = named.type;
    found.comparison = named.comparison;
    found.negated = named.negated;
    return found;
  }
  return std::nullopt;
}

}  // namespace insula::policy
