// What a step of work is told of its turn, and how it says that the turn ended.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <utility>

namespace insula::control {

// One turn of a piece of work. Cheap to copy; not used after the step has ended. Safe from any thread.
class WorkTurn {
 public:
  using Clock = std::chrono::steady_clock;

  // `waiting` counts the work that could have a turn now, were there a place for it; it outlives the turn.
  WorkTurn(std::stop_token stop, int failures, std::chrono::milliseconds length_max,
           const std::atomic<std::size_t>& waiting)
      : stop_(std::move(stop)), failures_(failures), length_max_(length_max), waiting_(&waiting) {}

  // Requested: the step is to end soon, with whatever result. The runner stops, or the step was found to be in vain.
  const std::stop_token& stop() const { return stop_; }
  bool stopping() const { return stop_.stop_requested(); }
  // How often this work has failed in a row, before this turn.
  int failures() const { return failures_; }
  // Whether the turn has been long enough, as others wait: a step that can goes on in its next turn.
  bool ShouldYield() const { return waiting_->load() > 0 && Clock::now() - began_ >= length_max_; }

 private:
  std::stop_token stop_;
  int failures_;
  std::chrono::milliseconds length_max_;
  const std::atomic<std::size_t>* waiting_;
  Clock::time_point began_ = Clock::now();
};

// What is left to do after a turn that didn't fail.
class TurnEnd {
 public:
  static TurnEnd Done() { return TurnEnd(false, {}); }
  // Another turn, behind all who wait then.
  static TurnEnd Again(std::chrono::milliseconds after = {}) { return TurnEnd(true, after); }

  bool again() const { return again_; }
  std::chrono::milliseconds after() const { return after_; }

 private:
  TurnEnd(bool again, std::chrono::milliseconds after) : again_(again), after_(after) {}

  bool again_;
  std::chrono::milliseconds after_;
};

}  // namespace insula::control
