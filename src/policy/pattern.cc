#include "policy/pattern.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "policy/small_letters.h"
#include "policy/wildcards.h"

namespace insula::policy {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// No run between two '*', which is searched for, holds a '?' and is longer than Pattern::kMixedMax.
bool QuickToMatch(std::string_view encoded) {
  std::size_t star = encoded.find(kAnyCharacters);
  while (star != kNowhere) {
    encoded.remove_prefix(star + 1);
    star = encoded.find(kAnyCharacters);
    const std::string_view run = encoded.substr(0, star);
    if (star != kNowhere && run.size() > Pattern::kMixedMax && run.find(kOneCharacter) != kNowhere) return false;
  }
  return true;
}

// Anything but what has a meaning in a variable or in a pattern; blanks are looked at apart.
bool IsNameCharacter(char c) {
  return static_cast<unsigned char>(c) > ' ' && std::string_view("'${},*?").find(c) == kNowhere;
}

struct ParsedVariable {
  std::string_view name;
  std::optional<std::string_view> fallback;
};

// What stands between "${" and "}". Blanks are allowed around the name, as tags' keys may hold some in between.
std::optional<ParsedVariable> ParseVariable(std::string_view text) {
  const auto trim = [](std::string_view part) {
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    return part;
  };
  ParsedVariable variable;
  const std::size_t comma = text.find(',');
  variable.name = trim(text.substr(0, comma));
  if (variable.name.empty()) return std::nullopt;
  for (const char c : variable.name) {
    if (c != ' ' && !IsNameCharacter(c)) return std::nullopt;
  }
  if (comma == kNowhere) return variable;
  const std::string_view quoted = trim(text.substr(comma + 1));
  if (quoted.size() < 2 || quoted.front() != '\'' || quoted.back() != '\'') return std::nullopt;
  variable.fallback = quoted.substr(1, quoted.size() - 2);
  return variable;
}

// Where the "}" of a variable is whose "${" is before `text`: not one within the quotes of a default.
std::size_t EndOfVariable(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (text[i] == '}' && !quoted) return i;
  }
  return kNowhere;
}

// The buffer that a pattern's variables are filled in: on the stack unless it gets long.
class Expansion {
 public:
  // False: too long.
  bool Append(std::string_view text) {
    if (size_ + text.size() > Pattern::kExpandedMax) return false;
    if (long_.empty() && size_ + text.size() <= sizeof(short_)) {
      std::memcpy(short_ + size_, text.data(), text.size());
    } else {
      if (long_.empty()) long_.assign(short_, size_);
      long_.append(text);
    }
    size_ += text.size();
    return true;
  }
  std::string_view view() const { return long_.empty() ? std::string_view(short_, size_) : std::string_view(long_); }

 private:
  char short_[512];
  std::string long_;
  std::size_t size_ = 0;
};

// A value that holds the bytes which wildcards are written with would be one.
bool MayBeFilledIn(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) { return c == kAnyCharacters || c == kOneCharacter; });
}

}  // namespace

std::optional<Pattern> Pattern::Parse(std::string_view text, PatternForm form) {
  std::string small;
  if (form.ignore_case) text = small = SmallLetters(text);
  Pattern pattern;
  pattern.ignore_case_ = form.ignore_case;
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (form.wildcards && c == '*') {
      if (!encoded.ends_with(kAnyCharacters)) encoded += kAnyCharacters;
    } else if (form.wildcards && c == '?') {
      encoded += kOneCharacter;
      pattern.one_character_ = true;
    } else if (form.variables && c == '$' && text.substr(i + 1).starts_with('{')) {
      const std::string_view rest = text.substr(i + 2);
      const std::size_t end = EndOfVariable(rest);
      if (end == kNowhere) return std::nullopt;
      const std::string_view inside = rest.substr(0, end);
      i += 2 + end;
      if (inside == "*" || inside == "?" || inside == "$") {
        encoded += inside;
        continue;
      }
      const std::optional<ParsedVariable> variable = ParseVariable(inside);
      if (!variable) return std::nullopt;
      std::optional<std::string> fallback;
      if (variable->fallback) fallback = std::string(*variable->fallback);
      pattern.pieces_.push_back(
          {std::move(encoded), Variable{ConditionKey::Parse(variable->name), std::move(fallback)}});
      encoded.clear();
    } else {
      encoded += c;
    }
  }
  if (!pattern.pieces_.empty()) {
    pattern.shape_ = Shape::kVariables;
    pattern.pieces_.push_back({std::move(encoded), std::nullopt});
    return pattern;
  }
  if (!QuickToMatch(encoded)) return std::nullopt;
  const std::size_t star = encoded.find(kAnyCharacters);
  if (star == kNowhere && encoded.find(kOneCharacter) == kNowhere) {
    pattern.shape_ = Shape::kLiteral;
  } else if (encoded.size() == 1 && star == 0) {
    pattern.shape_ = Shape::kAnything;
  } else if (star + 1 == encoded.size() && encoded.find(kOneCharacter) == kNowhere) {
    pattern.shape_ = Shape::kPrefix;
    encoded.pop_back();
  } else {
    pattern.shape_ = Shape::kWildcards;
  }
  pattern.text_ = std::move(encoded);
  return pattern;
}

Match Pattern::MatchesSlowly(std::string_view value, const Facts& facts) const {
  switch (shape_) {
    case Shape::kAnything:
      return Match::kYes;
    case Shape::kLiteral: {
      const bool same = ignore_case_ ? EqualInSmallLetters(text_, value) : text_ == value;
      return same ? Match::kYes : Match::kNo;
    }
    case Shape::kPrefix:
      return value.starts_with(text_) ? Match::kYes : Match::kNo;
    case Shape::kWildcards:
      return WildcardMatch(text_, value) ? Match::kYes : Match::kNo;
    case Shape::kVariables:
      return MatchesExpanded(value, facts);
  }
  return Match::kNo;
}

Match Pattern::MatchesExpanded(std::string_view value, const Facts& facts) const {
  Expansion expansion;
  for (const Piece& piece : pieces_) {
    if (!expansion.Append(piece.text)) return Match::kUnresolved;
    if (!piece.variable) continue;
    const Fact fact = facts.Find(piece.variable->key);
    FactText text;
    std::string_view filled_in;
    if (fact.absent()) {
      if (!piece.variable->fallback) return Match::kUnresolved;
      filled_in = *piece.variable->fallback;
    } else if (fact.kind() == Fact::Kind::kSet || fact.kind() == Fact::Kind::kMember) {
      return Match::kUnresolved;
    } else {
      filled_in = TextOf(fact, &text);
    }
    if (!MayBeFilledIn(filled_in) || !expansion.Append(filled_in)) return Match::kUnresolved;
  }
  if (ignore_case_) return EqualInSmallLetters(expansion.view(), value) ? Match::kYes : Match::kNo;
  if (one_character_ && !QuickToMatch(expansion.view())) return Match::kUnresolved;
  return WildcardMatch(expansion.view(), value) ? Match::kYes : Match::kNo;
}

std::optional<std::string_view> Pattern::Literal() const {
  if (shape_ != Shape::kLiteral) return std::nullopt;
  return text_;
}

}  // namespace insula::policy
