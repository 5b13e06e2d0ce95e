// The operators of conditions, by name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace insula::policy {

// What an operator compares.
enum class ValueType : std::uint8_t { kText, kNumber, kDate, kFlag, kBinary, kAddress, kArn, kPresence };
// How; of kText, kEqual and kLike differ in wildcards, of kArn they are one.
enum class Comparison : std::uint8_t {
  kEqual,
  kEqualIgnoringCase,
  kLike,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual
};
// Over a key that is a set.
enum class Quantifier : std::uint8_t { kNone, kForAllValues, kForAnyValue };

// "ForAllValues:StringNotLikeIfExists", taken apart.
struct ConditionOperator {
  ValueType type = ValueType::kText;
  Comparison comparison = Comparison::kEqual;
  bool negated = false;
  bool if_exists = false;
  Quantifier quantifier = Quantifier::kNone;

  // nullopt: there is no such operator. Names are written as AWS writes them; case doesn't count.
  static std::optional<ConditionOperator> Parse(std::string_view name);
};

}  // namespace insula::policy
