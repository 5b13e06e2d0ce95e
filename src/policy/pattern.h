// Texts of policies that a request's values are matched against: with wildcards, with variables, or neither.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/condition_key.h"
#include "policy/facts.h"
#include "policy/same_text.h"

namespace insula::policy {

// What a text may hold beside itself.
struct PatternForm {
  bool wildcards = false;    // '*': any characters, '?': one character
  bool variables = false;    // ${key}, ${key, 'default'}, and ${*}, ${?}, ${$} for the characters themselves
  bool ignore_case = false;  // of ASCII's letters
};

enum class Match : std::uint8_t {
  kNo,
  kYes,
  kUnresolved,  // a variable has no value, or is a set: the element that the pattern stands in doesn't match
};

// Compiled once, immutable. Matching takes at most kMixedMax steps for each byte of the value and of the pattern,
// whatever they are.
class Pattern {
 public:
  // Between two '*', at most this many bytes where there is a '?' among them, so that no pattern is slow to match.
  static constexpr std::size_t kMixedMax = 64;
  // A pattern whose variables make it longer than this matches nothing.
  static constexpr std::size_t kExpandedMax = 16 * 1024;

  // nullopt: `text` isn't of the form: "${" without "}", an empty variable, a default that isn't in quotes, or
  // kMixedMax.
  static std::optional<Pattern> Parse(std::string_view text, PatternForm form);

  Match Matches(std::string_view value, const Facts& facts) const {
    if (shape_ == Shape::kAnything) return Match::kYes;
    if (shape_ == Shape::kLiteral && !ignore_case_) return SameText(value, text_) ? Match::kYes : Match::kNo;
    return MatchesSlowly(value, facts);
  }

  // The text that it matches alone, where there is but one.
  std::optional<std::string_view> Literal() const;

 private:
  enum class Shape : std::uint8_t { kAnything, kLiteral, kPrefix, kWildcards, kVariables };

  struct Variable {
    ConditionKey key;
    std::optional<std::string> fallback;
  };
  struct Piece {
    std::string text;                  // with wildcards as pattern.cc writes them
    std::optional<Variable> variable;  // what follows the text
  };

  Match MatchesSlowly(std::string_view value, const Facts& facts) const;
  Match MatchesExpanded(std::string_view value, const Facts& facts) const;

  Shape shape_ = Shape::kLiteral;
  bool ignore_case_ = false;
  bool one_character_ = false;  // kVariables: whether there is a '?'
  std::string text_;           // kLiteral: itself; kPrefix: what is before the '*'; kWildcards: as pattern.cc writes it
  std::vector<Piece> pieces_;  // kVariables
};

}  // namespace insula::policy
