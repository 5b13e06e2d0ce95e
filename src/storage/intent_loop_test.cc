#include "storage/intent_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace insula::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::chrono::hours kEver{1};

// A loop whose steps are noted, and do what the test says.
class IntentLoopTest : public ::testing::Test {
 protected:
  using Loop = IntentLoop<std::string>;
  ~IntentLoopTest() override {
    if (loop_->started()) loop_->Stop();
  }
  Task<Result<void>> Take(std::string intent, std::stop_token stop) {
    notes_.push_back(intent);
    ++steps_;
    in_hand_most_ = std::max(in_hand_most_, ++in_hand_);
    Result<void> done = co_await act_(std::move(intent), std::move(stop));
    --in_hand_;
    co_return done;
  }
  // Until it is stopped.
  Task<Result<void>> Endless(std::stop_token stop) {
    bool going_on = true;
    while (going_on && !stop.stop_requested()) going_on = co_await loop_->Sleep(std::chrono::milliseconds(1));
    co_return Error(ErrorCode::kServiceUnavailable, "stopped");
  }
  Task<Result<void>> Nap() {
    co_await loop_->Sleep(std::chrono::milliseconds(2));
    co_return Result<void>();
  }

  Loop::Step act_ = [this](std::string, std::stop_token) { return Nap(); };
  std::atomic<int> steps_{0};
  // The loop's thread's while it runs.
  std::vector<std::string> notes_;
  int in_hand_ = 0, in_hand_most_ = 0;
  // An intent is OWNER.WHAT, and long if it says so.
  static ContextNames OwnerOf(const std::string& intent) {
    return {EnvironmentName("prod"), ServiceName("catalog"), TenantId(intent.substr(0, intent.find('.')))};
  }
  std::unique_ptr<Loop> Make(TurnPlaces short_places, TurnPlaces long_places = {}) {
    IntentSharing<std::string> sharing{
        .owner = OwnerOf,
        .is_long = [](const std::string& intent) { return intent.find("long") != std::string::npos; },
        .short_places = short_places,
        .long_places = long_places};
    return std::make_unique<Loop>(std::move(sharing), [this](std::string intent, std::stop_token stop) {
      return Take(std::move(intent), std::move(stop));
    });
  }
  std::unique_ptr<Loop> loop_ = Make({3, 3});
};

TEST_F(IntentLoopTest, TakesEachAndOnlySoManyAtATime) {
  for (const char* intent : {"a", "b", "c", "d", "e", "b", "e"}) loop_->Post(intent);
  loop_->Start();
  loop_->WaitIdle();
  loop_->Stop();
  EXPECT_THAT(notes_, UnorderedElementsAre("a", "b", "b", "c", "d", "e"))
      << "b was in hand when it came again, e queued";
  EXPECT_EQ(in_hand_most_, 3);
}

TEST_F(IntentLoopTest, OwnersTakeTurns) {
  loop_ = Make({1, 1});
  for (int i = 0; i < 50; ++i) loop_->Post("busy." + std::to_string(i));
  loop_->Post("quiet.one");
  loop_->Post("quiet.two");
  loop_->Start();
  loop_->WaitIdle();
  loop_->Stop();
  ASSERT_EQ(notes_.size(), 52u);
  notes_.resize(5);
  EXPECT_THAT(notes_, ElementsAre("busy.0", "busy.1", "quiet.one", "busy.2", "quiet.two"))
      << "busy's second was in line before quiet's first came";
}

TEST_F(IntentLoopTest, WhatIsLongKeepsNothingShortWaiting) {
  loop_ = Make({1, 1}, {2, 1});
  act_ = [&](std::string intent, std::stop_token stop) {
    return intent.find("long") != std::string::npos ? Endless(std::move(stop)) : Nap();
  };
  for (const char* owner : {"a", "b", "c", "d"}) loop_->Post(std::string(owner) + ".long");
  loop_->Post("a.short");
  loop_->Post("e.short");
  loop_->Start();
  while (steps_ < 4) std::this_thread::yield();
  loop_->Stop();
  EXPECT_THAT(notes_, UnorderedElementsAre("a.long", "b.long", "a.short", "e.short"));
}

TEST_F(IntentLoopTest, WhatFailsHoldsNoPlace) {
  loop_ = Make({1, 1});
  act_ = [&](std::string intent, std::stop_token) -> Task<Result<void>> {
    if (intent == "a.fails") co_return Error(ErrorCode::kIo, "not now");
    co_return Result<void>();
  };
  loop_->Post("a.fails");
  for (int i = 0; i < 20; ++i) loop_->Post("a." + std::to_string(i));
  loop_->Start();
  while (steps_ < 21) std::this_thread::yield();
  loop_->Stop();
  EXPECT_EQ(notes_.front(), "a.fails");
  EXPECT_EQ(notes_[1], "a.0");
}

TEST_F(IntentLoopTest, WhatFailsIsTakenAgain) {
  int failures = 2;
  act_ = [&](std::string, std::stop_token) -> Task<Result<void>> {
    if (failures-- > 0) co_return Error(ErrorCode::kIo, "not now");
    co_return Result<void>();
  };
  const auto began = std::chrono::steady_clock::now();
  loop_->Start();
  loop_->Post("a");
  loop_->WaitIdle();
  loop_->Stop();
  EXPECT_THAT(notes_, ElementsAre("a", "a", "a"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(300)) << "after 100 ms, then 200";
}

TEST_F(IntentLoopTest, StoppingEndsStepsAndPausesAndDropsWhatWaits) {
  act_ = [&](std::string intent, std::stop_token stop) -> Task<Result<void>> {
    if (intent.starts_with("endless")) return Endless(std::move(stop));
    if (intent == "asleep")
      return [](Loop* loop) -> Task<Result<void>> {
        co_await loop->Sleep(kEver);
        co_return Result<void>();
      }(loop_.get());
    return []() -> Task<Result<void>> { co_return Error(ErrorCode::kIo, "fails, and waits for its next turn"); }();
  };
  loop_->Start();
  for (const char* intent : {"endless", "asleep", "failing", "endless, where failing was", "waiting"}) {
    loop_->Post(intent);
  }
  while (steps_ < 4) std::this_thread::yield();
  loop_->Stop();
  EXPECT_EQ(notes_.size(), 4u);
  loop_->WaitIdle();

  act_ = [this](std::string, std::stop_token) { return Nap(); };
  loop_->Start();
  loop_->Post("waiting");
  loop_->WaitIdle();
  loop_->Stop();
  EXPECT_EQ(notes_.back(), "waiting");
}

TEST_F(IntentLoopTest, AStepInVainIsTakenAnewAtOnce) {
  bool endless = true;
  loop_->StopWhenInVain([&](const std::string& intent) { return intent == "changed"; });
  act_ = [&](std::string, std::stop_token stop) { return std::exchange(endless, false) ? Endless(stop) : Nap(); };
  loop_->Start();
  loop_->Post("changed");
  loop_->Post("changed");
  loop_->WaitIdle();
  loop_->Stop();
  EXPECT_THAT(notes_, ElementsAre("changed", "changed"));
}

}  // namespace
}  // namespace insula::storage
