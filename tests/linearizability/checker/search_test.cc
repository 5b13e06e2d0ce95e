// The checker is what every run rests on: each kind of fault is found in a history made by hand, what is merely unusual
// is not, and on small random histories it agrees with trying every order.
#include "search.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "shrink.h"

namespace insula::linearizability {
namespace {

Window Parse(std::string_view text) {
  Result<std::vector<Window>> windows = ParseHistory(text);
  EXPECT_TRUE(windows.ok()) << windows.error().message();
  EXPECT_EQ(windows->size(), 1u);
  return windows->front();
}

bool Ordered(std::string_view text) {
  const Window window = Parse(text);
  const Verdict whole = FindOrder(window).verdict;
  EXPECT_NE(whole, Verdict::kUndecided);
  bool parts = true;
  for (const Window& part : Independent(window)) {
    parts = parts && FindOrder(part).verdict == Verdict::kOrdered;
  }
  EXPECT_EQ(whole == Verdict::kOrdered, parts) << "as one and in independent parts";
  return parts;
}

TEST(Search, NothingIsOrdered) { EXPECT_TRUE(Ordered("window empty")); }

TEST(Search, OperationsAtTheSameTimeMayComeInAnyOrder) {
  EXPECT_TRUE(Ordered(R"(
    c1 10 50 done put a item:v=1
    c2 20 60 done put a item:v=2
    c3 30 40 done read a saw:v=2
    c3 45 48 done read a saw:v=1
    c4 70 80 done read a saw:v=1)"));
}

TEST(Search, AStaleReadIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 20 done put a item:v=1
    c1 30 40 done put a item:v=2
    c2 50 60 done read a saw:v=1)"));
}

TEST(Search, AReadThatGoesBackIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 90 done put a item:v=1
    c2 20 30 done read a saw:v=1
    c2 40 50 done read a saw:-)"));
}

TEST(Search, AValueFromTheFutureIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c2 10 20 done read a saw:v=1
    c1 30 40 done put a item:v=1)"));
}

