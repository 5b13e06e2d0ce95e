#include "tenancy/identity/naming_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace insula::tenancy {
namespace {

using Characters = std::bitset<128>;

Characters Range(char from, char to) {
  Characters set;
  for (char c = from; c <= to; ++c) set.set(static_cast<unsigned char>(c));
  return set;
}
Characters Of(std::string_view text) {
  Characters set;
  for (const char c : text) set.set(static_cast<std::size_t>(c));
  return set;
}

// What values a placeholder takes, as names.h and DynamoDB's table names have it.
struct Alphabet {
  Characters first, rest;
  std::size_t length_min;
};
Alphabet AlphabetOf(Placeholder placeholder) {
  const Characters lower = Range('a', 'z') | Range('0', '9');
  const Characters word = lower | Range('A', 'Z');
  switch (placeholder) {
    case Placeholder::kEnvironment:
    case Placeholder::kService:
      return {word, word | Of("_-"), 1};
    case Placeholder::kTenant:
      return {lower, lower | Of("-"), 1};
    case Placeholder::kTable:
      break;
  }
  return {word | Of("_-."), word | Of("_-."), 3};
}

struct Position {
  Characters accepts;
  std::size_t template_index = 0;
  std::optional<Placeholder> placeholder;
  bool final = false;
  std::vector<std::size_t> next;
};

class Automaton {
 public:
  explicit Automaton(std::span<const TemplateInProof> templates) {
    for (std::size_t i = 0; i < templates.size(); ++i) Add(i, *templates[i].name_template);
  }

  const std::vector<Position>& positions() const { return positions_; }
  const std::vector<std::size_t>& initial() const { return initial_; }

 private:
  void Add(std::size_t index, const NameTemplate& name_template) {
    std::vector<std::size_t> ends;  // the positions that the next one follows
    bool at_start = true;
    const auto append = [&](const Characters& accepts, std::optional<Placeholder> placeholder) {
      const std::size_t added = positions_.size();
      Position position;
      position.accepts = accepts;
      position.template_index = index;
      position.placeholder = placeholder;
      positions_.push_back(std::move(position));
      if (at_start) initial_.push_back(added);
      for (const std::size_t end : ends) positions_[end].next.push_back(added);
      at_start = false;
      return added;
    };
    for (const NameTemplate::Part& part : name_template.parts()) {
      if (const auto* literal = std::get_if<std::string>(&part)) {
        for (const char c : *literal) ends = {append(Of({&c, 1}), std::nullopt)};
        continue;
      }
      const Placeholder placeholder = std::get<Placeholder>(part);
      const Alphabet alphabet = AlphabetOf(placeholder);
      for (std::size_t i = 0; i < alphabet.length_min; ++i) {
        ends = {append(i == 0 ? alphabet.first : alphabet.rest, placeholder)};
      }
      const std::size_t loop = append(alphabet.rest, placeholder);
      positions_[loop].next.push_back(loop);
      ends.push_back(loop);
    }
    for (const std::size_t end : ends) positions_[end].final = true;
  }

  std::vector<Position> positions_;
  std::vector<std::size_t> initial_;
};

char Sample(const Characters& set) {
  for (const char c : std::string_view("abcxyz0-_.")) {
    if (set.test(static_cast<std::size_t>(c))) return c;
  }
  for (std::size_t c = 0; c < set.size(); ++c) {
    if (set.test(c)) return static_cast<char>(c);
  }
  return '?';
}

// Two runs of the same word, as far as they have come.
struct Pair {
  std::size_t left = 0, right = 0;
  bool differ = false;
  auto operator<=>(const Pair&) const = default;
};

std::string Reading(std::span<const TemplateInProof> templates, const std::vector<Position>& positions,
                    const std::vector<std::size_t>& run, std::string_view word) {
  const std::size_t index = positions[run.front()].template_index;
  std::map<Placeholder, std::string> values;
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (positions[run[i]].placeholder) values[*positions[run[i]].placeholder].push_back(word[i]);
  }
  std::string text = fmt::format("{} ('{}')", templates[index].label, templates[index].name_template->text());
  std::string_view separator = " with ";
  for (const auto& [placeholder, value] : values) {
    text += fmt::format("{}{} '{}'", separator, NameOf(placeholder), value);
    separator = ", ";
  }
  return text;
}

}  // namespace

Result<void> ProveInjective(std::span<const TemplateInProof> templates) {
  const Automaton automaton(templates);
  const std::vector<Position>& positions = automaton.positions();
  std::map<Pair, std::optional<Pair>> parent;  // of every pair reached
  std::deque<Pair> queue;
  const auto reach = [&](Pair pair, std::optional<Pair> from) {
    if (pair.left > pair.right) std::swap(pair.left, pair.right);  // symmetric: halves the search
    if ((positions[pair.left].accepts & positions[pair.right].accepts).none()) return;
    if (parent.emplace(pair, from).second) queue.push_back(pair);
  };
  for (const std::size_t left : automaton.initial()) {
    for (const std::size_t right : automaton.initial()) reach({left, right, left != right}, std::nullopt);
  }
  while (!queue.empty()) {
    const Pair pair = queue.front();
    queue.pop_front();
    const Position& left = positions[pair.left];
    const Position& right = positions[pair.right];
    if (pair.differ && left.final && right.final) {
      // Walk back for the word and the two runs. Swapped sides are put right again by following real transitions.
      std::vector<Pair> path;
      for (std::optional<Pair> at = pair; at; at = parent.at(*at)) path.push_back(*at);
      std::reverse(path.begin(), path.end());
      std::string word;
      std::vector<std::size_t> one, two;
      const auto follows = [&](std::size_t from, std::size_t to) {
        return std::find(positions[from].next.begin(), positions[from].next.end(), to) != positions[from].next.end();
      };
      for (const Pair& step : path) {
        word.push_back(Sample(positions[step.left].accepts & positions[step.right].accepts));
        std::size_t first = step.left, second = step.right;
        if (!one.empty() && !(follows(one.back(), first) && follows(two.back(), second))) std::swap(first, second);
        one.push_back(first);
        two.push_back(second);
      }
      return Error(ErrorCode::kFailedPrecondition,
                   fmt::format("Name templates are ambiguous: '{}' would be the name of {} and also of {}", word,
                               Reading(templates, positions, one, word), Reading(templates, positions, two, word)));
    }
    for (const std::size_t next_left : left.next) {
      for (const std::size_t next_right : right.next) {
        reach({next_left, next_right, pair.differ || next_left != next_right}, pair);
      }
    }
  }
  return {};
}

}  // namespace insula::tenancy
