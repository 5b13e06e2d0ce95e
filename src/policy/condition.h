// One line of a Condition element: an operator, a key, and the values that the key's are compared with.
//
// A key that the request doesn't have: a negated operator matches, IfExists matches, ForAllValues matches; everything
// else, ForAnyValue in whatever form first, doesn't. A key that is a set is compared by ForAllValues and ForAnyValue
// alone; without either nothing matches it. A value that isn't of the operator's type equals nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/arn_pattern.h"
#include "policy/condition_key.h"
#include "policy/condition_operator.h"
#include "policy/facts.h"
#include "policy/pattern.h"
#include "policy/values.h"

namespace insula::policy {

class Condition {
 public:
  // `variables`: whether the document knows them. nullopt: a value that isn't of the operator's type.
  static std::optional<Condition> Parse(ConditionOperator op, std::string_view key,
                                        const std::vector<std::string>& values, bool variables);

  bool Matches(const Facts& facts) const;

 private:
  struct Flags {
    bool yes = false;
    bool no = false;
  };
  struct Binary {
    std::string bytes;
  };
  using Values = std::variant<std::vector<Pattern>, std::vector<ArnPattern>, std::vector<double>,
                              std::vector<std::int64_t>, Flags, std::vector<Binary>, std::vector<AddressRange>>;
  // Whether a value of the policy matches, negation aside; kUnresolved where none does and one of them can't.
  Match MatchesAny(const Fact& one, const Facts& facts) const;
  bool MatchesOne(const Fact& one, const Facts& facts) const;
  bool MatchesSet(const Fact& set, const Facts& facts) const;

  ConditionOperator operator_;
  ConditionKey key_;
  Values values_;
};

}  // namespace insula::policy
