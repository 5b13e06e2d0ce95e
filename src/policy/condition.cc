#include "policy/condition.h"

#include <algorithm>
#include <utility>

namespace insula::policy {
namespace {

constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

template <class T>
bool Compare(Comparison comparison, const T& asked, const T& of_policy) {
  switch (comparison) {
    case Comparison::kLess:
      return asked < of_policy;
    case Comparison::kLessOrEqual:
      return asked <= of_policy;
    case Comparison::kGreater:
      return asked > of_policy;
    case Comparison::kGreaterOrEqual:
      return asked >= of_policy;
    default:
      return asked == of_policy;
  }
}

// Every value parsed by `parse`; nullopt where one can't be.
template <class T, class Parse>
std::optional<std::vector<T>> ParseAll(const std::vector<std::string>& values, Parse parse) {
  std::vector<T> parsed;
  parsed.reserve(values.size());
  for (const std::string& value : values) {
    auto one = parse(value);
    if (!one) return std::nullopt;
    parsed.push_back(T{std::move(*one)});
  }
  return parsed;
}

// What a request's value is to each type of operator.
std::optional<double> NumberOf(const Fact& fact) {
  FactText text;
  if (fact.kind() == Fact::Kind::kNumber) return static_cast<double>(fact.number());
  return ParseNumber(TextOf(fact, &text));
}

std::optional<std::int64_t> DateOf(const Fact& fact) {
  FactText text;
  if (fact.kind() == Fact::Kind::kTime) return fact.number();
  if (fact.kind() == Fact::Kind::kNumber) return fact.number() * kMicrosecondsPerSecond;
  return ParseDate(TextOf(fact, &text));
}

std::optional<bool> FlagOf(const Fact& fact) {
  FactText text;
  if (fact.kind() == Fact::Kind::kFlag) return fact.number() != 0;
  return ParseFlag(TextOf(fact, &text));
}

Match FromBool(bool matches) { return matches ? Match::kYes : Match::kNo; }

template <class Patterns, class Value>
Match MatchesAnyPattern(const Patterns& patterns, const Value& value, const Facts& facts) {
  Match best = Match::kNo;
  for (const auto& pattern : patterns) {
    const Match match = pattern.Matches(value, facts);
    if (match == Match::kYes) return match;
    if (match == Match::kUnresolved) best = match;
  }
  return best;
}

}  // namespace

std::optional<Condition> Condition::Parse(ConditionOperator op, std::string_view key,
                                          const std::vector<std::string>& values, bool variables) {
  Condition condition;
  condition.operator_ = op;
  condition.key_ = ConditionKey::Parse(key);
  const auto keep = [&condition](auto parsed) {
    if (!parsed) return false;
    condition.values_ = std::move(*parsed);
    return true;
  };
  bool ok = false;
  switch (op.type) {
    case ValueType::kText: {
      const PatternForm form{.wildcards = op.comparison == Comparison::kLike,
                             .variables = variables,
                             .ignore_case = op.comparison == Comparison::kEqualIgnoringCase};
      ok = keep(ParseAll<Pattern>(values, [&](const std::string& text) { return Pattern::Parse(text, form); }));
      break;
    }
    case ValueType::kArn:
      ok = keep(
          ParseAll<ArnPattern>(values, [&](const std::string& text) { return ArnPattern::Parse(text, variables); }));
      break;
    case ValueType::kNumber:
      ok = keep(ParseAll<double>(values, ParseNumber));
      break;
    case ValueType::kDate:
      ok = keep(ParseAll<std::int64_t>(values, ParseDate));
      break;
    case ValueType::kBinary:
      ok = keep(ParseAll<Binary>(values, ParseBase64));
      break;
    case ValueType::kAddress:
      ok = keep(ParseAll<AddressRange>(values, ParseAddressRange));
      break;
    case ValueType::kFlag:
    case ValueType::kPresence: {
      Flags flags;
      ok = true;
      for (const std::string& value : values) {
        const std::optional<bool> flag = ParseFlag(value);
        if (!flag) return std::nullopt;
        (*flag ? flags.yes : flags.no) = true;
      }
      condition.values_ = flags;
      break;
    }
  }
  if (!ok) return std::nullopt;
  return condition;
}

bool Condition::Matches(const Facts& facts) const {
  const Fact fact = facts.Find(key_);
  if (operator_.type == ValueType::kPresence) {
    const Flags& flags = std::get<Flags>(values_);
    return fact.absent() ? flags.yes : flags.no;
  }
  if (fact.absent()) {
    if (operator_.quantifier == Quantifier::kForAnyValue) return false;
    return operator_.negated || operator_.if_exists || operator_.quantifier == Quantifier::kForAllValues;
  }
  const bool is_set = fact.kind() == Fact::Kind::kSet || fact.kind() == Fact::Kind::kMember;
  if (operator_.quantifier == Quantifier::kNone) return !is_set && MatchesOne(fact, facts);
  return fact.kind() == Fact::Kind::kSet ? MatchesSet(fact, facts) : MatchesOne(fact, facts);
}

bool Condition::MatchesSet(const Fact& set, const Facts& facts) const {
  const auto matches = [&](std::string_view member) { return MatchesOne(Fact::Text(member), facts); };
  const auto members = set.set();
  if (operator_.quantifier == Quantifier::kForAllValues) return std::all_of(members.begin(), members.end(), matches);
  return std::any_of(members.begin(), members.end(), matches);
}

bool Condition::MatchesOne(const Fact& one, const Facts& facts) const {
  const Match match = MatchesAny(one, facts);
  return match == (operator_.negated ? Match::kNo : Match::kYes);
}

Match Condition::MatchesAny(const Fact& one, const Facts& facts) const {
  const Comparison comparison = operator_.comparison;
  const auto any = [comparison](const auto& asked, const auto& of_policy) {
    if (!asked) return Match::kNo;
    return FromBool(std::any_of(of_policy.begin(), of_policy.end(),
                                [&](const auto& value) { return Compare(comparison, *asked, value); }));
  };
  FactText text;
  switch (operator_.type) {
    case ValueType::kText:
      return MatchesAnyPattern(std::get<std::vector<Pattern>>(values_), TextOf(one, &text), facts);
    case ValueType::kArn: {
      const auto& patterns = std::get<std::vector<ArnPattern>>(values_);
      const std::optional<Arn> arn = Arn::Parse(TextOf(one, &text));
      return arn ? MatchesAnyPattern(patterns, *arn, facts) : Match::kNo;
    }
    case ValueType::kNumber:
      return any(NumberOf(one), std::get<std::vector<double>>(values_));
    case ValueType::kDate:
      return any(DateOf(one), std::get<std::vector<std::int64_t>>(values_));
    case ValueType::kFlag: {
      const Flags& flags = std::get<Flags>(values_);
      const std::optional<bool> asked = FlagOf(one);
      return FromBool(asked && (*asked ? flags.yes : flags.no));
    }
    case ValueType::kBinary: {
      const auto& values = std::get<std::vector<Binary>>(values_);
      const std::string_view asked = TextOf(one, &text);
      return FromBool(
          std::any_of(values.begin(), values.end(), [&](const Binary& value) { return value.bytes == asked; }));
    }
    case ValueType::kAddress: {
      const auto& ranges = std::get<std::vector<AddressRange>>(values_);
      const std::optional<AddressRange> asked = ParseAddressRange(TextOf(one, &text));
      return FromBool(asked && std::any_of(ranges.begin(), ranges.end(),
                                           [&](const AddressRange& range) { return range.Contains(*asked); }));
    }
    case ValueType::kPresence:
      break;
  }
  return Match::kNo;
}

}  // namespace insula::policy
