// Random conditions and updates: what they say to the server, and what they mean, worked out apart from it.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/stress/value.h"

namespace insula::stress {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t Next() { return engine_(); }
  int Below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool OneIn(int n) { return Below(n) == 0; }
  template <class Container>
  auto& Of(Container& all) {
    return all[static_cast<std::size_t>(Below(static_cast<int>(std::size(all))))];
  }

 private:
  std::mt19937_64 engine_;
};

// The placeholders of one request: ":a", ":b" … and their values.
class Placeholders {
 public:
  std::string Name(const Value& value);
  bool empty() const { return values_.empty(); }
  std::string Member() const;  // ,"ExpressionAttributeValues":{…}; empty where there are none

 private:
  std::vector<Value> values_;
};

Value RandomValueOf(const std::string& attribute, Random* random, int bytes_max);

// All of its terms hold, or, where it is negated, not all of them.
struct Condition {
  enum Kind : std::uint8_t { kExists, kMissing, kEqual, kLess, kAtLeast, kBegins, kContains, kLonger };
  struct Term {
    Kind kind;
    std::string attribute;
    Value value;
  };
  bool negated = false;
  std::vector<Term> terms;

  static Condition Make(Random* random);
  std::string Text(Placeholders* placeholders) const;
  bool Holds(const std::optional<Item>& item) const;
};

struct Update {
  enum Kind : std::uint8_t { kSet, kPlus, kPlusOrZero, kRemove, kAddNumber, kAddSet, kDeleteSet };
  struct Term {
    Kind kind;
    std::string attribute;
    Value value;
  };
  std::vector<Term> terms;

  static Update Make(Random* random, int bytes_max);
  std::string Text(Placeholders* placeholders) const;
  // Whether the server must refuse it as not valid.
  bool IsRefused(const std::optional<Item>& item) const;
  // What becomes of `item`, or of a bare key. An update that only removes makes no item.
  std::optional<Item> Of(const std::optional<Item>& item, const Item& key) const;
};

}  // namespace insula::stress
