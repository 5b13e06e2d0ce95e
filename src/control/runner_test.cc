// The runner alone: what starts when, what a failure delays, what a stop ends.
#include "control/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/run_task.h"
#include "control/on_thread.h"

namespace insula::control {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

using std::chrono::milliseconds;

constexpr std::chrono::hours kEver{1};

// A runner whose steps are noted, and do what the test says.
class RunnerTest : public ::testing::Test {
 protected:
  using TestRunner = Runner<std::string>;
  using End = Task<Result<TurnEnd>>;
  ~RunnerTest() override {
    if (runner_->started()) runner_->Stop();
  }
  End Take(std::string work, WorkTurn turn) {
    notes_.push_back(work);
    ++steps_;
    in_hand_most_ = std::max(in_hand_most_, ++in_hand_);
    const Down down(&in_hand_);
    co_return co_await act_(std::move(work), std::move(turn));
  }
  // Until it is stopped.
  static End Endless(WorkTurn turn) {
    co_await Sleep(kEver, turn.stop());
    co_return Error(ErrorCode::kServiceUnavailable, "stopped");
  }
  static End Nap() {
    co_await Sleep(milliseconds(2), {});
    co_return TurnEnd::Done();
  }
  static End Fail() { co_return Error(ErrorCode::kIo, "not now"); }
  // So many of the first are noted.
  std::vector<std::string> First(std::size_t count) {
    std::vector<std::string> first = notes_;
    first.resize(std::min(count, first.size()));
    return first;
  }
  void WaitForSteps(int steps) {
    while (steps_ < steps) std::this_thread::yield();
  }

  std::function<End(std::string, WorkTurn)> act_ = [](std::string, WorkTurn) { return Nap(); };
  std::atomic<int> steps_{0};
  // The runner's thread's while it runs.
  std::vector<std::string> notes_;
  int in_hand_ = 0, in_hand_most_ = 0;
  std::vector<std::string> failures_;
  bool is_in_vain_ = false;

  // Work is OWNER.WHAT, and long if it says so.
  static ContextNames OwnerOf(const std::string& work) {
    return {EnvironmentName("prod"), ServiceName("catalog"), TenantId(work.substr(0, work.find('.')))};
  }
  std::unique_ptr<TestRunner> Make(TurnPlaces short_places, TurnPlaces long_places = {}, RunnerOptions options = {}) {
    WorkRules<std::string> rules;
    rules.owner = OwnerOf;
    rules.is_long = [](const std::string& work) { return work.find("long") != std::string::npos; };
    rules.is_in_vain = [this](const std::string&) { return is_in_vain_; };
    rules.on_failure = [this](const Failing<std::string>& failing) {
      failures_.push_back(failing.work + " " + std::to_string(failing.failures) + ": " + failing.cause);
    };
    rules.short_places = short_places;
    rules.long_places = long_places;
    return std::make_unique<TestRunner>(
        std::move(rules), [this](std::string work, WorkTurn turn) { return Take(std::move(work), std::move(turn)); },
        options);
  }
  std::unique_ptr<TestRunner> runner_ = Make({3, 3});

