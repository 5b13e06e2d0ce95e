// Conditions: an operator and its negation, its quantifiers and IfExists say of every value what they must say of each
// other, and wildcards match what a plain table of them does.
//
// The input is a line with the operator (without quantifier and IfExists), a line with the key, the values a line each,
// an empty line, and the request's entries: "1key value", or "*key value" for one more of a set.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "policy/condition.h"
#include "policy/context_entries.h"
#include "policy/wildcards.h"

namespace {

using namespace insula;
using namespace insula::policy;

std::string_view TakeLine(std::string_view* rest) {
  const std::size_t end = rest->find('\n');
  const std::string_view line = rest->substr(0, end);
  rest->remove_prefix(end == std::string_view::npos ? rest->size() : end + 1);
  return line;
}

// The same question by a table of all prefixes, of ASCII.
bool MatchesByTable(std::string_view pattern, std::string_view value) {
  std::vector<bool> row(value.size() + 1);
  row[0] = true;
  for (const char c : pattern) {
    std::vector<bool> next(value.size() + 1);
    for (std::size_t i = 0; i <= value.size(); ++i) {
      if (c == '*')
        next[i] = row[i] || (i > 0 && next[i - 1]);
      else
        next[i] = i > 0 && row[i - 1] && (c == '?' || c == value[i - 1]);
    }
    row = std::move(next);
  }
  return row[value.size()];
}

bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

// The answer of each form of an operator; nullopt: its values can't be read.
std::optional<bool> Holds(ConditionOperator op, Quantifier quantifier, bool if_exists, std::string_view key,
                          const std::vector<std::string>& values, const Facts& facts, bool negated) {
  op.quantifier = quantifier;
  op.if_exists = if_exists;
  op.negated = negated;
  const std::optional<Condition> condition = Condition::Parse(op, key, values, true);
  if (!condition) return std::nullopt;
  const bool holds = condition->Matches(facts);
  INSULA_CHECK(condition->Matches(facts) == holds);
  return holds;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::optional<ConditionOperator> op = ConditionOperator::Parse(TakeLine(&rest));
  const std::string_view key = TakeLine(&rest);
  std::vector<std::string> values;
  for (std::string_view line = TakeLine(&rest); !line.empty(); line = TakeLine(&rest)) values.emplace_back(line);
  ContextEntries entries;
  std::map<std::string, std::vector<std::string>> sets;
  while (!rest.empty()) {
    const std::string_view line = TakeLine(&rest);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0) continue;
    const std::string name(line.substr(1, space - 1));
    if (line.front() == '*') {
      sets[name].emplace_back(line.substr(space + 1));
    } else {
      entries.Add(name, std::string(line.substr(space + 1)));
    }
  }
  for (auto& [name, members] : sets) entries.AddSet(name, std::move(members));
  if (!op || op->type == ValueType::kPresence) return 0;

  static const Action action("dynamodb:GetItem");
  static const Principal principal;
  const Request request(action, "*", "", WallTime{}, entries);
  const Facts facts(principal, request);
  const auto holds = [&](Quantifier quantifier, bool if_exists, bool negated) {
    return Holds(*op, quantifier, if_exists, key, values, facts, negated);
  };
  const std::optional<bool> plain = holds(Quantifier::kNone, false, false);
  if (!plain) return 0;
  const Fact fact = facts.Find(ConditionKey::Parse(key));
  const bool is_set = fact.kind() == Fact::Kind::kSet;
  const bool all = *holds(Quantifier::kForAllValues, false, false);
  const bool any = *holds(Quantifier::kForAnyValue, false, false);
  const bool all_not = *holds(Quantifier::kForAllValues, false, true);
  const bool any_not = *holds(Quantifier::kForAnyValue, false, true);
  const bool none = *holds(Quantifier::kNone, false, true);

  INSULA_CHECK(*holds(Quantifier::kNone, true, false) == (fact.absent() || *plain));
  INSULA_CHECK(*holds(Quantifier::kForAnyValue, true, false) == any);
  if (fact.absent()) {
    INSULA_CHECK(!*plain && none && all && all_not && !any && !any_not);
    return 0;
  }
  INSULA_CHECK(!(any && all_not) && !(any_not && all));
  if (!is_set) INSULA_CHECK(*plain == all && *plain == any && none == all_not && none == any_not);
  if (is_set) INSULA_CHECK(!*plain && !none && (!all || any) && (!all_not || any_not));
  // Variables may leave both an operator and its negation unmatched; without them one of the two matches.
  bool variables = false;
  for (const std::string& value : values) variables |= value.find("${") != std::string::npos;
  if (!variables) INSULA_CHECK(any != all_not && all != any_not);

  if (op->type != ValueType::kText || op->comparison != Comparison::kLike || is_set || variables) return 0;
  bool by_table = false;
  for (const std::string& value : values) {
    if (value.size() * fact.text().size() > 1'000'000 || !IsAscii(value) || !IsAscii(fact.text())) return 0;
    by_table |= MatchesByTable(value, fact.text());
  }
  INSULA_CHECK(*plain == by_table);
  return 0;
}