TEST(Search, ALostUpdateIsFound) {
  EXPECT_FALSE(Ordered(R"(
    start a v=1,n=0
    c1 10 50 done update a add:n=1
    c2 10 50 done update a add:n=1
    c3 60 70 done read a saw:n=1,v=1)"));
  EXPECT_FALSE(Ordered(R"(
    start a v=1,n=0
    c1 10 50 done update a add:n=1 updated-new:n=1
    c2 10 50 done update a add:n=1 updated-new:n=1)"));
}

TEST(Search, AnUpdateMadeTwiceIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 50 done update a add:n=1
    c3 60 70 done read a saw:n=2)"));
}

TEST(Search, AConditionThatPassedWronglyIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 20 done put a item:v=1
    c2 30 40 done put a item:v=2 if:absent)"));
  EXPECT_FALSE(Ordered(R"(
    c1 10 50 done put a item:v=1 if:absent
    c2 10 50 done put a item:v=2 if:absent)"));
}

TEST(Search, AConditionThatFailedWronglyIsFound) {
  EXPECT_FALSE(Ordered(R"(
    start a v=1
    c1 10 20 refused put a item:v=2 if:v=1 unmet)"));
  EXPECT_FALSE(Ordered(R"(
    start a v=1
    c1 10 20 refused put a item:v=2 if:v=7 unmet old:v=3)"));
}

TEST(Search, ARefusedWriteThatHappenedIsFound) {
  EXPECT_FALSE(Ordered(R"(
    start a v=1
    c1 10 20 refused put a item:v=2 if:v=5 unmet
    c1 30 40 done read a saw:v=2)"));
}

TEST(Search, ATornTransactionIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 20 done put a item:v=1 ; put b item:v=2
    c1 30 40 done read a saw:v=1
    c1 50 60 done read b saw:-)"));
  EXPECT_FALSE(Ordered(R"(
    c1 10 - unknown put a item:v=1 ; put b item:v=2
    c1 50 60 done read a saw:v=1 ; read b saw:-)"));
}

TEST(Search, ASnapshotThatMixesTimesIsFound) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 20 done put a item:v=1 ; put b item:v=1
    c2 15 80 done read a saw:- ; read b saw:v=3
    c1 30 40 done put a item:v=2
    c1 50 60 done put b item:v=3)"));
}

TEST(Search, KeysOnTheirOwnAreNotOneSnapshot) {
  EXPECT_TRUE(Ordered(R"(
    c2 15 80 done read a saw:-
    c2 15 80 done read b saw:v=3
    c1 30 40 done put a item:v=2
    c1 50 60 done put b item:v=3)"));
}

TEST(Search, TheReasonsOfARefusedTransactionAreOfOneState) {
  EXPECT_TRUE(Ordered(R"(
    start a v=1
    c1 10 20 refused put a item:v=2 if:v=1 met ; check b if:exists unmet)"));
  EXPECT_FALSE(Ordered(R"(
    start a v=1
    c1 10 20 refused put a item:v=2 if:v=1 unmet ; check b if:exists unmet)"));
}

TEST(Search, WhatHasNoAnswerMayHaveHappenedOrNot) {
  for (const char* seen : {"v=1", "-"}) {
    EXPECT_TRUE(Ordered(fmt::format("c1 10 20 unknown put a item:v=1\n c2 30 40 done read a saw:{}", seen)));
  }
  EXPECT_TRUE(Ordered(R"(
    c1 10 - unknown put a item:v=1
    c2 30 40 done read a saw:-
    c2 50 60 done read a saw:v=1)"));
}

TEST(Search, WhatHasNoAnswerHappensOnceAtMostAndNotAfterItsEnd) {
  EXPECT_FALSE(Ordered(R"(
    c1 10 20 unknown put a item:v=1
    c2 30 40 done read a saw:-
    c2 50 60 done read a saw:v=1)"));
  EXPECT_FALSE(Ordered(R"(
    c1 10 - unknown update a add:n=1
    c2 30 40 done read a saw:n=2)"));
  EXPECT_FALSE(Ordered(R"(
    start a v=1
    c1 10 - unknown put a item:v=2
    c2 30 40 done read a saw:v=2
    c2 50 60 done read a saw:v=1)"));
}

TEST(Search, AReadAfterARestartDoesNotHideWhatHappenedBefore) {
  // A read on b that starts after the end of the unknown write fits at once, but to take it first would be to drop
  // that.
  EXPECT_TRUE(Ordered(R"(
    c1 10 20 unknown put a item:v=1 ; put b item:v=2
    c2 15 18 done read b saw:-
    c2 30 90 done read b saw:v=2
    c3 31 91 done read a saw:v=1)"));
}

TEST(Search, ReturnedItemsAreCompared) {
  EXPECT_TRUE(Ordered(R"(
    start a v=1,n=4,w=9
    c1 10 20 done update a set:v=2 add:n=3 remove:w old:n=4,v=1,w=9
    c1 30 40 done update a set:v=3 add:n=1 new:n=8,v=3
    c1 50 60 done update a set:v=4 updated-old:v=3
    c1 70 80 done update a add:n=1 updated-new:n=9
    c1 90 95 done delete a old:n=9,v=4
    c1 96 98 done delete a old:-)"));
  EXPECT_FALSE(Ordered("start a v=1\n c1 10 20 done put a item:v=2 old:v=3"));
  EXPECT_FALSE(Ordered("start a v=1\n c1 10 20 done update a set:v=2 new:v=3"));
  EXPECT_FALSE(Ordered("start a v=1\n c1 10 20 done update a set:v=2 updated-old:v=3"));
  EXPECT_FALSE(Ordered("start a v=1\n c1 10 20 done update a set:v=2 updated-new:v=3"));
}

TEST(Search, AFilterHidesWhatDoesNotPass) {
  EXPECT_TRUE(Ordered("start a v=1,w=2\n c1 10 20 done read a if:w=2 saw:v=1,w=2"));
  EXPECT_TRUE(Ordered("start a v=1,w=2\n c1 10 20 done read a if:w=3 saw:-"));
  EXPECT_FALSE(Ordered("start a v=1,w=2\n c1 10 20 done read a if:w=2 saw:-"));
  EXPECT_FALSE(Ordered("start a v=1,w=2\n c1 10 20 done read a if:w=3 saw:v=1,w=2"));
}

TEST(Search, ABoundIsSaidToBeOne) {
  const Window window = Parse(R"(
    c1 10 50 done put a item:v=1
    c2 10 50 done put a item:v=2
    c3 10 50 done put a item:v=3
    c3 60 70 done read a saw:v=4)");
  EXPECT_EQ(FindOrder(window, {.configurations_max = 2}).verdict, Verdict::kUndecided);
  EXPECT_EQ(FindOrder(window, {.configurations_max = 1000}).verdict, Verdict::kViolation);
}

// --- against every order ---------------------------------------------------------------------------------------------

bool SomeOrder(const Window& window) {
  const std::size_t count = window.operations.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  do {
    for (unsigned dropped = 0; dropped < 1u << count; ++dropped) {
      bool fits = true;
      std::map<std::string, Item> state = window.start;
      for (std::size_t i = 0; fits && i < count; ++i) {
        const Operation& operation = window.operations[order[i]];
        if (dropped >> order[i] & 1) {
          fits = operation.outcome == Outcome::kUnknown;
          continue;
        }
        for (std::size_t later = i + 1; later < count; ++later) {
          const bool gone = dropped >> order[later] & 1;
          if (!gone && window.operations[order[later]].end < operation.start) fits = false;
        }
        std::map<std::string, Item> next = state;
        for (const Action& action : operation.actions) {
          const std::optional<Item> after = After(action, operation.outcome, state[action.key]);
          fits = fits && after;
          if (after) next[action.key] = *after;
        }
        state = next;
      }
      if (fits) return true;
    }
  } while (std::ranges::next_permutation(order).found);
  return false;
}

class RandomHistory {
 public:
  explicit RandomHistory(unsigned seed) : random_(seed), unique_(seed % 2 == 0) {}

  // Five operations as they happened one after the other, stretched so that they overlap; some answers are lies.
  Window Make() {
    Window window{"random", {}, {}};
    if (Chance(2)) window.start["a"] = Attributes{{"v", 100}, {"n", 1}};
    std::map<std::string, Item> state = window.start;
    for (std::int64_t time = 100; time < 150; time += 10) {
      Operation operation = Happen(&state);
      operation.client = "c";
      operation.start = time - Below(25);
      operation.end = time + Below(25);
      if (Chance(4) && operation.outcome == Outcome::kDone) Forget(&operation);
      window.operations.push_back(std::move(operation));
    }
    if (Chance(2)) Lie(&window.operations[Below(window.operations.size())]);
    return window;
  }

 private:
  std::int64_t Below(std::size_t bound) { return static_cast<std::int64_t>(random_() % bound); }
  bool Chance(int of) { return Below(of) == 0; }

  Action MakeAction(const std::string& key) {
    Action action;
    action.key = key;
    action.verb = std::array{Verb::kRead, Verb::kPut, Verb::kUpdate, Verb::kUpdate, Verb::kDelete}[Below(5)];
    const std::int64_t v = unique_ ? ++version_ : 1 + Below(3);
    if (action.verb == Verb::kPut || (action.verb == Verb::kUpdate && Chance(2))) action.set = {{"v", v}};
    if (action.verb == Verb::kPut && Chance(2)) action.set["n"] = 0;
    if (action.verb == Verb::kUpdate && (action.set.empty() || Chance(2)))
      action.add = {{"n", unique_ ? 1 : 1 - Below(3)}};
    if (Chance(3)) {
      action.conditions.push_back({std::array{Condition::Kind::kExists, Condition::Kind::kAbsent,
                                              Condition::Kind::kLess, Condition::Kind::kEquals}[Below(4)],
                                   "n", Below(3)});
      if (Chance(3))
        action.conditions.back() = {Condition::Kind::kEquals, "v", std::max<std::int64_t>(1, v - Below(3))};
    }
    return action;
  }

  Operation Happen(std::map<std::string, Item>* state) {
    Operation operation;
    operation.actions.push_back(MakeAction(Chance(2) ? "a" : "b"));
    if (Chance(2)) operation.actions.push_back(MakeAction(operation.actions[0].key == "a" ? "b" : "a"));
    for (const Action& action : operation.actions) {
      for (const Condition& condition : action.conditions) {
        if (action.verb != Verb::kRead && !Holds(condition, (*state)[action.key]))
          operation.outcome = Outcome::kRefused;
      }
    }
    for (Action& action : operation.actions) {
      const Item before = (*state)[action.key];
      const bool met = std::ranges::all_of(action.conditions, [&](const Condition& c) { return Holds(c, before); });
      if (operation.outcome == Outcome::kRefused && action.verb != Verb::kRead) action.met = met;
      const Item after = *After(action, operation.outcome, before);
      if (action.verb == Verb::kRead) {
        action.old_item = met ? before : Item();
      } else if (Chance(3)) {
        action.old_item = before;
      } else if (operation.outcome == Outcome::kDone && Chance(2)) {
        action.new_item = after;
      } else if (operation.outcome == Outcome::kDone && action.verb == Verb::kUpdate && Chance(2)) {
        action.updated_old = Attributes();
        if (before && before->contains("v") && action.set.contains("v"))
          action.updated_old->emplace("v", before->at("v"));
        if (before && before->contains("n") && action.add.contains("n"))
          action.updated_old->emplace("n", before->at("n"));
      }
      (*state)[action.key] = after;
    }
    return operation;
  }

  void Forget(Operation* operation) {
    operation->outcome = Outcome::kUnknown;
    if (Chance(2)) operation->end = Operation::kNever;
    for (Action& action : operation->actions)
      action.old_item.reset(), action.new_item.reset(), action.updated_old.reset();
  }

  void Lie(Operation* operation) {
    Action& action = operation->actions[Below(operation->actions.size())];
    if (action.old_item) {
      action.old_item =
          Chance(2) ? Item() : Item(Attributes{{"v", 1 + Below(unique_ ? version_ : 3)}, {"n", Below(2)}});
    } else if (action.met) {
      action.met = !*action.met;
    } else if (operation->outcome == Outcome::kDone) {
      operation->end = operation->start + 1;
    }
  }

  std::mt19937 random_;
  const bool unique_;
  std::int64_t version_ = 0;
};

TEST(Search, AgreesWithTryingEveryOrder) {
  int ordered = 0, violations = 0;
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    const Window window = RandomHistory(seed).Make();
    const bool expected = SomeOrder(window);
    for (const std::uint64_t quick : {20'000, 1}) {  // the whole at once, and first by its keys
      const Verdict found = FindOrder(window, {.quick = quick}).verdict;
      ASSERT_EQ(found, expected ? Verdict::kOrdered : Verdict::kViolation) << "seed " << seed << "\n" << Print(window);
    }
    bool parts = true;
    for (const Window& part : Independent(window)) {
      parts = parts && FindOrder(part).verdict == Verdict::kOrdered;
    }
    ASSERT_EQ(parts, expected) << "in parts, seed " << seed << "\n" << Print(window);
    if (!expected) {
      const Window shortest = Shrink(window);
      ASSERT_FALSE(SomeOrder(shortest)) << "shrunken, seed " << seed << "\n" << Print(window) << Print(shortest);
      ASSERT_LE(shortest.operations.size(), window.operations.size());
    }
    ++(expected ? ordered : violations);
  }
  // Neither kind is rare, or this showed little.
  EXPECT_GT(ordered, 800);
  EXPECT_GT(violations, 400);
}

TEST(Shrink, KeepsWhatTheViolationNeeds) {
  const Window shortest = Shrink(Parse(R"(
    c1 10 20 done put a item:v=1
    c2 21 25 done read a saw:v=1
    c1 30 40 done put a item:v=2
    c2 50 60 done read a saw:v=1
    c3 70 80 done put a item:v=3
    c3 90 95 done read a saw:v=2)"));
  EXPECT_EQ(Print(shortest), R"(window 
c1 10 20 done put a item:v=1
c1 30 40 done put a item:v=2
c2 50 60 done read a saw:v=1
)");
}

}  // namespace
}  // namespace insula::linearizability
