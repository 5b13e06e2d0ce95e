#include "operation.h"

#include <algorithm>

namespace insula::linearizability {
namespace {

// What there is of the attributes that an update names.
Attributes Named(const Action& action, const Item& item) {
  Attributes named;
  if (!item) return named;
  for (const auto& [name, value] : *item) {
    if (action.set.contains(name) || action.add.contains(name) || std::ranges::count(action.removed, name) > 0) {
      named[name] = value;
    }
  }
  return named;
}

Item Effect(const Action& action, const Item& before) {
  switch (action.verb) {
    case Verb::kRead:
    case Verb::kCheck:
      return before;
    case Verb::kDelete:
      return std::nullopt;
    case Verb::kPut:
      return action.set;
    case Verb::kUpdate:
      break;
  }
  Attributes after = before.value_or(Attributes());
  for (const auto& [name, value] : action.set) after[name] = value;
  for (const auto& [name, value] : action.add) after[name] += value;
  for (const std::string& name : action.removed) after.erase(name);
  return after;
}

}  // namespace

bool Holds(const Condition& condition, const Item& item) {
  if (condition.kind == Condition::Kind::kExists) return item.has_value();
  if (condition.kind == Condition::Kind::kAbsent) return !item.has_value();
  if (!item) return false;
  const auto found = item->find(condition.attribute);
  if (found == item->end()) return false;
  switch (condition.kind) {
    case Condition::Kind::kEquals:
      return found->second == condition.value;
    case Condition::Kind::kLess:
      return found->second < condition.value;
    default:
      return found->second >= condition.value;
  }
}

bool Operation::pure() const {
  if (outcome == Outcome::kRefused) return true;
  return std::ranges::all_of(actions, [](const Action& action) {
    // A deletion that found nothing fits no state in which it would change something.
    return !action.writes() || (action.verb == Verb::kDelete && action.old_item && !*action.old_item);
  });
}

std::optional<Item> After(const Action& action, Outcome outcome, const Item& before) {
  const bool met = std::ranges::all_of(action.conditions, [&](const Condition& c) { return Holds(c, before); });
  if (action.verb == Verb::kRead) {
    if (action.old_item && *action.old_item != (met ? before : Item())) return std::nullopt;
    return before;
  }
  if (outcome == Outcome::kRefused) {
    if (action.met && *action.met != met) return std::nullopt;
    if (action.old_item && *action.old_item != before) return std::nullopt;
    return before;
  }
  if (!met) return std::nullopt;
  Item after = Effect(action, before);
  if (action.old_item && *action.old_item != before) return std::nullopt;
  if (action.new_item && *action.new_item != after) return std::nullopt;
  if (action.updated_old && *action.updated_old != Named(action, before)) return std::nullopt;
  if (action.updated_new && *action.updated_new != Named(action, after)) return std::nullopt;
  return after;
}

}  // namespace insula::linearizability
