#include "history.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace insula::linearizability {
namespace {

constexpr std::pair<std::string_view, Verb> kVerbs[] = {{"read", Verb::kRead},
                                                        {"put", Verb::kPut},
                                                        {"update", Verb::kUpdate},
                                                        {"delete", Verb::kDelete},
                                                        {"check", Verb::kCheck}};
constexpr std::pair<std::string_view, Outcome> kOutcomes[] = {
    {"done", Outcome::kDone}, {"refused", Outcome::kRefused}, {"unknown", Outcome::kUnknown}};

template <class Table, class Value>
std::string_view NameOf(const Table& table, Value value) {
  return std::ranges::find(table, value, [](const auto& entry) { return entry.second; })->first;
}

Error Malformed(std::string_view what, std::string_view text) {
  return {ErrorCode::kValidation, fmt::format("{}: \"{}\"", what, text)};
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Result<std::int64_t> ParseNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return Malformed("not a whole number", text);
  return number;
}

Result<Item> ParseItem(std::string_view text) {
  if (text == "-") return Item();
  Attributes attributes;
  if (text == "+") return Item(attributes);
  for (std::string_view part : Split(text, ',')) {
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == std::string_view::npos) return Malformed("not NAME=NUMBER", part);
    INSULA_ASSIGN(attributes[std::string(part.substr(0, equals))], ParseNumber(part.substr(equals + 1)));
  }
  return Item(attributes);
}

Result<Attributes> ParseAttributes(std::string_view text) {
  INSULA_ASSIGN(const Item item, ParseItem(text));
  return item.value_or(Attributes());
}

Result<Condition> ParseCondition(std::string_view text) {
  if (text == "exists") return Condition{Condition::Kind::kExists, "", 0};
  if (text == "absent") return Condition{Condition::Kind::kAbsent, "", 0};
  const std::size_t at = text.find_first_of("=<>");
  if (at == 0 || at == std::string_view::npos) return Malformed("not a condition", text);
  const bool at_least = text.substr(at).starts_with(">=");
  const auto kind = at_least          ? Condition::Kind::kAtLeast
                    : text[at] == '<' ? Condition::Kind::kLess
                                      : Condition::Kind::kEquals;
  INSULA_ASSIGN(const std::int64_t value, ParseNumber(text.substr(at + (at_least ? 2 : 1))));
  return Condition{kind, std::string(text.substr(0, at)), value};
}

Result<void> ParseClause(std::string_view clause, Action* action) {
  if (clause == "met" || clause == "unmet") {
    action->met = clause == "met";
    return {};
  }
  const std::size_t colon = clause.find(':');
  if (colon == std::string_view::npos) return Malformed("not a clause", clause);
  const std::string_view name = clause.substr(0, colon);
  const std::string_view value = clause.substr(colon + 1);
  if (name == "if") {
    INSULA_ASSIGN(Condition condition, ParseCondition(value));
    action->conditions.push_back(std::move(condition));
  } else if (name == "item" || name == "set") {
    INSULA_ASSIGN(action->set, ParseAttributes(value));
  } else if (name == "add") {
    INSULA_ASSIGN(action->add, ParseAttributes(value));
  } else if (name == "remove") {
    action->removed.emplace_back(value);
  } else if (name == "saw" || name == "old") {
    INSULA_ASSIGN(action->old_item, ParseItem(value));
  } else if (name == "new") {
    INSULA_ASSIGN(action->new_item, ParseItem(value));
  } else if (name == "updated-old") {
    INSULA_ASSIGN(action->updated_old, ParseAttributes(value));
  } else if (name == "updated-new") {
    INSULA_ASSIGN(action->updated_new, ParseAttributes(value));
  } else {
    return Malformed("not a clause", clause);
  }
  return {};
}

Result<Operation> ParseOperation(const std::vector<std::string_view>& words) {
  if (words.size() < 6) return Malformed("an operation is CLIENT START END OUTCOME ACTION KEY", words[0]);
  Operation operation;
  operation.client = words[0];
  INSULA_ASSIGN(operation.start, ParseNumber(words[1]));
  operation.end = Operation::kNever;
  if (words[2] != "-") {
    INSULA_ASSIGN(operation.end, ParseNumber(words[2]));
  }
  if (operation.end < operation.start) return Malformed("ends before it starts", words[2]);
  const auto outcome = std::ranges::find(kOutcomes, words[3], [](const auto& entry) { return entry.first; });
  if (outcome == std::end(kOutcomes)) return Malformed("not an outcome", words[3]);
  operation.outcome = outcome->second;
  if (operation.end == Operation::kNever && operation.outcome != Outcome::kUnknown) {
    return Malformed("what was answered has an end", words[2]);
  }
  for (std::size_t i = 4; i < words.size(); ++i) {
    const auto verb = std::ranges::find(kVerbs, words[i], [](const auto& entry) { return entry.first; });
    if (verb == std::end(kVerbs)) return Malformed("not an action", words[i]);
    if (++i == words.size()) return Malformed("a key is missing after", words[i - 1]);
    Action action;
    action.verb = verb->second;
    action.key = words[i];
    for (const Action& other : operation.actions) {
      if (other.key == action.key) return Malformed("a key twice in one operation", words[i]);
    }
    while (++i < words.size() && words[i] != ";") INSULA_TRY(ParseClause(words[i], &action));
    operation.actions.push_back(std::move(action));
  }
  return operation;
}