 private:
  struct Down {
    explicit Down(int* number) : number_(number) {}
    ~Down() { --*number_; }
    int* number_;
  };
};

TEST_F(RunnerTest, TakesEachAndOnlySoManyAtATime) {
  for (const char* work : {"a", "b", "c", "d", "e", "b", "e"}) runner_->Post(work);
  runner_->Start();
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_THAT(notes_, UnorderedElementsAre("a", "b", "b", "c", "d", "e"))
      << "b was in hand when it came again, e queued";
  EXPECT_EQ(in_hand_most_, 3);
}

TEST_F(RunnerTest, OwnersTakeTurns) {
  runner_ = Make({1, 1});
  for (int i = 0; i < 50; ++i) runner_->Post("busy." + std::to_string(i));
  runner_->Post("quiet.one");
  runner_->Post("quiet.two");
  runner_->Start();
  runner_->WaitIdle();
  runner_->Stop();
  ASSERT_EQ(notes_.size(), 52u);
  notes_.resize(5);
  EXPECT_THAT(notes_, ElementsAre("busy.0", "busy.1", "quiet.one", "busy.2", "quiet.two"))
      << "busy's second was in line before quiet's first came";
}

TEST_F(RunnerTest, WhatIsLongKeepsNothingShortWaiting) {
  runner_ = Make({1, 1}, {2, 1});
  act_ = [&](std::string work, WorkTurn turn) {
    return work.find("long") != std::string::npos ? Endless(std::move(turn)) : Nap();
  };
  for (const char* owner : {"a", "b", "c", "d"}) runner_->Post(std::string(owner) + ".long");
  runner_->Post("a.short");
  runner_->Post("e.short");
  runner_->Start();
  WaitForSteps(4);
  runner_->Stop();
  EXPECT_THAT(notes_, UnorderedElementsAre("a.long", "b.long", "a.short", "e.short"));
}

TEST_F(RunnerTest, WhatFailsHoldsNoPlace) {
  runner_ = Make({1, 1});
  act_ = [](std::string work, WorkTurn) { return work == "a.fails" ? Fail() : Nap(); };
  runner_->Post("a.fails");
  for (int i = 0; i < 20; ++i) runner_->Post("a." + std::to_string(i));
  runner_->Start();
  WaitForSteps(21);
  runner_->Stop();
  EXPECT_EQ(notes_.front(), "a.fails");
  EXPECT_EQ(notes_[1], "a.0");
}

TEST_F(RunnerTest, WhatFailsIsTakenAgainAfterAPauseThatDoubles) {
  std::vector<int> failures_before;
  act_ = [&](std::string, WorkTurn turn) {
    failures_before.push_back(turn.failures());
    return failures_before.size() < 3 ? Fail() : Nap();
  };
  const auto began = std::chrono::steady_clock::now();
  runner_->Start();
  runner_->Post("a");
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_THAT(failures_before, ElementsAre(0, 1, 2));
  EXPECT_THAT(failures_, ElementsAre("a 1: not now", "a 2: not now"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(300)) << "after 100 ms, then 200";
}

TEST_F(RunnerTest, APauseHasABound) {
  runner_ = Make({1, 1}, {}, {.retry_delay_min = milliseconds(1), .retry_delay_max = milliseconds(2)});
  act_ = [&](std::string, WorkTurn turn) { return turn.failures() < 20 ? Fail() : Nap(); };
  runner_->Start();
  runner_->Post("a");
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_EQ(notes_.size(), 21u);
}

TEST_F(RunnerTest, AnExceptionIsAFailureAndEndsNoOthersTurn) {
  act_ = [](std::string work, WorkTurn turn) -> End {
    if (work == "b.throws" && turn.failures() == 0) throw std::runtime_error("broken");
    if (work == "c.throws at once" && turn.failures() == 0) {
      return [](int thrown) -> End {
        throw thrown;
        co_return TurnEnd::Done();
      }(7);
    }
    return Nap();
  };
  runner_->Start();
  for (const char* work : {"a.one", "b.throws", "c.throws at once", "a.two"}) runner_->Post(work);
  runner_->WaitIdle();
  runner_->Post("a.three");
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_THAT(notes_, UnorderedElementsAre("a.one", "b.throws", "c.throws at once", "a.two", "b.throws",
                                           "c.throws at once", "a.three"));
  EXPECT_THAT(failures_, UnorderedElementsAre("b.throws 1: an exception: broken",
                                              "c.throws at once 1: an exception: an exception of unknown type"));
}

TEST_F(RunnerTest, WhatFailsIsKnownUntilItSucceeds) {
  std::atomic<bool> fails = true;
  act_ = [&](std::string work, WorkTurn) { return work != "b.good" && fails ? Fail() : Nap(); };
  runner_ = Make({3, 3}, {}, {.retry_delay_min = milliseconds(1)});
  runner_->Start();
  for (const char* work : {"c.stuck", "a.stuck", "b.good"}) runner_->Post(work);
  WaitForSteps(7);
  std::vector<Failing<std::string>> failing = runner_->failing();
  ASSERT_EQ(failing.size(), 2u);
  EXPECT_EQ(failing[0].work, "a.stuck");
  EXPECT_EQ(failing[0].cause, "not now");
  EXPECT_GE(failing[0].failures, 1);
  EXPECT_LE(failing[0].since, std::chrono::steady_clock::now());
  EXPECT_EQ(failing[1].work, "c.stuck");
  const auto since = failing[0].since;
  WaitForSteps(12);
  EXPECT_EQ(runner_->failing().at(0).since, since) << "of the first failure in a row";
  fails = false;
  runner_->WaitIdle();
  EXPECT_TRUE(runner_->failing().empty());
  fails = true;
  runner_->Post("a.stuck");
  while (runner_->failing().empty()) std::this_thread::yield();
  runner_->Stop();
  EXPECT_TRUE(runner_->failing().empty()) << "a stopped runner works on nothing";
}

TEST_F(RunnerTest, AnotherTurnComesBehindWhoWaits) {
  runner_ = Make({1, 1}, {}, {.turn_max = milliseconds(0)});
  int turns = 0;
  act_ = [&](std::string work, WorkTurn turn) -> End {
    if (work != "a.much") co_return TurnEnd::Done();
    co_await Sleep(milliseconds(2), turn.stop());
    while (++turns < 100) {
      if (turn.ShouldYield()) co_return TurnEnd::Again();
    }
    co_return TurnEnd::Done();
  };
  for (const char* work : {"a.much", "b.1", "c.1"}) runner_->Post(work);
  runner_->Start();
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_THAT(notes_, ElementsAre("a.much", "b.1", "c.1", "a.much")) << "and nobody waits any more";
}

TEST_F(RunnerTest, AShortTurnNeedNotYield) {
  runner_ = Make({1, 1});
  bool yields = true;
  act_ = [&](std::string, WorkTurn turn) -> End {
    yields = turn.ShouldYield();
    co_return TurnEnd::Done();
  };
  for (const char* work : {"a", "b"}) runner_->Post(work);
  runner_->Start();
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_FALSE(yields);
}

TEST_F(RunnerTest, ATurnLaterAndWorkPostedForLaterWaitThatLong) {
  int turns = 0;
  act_ = [&](std::string, WorkTurn) -> End {
    co_return ++turns < 3 ? TurnEnd::Again(milliseconds(20)) : TurnEnd::Done();
  };
  runner_->Start();
  const auto began = std::chrono::steady_clock::now();
  runner_->Post("a", milliseconds(20));
  runner_->WaitIdle();
  EXPECT_EQ(turns, 3);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(60));
  // Stopping waits for neither.
  turns = 0;
  act_ = [&](std::string, WorkTurn) -> End { co_return TurnEnd::Again(kEver); };
  runner_->Post("a", kEver);
  runner_->Post("b");
  WaitForSteps(4);
  runner_->Stop();
  runner_->WaitIdle();
}

TEST_F(RunnerTest, StoppingEndsStepsAndPausesAndDropsWhatWaits) {
  act_ = [&](std::string work, WorkTurn turn) { return work == "failing" ? Fail() : Endless(std::move(turn)); };
  runner_->Start();
  for (const char* work : {"endless", "endless, too", "failing", "endless, where failing was", "waiting"}) {
    runner_->Post(work);
  }
  WaitForSteps(4);
  runner_->Stop();
  EXPECT_EQ(notes_.size(), 4u);
  runner_->WaitIdle();

  act_ = [](std::string, WorkTurn) { return Nap(); };
  runner_->Start();
  runner_->Post("waiting");
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_EQ(notes_.back(), "waiting");
}

TEST_F(RunnerTest, StoppingWaitsForTheStepInHand) {
  std::atomic<bool> ended = false;
  act_ = [&](std::string, WorkTurn) -> End {
    co_await Sleep(milliseconds(30), {});  // a step that doesn't look whether it should end
    ended = true;
    co_return TurnEnd::Done();
  };
  runner_->Start();
  runner_->Post("a");
  WaitForSteps(1);
  runner_->Stop();
  EXPECT_TRUE(ended);
}

TEST_F(RunnerTest, AStepInVainIsTakenAnewAtOnce) {
  bool endless = true;
  is_in_vain_ = true;
  act_ = [&](std::string, WorkTurn turn) { return std::exchange(endless, false) ? Endless(turn) : Nap(); };
  runner_->Start();
  runner_->Post("changed");
  runner_->Post("changed");
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_THAT(notes_, ElementsAre("changed", "changed"));
  EXPECT_TRUE(failures_.empty());
}

TEST_F(RunnerTest, WhatIsPostedAgainMayGoFirst) {
  runner_ = Make({1, 1}, {}, {.posted_again = PostedAgain::kFirst, .retry_delay_min = kEver, .retry_delay_max = kEver});
  bool fails = true;
  act_ = [&](std::string work, WorkTurn) {
    // A turn that has begun sees by itself to what is new.
    if (work == "a.1") runner_->Post("a.1");
    return work == "a.2" && std::exchange(fails, false) ? Fail() : Nap();
  };
  for (const char* work : {"a.1", "a.2", "a.3", "a.4", "a.4"}) runner_->Post(work);
  runner_->Start();
  WaitForSteps(4);
  EXPECT_THAT(First(4), ElementsAre("a.1", "a.4", "a.2", "a.3"));
  runner_->Post("a.2");  // which pauses
  runner_->WaitIdle();
  runner_->Stop();
  EXPECT_THAT(notes_, ElementsAre("a.1", "a.4", "a.2", "a.3", "a.2"));
}

TEST_F(RunnerTest, WhatIsDoneEveryPeriodIsDoneUntilItIsStopped) {
  std::atomic<int> times = 0;
  runner_->Start();
  runner_->Every(milliseconds(1), [&] { ++times; });
  runner_->Every(kEver, [&] { times = 1000; });
  while (times < 3) std::this_thread::yield();
  runner_->WaitIdle();  // it is no work
  runner_->Stop();
  const int then = times;
  std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(times, then);
  EXPECT_LT(then, 1000);
}

TEST(OnThread, TheTaskIsElsewhereAndTheCallerWhereItWas) {
  const auto id = []() -> Task<std::thread::id> { co_return std::this_thread::get_id(); };
  const auto here = std::this_thread::get_id();
  const auto compare = [here](Task<std::thread::id> task) -> Task<bool> {
    const std::thread::id there = co_await OnThread("elsewhere", std::move(task));
    EXPECT_NE(there, here);
    EXPECT_EQ(std::this_thread::get_id(), here);
    co_return true;
  };
  RunTask(compare(id()));
}

TEST(OnThread, AnExceptionIsTheCallers) {
  const auto fail = []() -> Task<int> {
    throw std::runtime_error("broken");
    co_return 0;
  };
  EXPECT_THROW(RunTask(OnThread("elsewhere", fail())), std::runtime_error);
}

}  // namespace
}  // namespace insula::control
