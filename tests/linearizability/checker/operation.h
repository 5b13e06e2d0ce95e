// What a history is made of: items, what an operation did to them, and what it was answered.
//
// An item's attributes are whole numbers here; the clients check what else they store with them. A key is any word.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace insula::linearizability {

using Attributes = std::map<std::string, std::int64_t>;
using Item = std::optional<Attributes>;  // nothing: there is no such item

struct Condition {
  enum class Kind { kExists, kAbsent, kEquals, kLess, kAtLeast };
  Kind kind;
  std::string attribute;   // of the last three; they are false where it is missing
  std::int64_t value = 0;  // of the last three
};

bool Holds(const Condition& condition, const Item& item);

enum class Verb { kRead, kPut, kUpdate, kDelete, kCheck };

// One key's part of an operation. All parts of an operation happen at one moment.
struct Action {
  Verb verb = Verb::kRead;
  std::string key;
  std::vector<Condition> conditions;  // all must hold; of a read: the filter, which hides what doesn't pass
  Attributes set;                     // of a put: the new item; of an update: SET
  Attributes add;
  std::vector<std::string> removed;

  // What was answered, where it was.
  std::optional<Item> old_item;           // the whole item as it was before; of a read: what it saw
  std::optional<Item> new_item;           // the whole item as it is after
  std::optional<Attributes> updated_old;  // only the attributes that the update names
  std::optional<Attributes> updated_new;
  std::optional<bool> met;  // of a refused operation: whether this part's conditions held

  bool writes() const { return verb == Verb::kPut || verb == Verb::kUpdate || verb == Verb::kDelete; }
};

enum class Outcome {
  kDone,     // every condition held, and it happened
  kRefused,  // a condition didn't hold, and nothing was changed
  kUnknown,  // no answer: it happened once, between start and end, or never
};

struct Operation {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  std::string client;
  std::int64_t start = 0;  // of one clock for all clients, e.g. nanoseconds
  std::int64_t end = 0;    // kNever: there is no knowing
  Outcome outcome = Outcome::kDone;
  std::vector<Action> actions;  // each of another key

  // It changes nothing, in whatever state it fits.
  bool pure() const;
};

// The item after `action` as part of an operation of this outcome, or nothing if what was answered can't be the answer
// to it with the item `before`. An unknown one fits wherever it would have had its effect.
std::optional<Item> After(const Action& action, Outcome outcome, const Item& before);

}  // namespace insula::linearizability