Result<void> ParseLine(const std::vector<std::string_view>& words, std::vector<Window>* windows) {
  if (words[0] == "window") {
    windows->push_back({words.size() > 1 ? std::string(words[1]) : "", {}, {}});
    return {};
  }
  if (windows->empty()) windows->emplace_back();
  if (words[0] == "start") {
    if (words.size() != 3) return Malformed("a start is \"start\" KEY ITEM", words[0]);
    INSULA_ASSIGN(windows->back().start[std::string(words[1])], ParseItem(words[2]));
    return {};
  }
  INSULA_ASSIGN(Operation operation, ParseOperation(words));
  windows->back().operations.push_back(std::move(operation));
  return {};
}

std::string PrintCondition(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kExists:
      return "exists";
    case Condition::Kind::kAbsent:
      return "absent";
    case Condition::Kind::kEquals:
      return fmt::format("{}={}", condition.attribute, condition.value);
    case Condition::Kind::kLess:
      return fmt::format("{}<{}", condition.attribute, condition.value);
    case Condition::Kind::kAtLeast:
      return fmt::format("{}>={}", condition.attribute, condition.value);
  }
  return "";
}

std::string PrintAction(const Action& action) {
  std::string text = fmt::format("{} {}", NameOf(kVerbs, action.verb), action.key);
  auto clause = [&text](std::string_view name, const std::string& value) {
    text += fmt::format(" {}:{}", name, value);
  };
  if (action.verb == Verb::kPut) clause("item", Print(Item(action.set)));
  if (action.verb == Verb::kUpdate && !action.set.empty()) clause("set", Print(Item(action.set)));
  if (!action.add.empty()) clause("add", Print(Item(action.add)));
  for (const std::string& name : action.removed) clause("remove", name);
  for (const Condition& condition : action.conditions) clause("if", PrintCondition(condition));
  if (action.old_item) clause(action.verb == Verb::kRead ? "saw" : "old", Print(*action.old_item));
  if (action.new_item) clause("new", Print(*action.new_item));
  if (action.updated_old) clause("updated-old", Print(Item(*action.updated_old)));
  if (action.updated_new) clause("updated-new", Print(Item(*action.updated_new)));
  if (action.met) text += *action.met ? " met" : " unmet";
  return text;
}

}  // namespace

Result<std::vector<Window>> ParseHistory(std::string_view text) {
  std::vector<Window> windows;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::vector<std::string_view> words = Split(text.substr(begin, end - begin), ' ');
    begin = end + 1;
    ++number;
    words.erase(std::ranges::find_if(words, [](std::string_view word) { return word[0] == '#'; }), words.end());
    if (words.empty()) continue;
    if (Result<void> parsed = ParseLine(words, &windows); !parsed.ok()) {
      return Error(ErrorCode::kValidation, fmt::format("line {}: {}", number, parsed.error().message()));
    }
  }
  return windows;
}

std::string Print(const Item& item) {
  if (!item) return "-";
  if (item->empty()) return "+";
  std::string text;
  for (const auto& [name, value] : *item) text += fmt::format("{}{}={}", text.empty() ? "" : ",", name, value);
  return text;
}

std::string Print(const Operation& operation) {
  std::string text = fmt::format("{} {} {} {}", operation.client, operation.start,
                                 operation.end == Operation::kNever ? "-" : fmt::to_string(operation.end),
                                 NameOf(kOutcomes, operation.outcome));
  for (const Action& action : operation.actions) {
    text += (&action == &operation.actions.front() ? " " : " ; ") + PrintAction(action);
  }
  return text;
}

std::string Print(const Window& window) {
  std::string text = fmt::format("window {}\n", window.name);
  for (const auto& [key, item] : window.start) text += fmt::format("start {} {}\n", key, Print(item));
  for (const Operation& operation : window.operations) text += Print(operation) + "\n";
  return text;
}

std::vector<Window> Independent(const Window& window) {
  // Union-find over the keys; the root of a set is its name.
  std::map<std::string, std::string> parent;
  std::function<std::string(const std::string&)> root = [&](const std::string& key) -> std::string {
    const auto [found, fresh] = parent.try_emplace(key, key);
    if (found->second == key) return key;
    return found->second = root(found->second);
  };
  for (const Operation& operation : window.operations) {
    for (const Action& action : operation.actions) parent[root(action.key)] = root(operation.actions.front().key);
  }
  std::map<std::string, Window> parts;
  for (const auto& [key, item] : window.start) {
    if (parent.contains(key)) parts[root(key)].start[key] = item;
  }
  for (const Operation& operation : window.operations) {
    parts[root(operation.actions.front().key)].operations.push_back(operation);
  }
  std::vector<Window> independent;
  for (auto& [key, part] : parts) {
    part.name = window.name;
    independent.push_back(std::move(part));
  }
  return independent;
}

}  // namespace insula::linearizability
