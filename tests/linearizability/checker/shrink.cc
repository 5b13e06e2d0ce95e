#include "shrink.h"

#include <algorithm>
#include <set>

namespace insula::linearizability {
namespace {

// What was known at `time`: the answers up to then, and what was under way.
Window Beginning(const Window& window, std::int64_t time) {
  Window beginning{window.name, window.start, {}};
  for (Operation operation : window.operations) {
    if (operation.start > time) continue;
    if (operation.end > time) {
      if (operation.outcome == Outcome::kRefused) continue;
      operation.outcome = Outcome::kUnknown;
      operation.end = Operation::kNever;
      for (Action& action : operation.actions) {
        action.old_item.reset(), action.new_item.reset(), action.updated_old.reset(), action.updated_new.reset();
      }
      if (operation.pure()) continue;
    }
    beginning.operations.push_back(std::move(operation));
  }
  return beginning;
}

// The window as if `key` were not there. What explains all keys explains the others.
Window Without(const Window& window, const std::string& key) {
  Window rest{window.name, window.start, {}};
  rest.start.erase(key);
  for (Operation operation : window.operations) {
    std::erase_if(operation.actions, [&key](const Action& action) { return action.key == key; });
    if (!operation.actions.empty()) rest.operations.push_back(std::move(operation));
  }
  return rest;
}

std::set<std::string> KeysOf(const Window& window) {
  std::set<std::string> keys;
  for (const Operation& operation : window.operations) {
    for (const Action& action : operation.actions) keys.insert(action.key);
  }
  return keys;
}

}  // namespace

Window Shrink(const Window& window, const SearchBounds& bounds) {
  auto violates = [&](const Window& part) { return FindOrder(part, bounds).verdict == Verdict::kViolation; };
  std::vector<std::int64_t> ends;
  for (const Operation& operation : window.operations) {
    if (operation.outcome != Outcome::kUnknown) ends.push_back(operation.end);
  }
  std::ranges::sort(ends);
  // A longer beginning of a violation is one: it has all of its answers.
  const auto end = std::ranges::partition_point(ends, [&](std::int64_t t) { return !violates(Beginning(window, t)); });
  Window shortest = end == ends.end() ? window : Beginning(window, *end);
  for (const std::string& key : KeysOf(shortest)) {
    Window without = Without(shortest, key);
    if (violates(without)) shortest = std::move(without);
  }
  // Operations that change nothing can be left out one by one: an order of all is one of the rest.
  for (std::size_t i = shortest.operations.size(); i-- > 0;) {
    if (!shortest.operations[i].pure()) continue;
    Window without = shortest;
    without.operations.erase(without.operations.begin() + static_cast<std::ptrdiff_t>(i));
    if (violates(without)) shortest = std::move(without);
  }
  std::ranges::stable_sort(shortest.operations, {}, &Operation::start);
  return shortest;
}

}  // namespace insula::linearizability
