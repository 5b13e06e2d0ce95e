// Runs what goes on behind requests. Work is posted, and gets its turns on a thread of the runner's:
//
//   fairness  Contexts take turns (base/turns.h), and what takes long has places of its own: neither one context's much
//             work nor everybody's long work keeps another's short work waiting.
//   length    Where others wait, a turn that has been long enough is told so (WorkTurn::ShouldYield).
//   retries   A turn that fails or throws delays its own work alone: that is taken again after a pause that doubles,
//   and
//             its place is another's meanwhile.
//   stop      Takes up nothing more, asks the turns in hand to end, and waits until they have.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/sleep.h"
#include "base/task.h"
#include "base/turns.h"
#include "control/failing.h"
#include "control/loop.h"
#include "control/work_turn.h"
#include "model/ids.h"

namespace insula::control {

// What a runner asks about work, and tells of it; on its own thread. A function may be missing.
template <class Work>
struct WorkRules {
  std::function<ContextNames(const Work&)> owner{};  // missing: it is all one owner's
  // Whether its turn takes long, as things are now; missing: none does.
  std::function<bool(const Work&)> is_long{};
  // Asked when work is posted again during its turn: whether the turn is in vain by now. Such a turn is asked to end,
  // and the work taken anew.
  std::function<bool(const Work&)> is_in_vain{};
  std::function<void(const Failing<Work>&)> on_failure{};
  TurnPlaces short_places{}, long_places{};
};

// What becomes of work that is posted while it waits, has its turn or pauses already.
enum class PostedAgain : std::uint8_t {
  kTurnAfterThis,  // a turn that it has may have missed what is new: it gets another
  kFirst,          // it is the next of its owner's, and a pause ends; a turn that it has sees to what is new by itself
};

struct RunnerOptions {
  const char* name = "control";  // of its thread: 15 characters at most
  Loop::Priority priority = Loop::Priority::kLikeRequests;
  PostedAgain posted_again = PostedAgain::kTurnAfterThis;
  std::chrono::milliseconds retry_delay_min{100};
  std::chrono::milliseconds retry_delay_max{10'000};
  std::chrono::milliseconds turn_max{20'000};
};

// The work of a runner that has but one thing to do, time and again.
struct Rounds {
  auto operator<=>(const Rounds&) const = default;
};

// `Work` is ordered and cheap to copy: what is equal is the same work, and has one turn at a time. Start and Stop are
// the owner's; the rest is safe from any thread.
template <class Work>
class Runner {
 public:
  // Runs on the runner's thread, as does whatever it awaits there.
  using Step = std::function<Task<Result<TurnEnd>>(Work, WorkTurn)>;

  Runner(WorkRules<Work> rules, Step step, RunnerOptions options = {})
      : rules_(std::move(rules)),
        step_(std::move(step)),
        options_(options),
        loop_(options.name, options.priority),
        short_(rules_.short_places),
        long_(rules_.long_places) {}

  void Start() {
    stopping_ = false;
    stop_ = {};
    loop_.Start();
  }
  bool started() const { return loop_.started(); }

  // Precondition: nobody posts any more.
  void Stop() {
    loop_.Stop([this] {
      stopping_ = true;
      stop_.request_stop();
      for (auto& [work, taken] : taken_) {
        taken.turn.request_stop();
        taken.pause.request_stop();
      }
      Uncount(short_.waiting() + long_.waiting());
      short_.Clear();
      long_.Clear();
      queued_.clear();
      waiting_ = 0;
    });
    const MutexLock lock(mutex_);
    failing_.clear();
  }

  // Work counts until it is done, merged into equal work, or dropped by Stop.
  void Post(Work work, std::chrono::milliseconds after = {}) {
    {
      const MutexLock lock(mutex_);
      ++count_;
    }
    loop_.Post([this, work = std::move(work), after] { Take(work, after); });
  }

  // Calls `function` on the runner's thread, once in each period from one period after now, until Stop. Of an owner
  // that has started the runner.
  void Every(std::chrono::milliseconds period, std::function<void()> function) {
    loop_.Spawn(Repeat(period, std::move(function), stop_.get_token()));
  }

  // Returns once there is no work left. Not from the runner's thread.
  void WaitIdle() {
    const MutexLock lock(mutex_);
    while (count_ > 0) idle_.Wait(mutex_);
  }

  // What fails now, in the order of work.
  std::vector<Failing<Work>> failing() const {
    const MutexLock lock(mutex_);
    std::vector<Failing<Work>> failing;
    failing.reserve(failing_.size());
    for (const auto& [work, one] : failing_) failing.push_back(one);
    return failing;
  }

 private:
  struct Waiting {
    Work work;
    int failures = 0;  // in a row
  };
  using Line = Turns<ContextNames, Waiting>;
  // Work that has its turn, or pauses.
  struct Taken {
    std::stop_source turn, pause;
    bool pausing = false;
    bool again = false;  // it came during its turn
  };

  static Task<void> Repeat(std::chrono::milliseconds period, std::function<void()> function, std::stop_token stop) {
    for (;;) {
      const bool going_on = co_await Sleep(period, stop);
      if (!going_on) co_return;
      function();
    }
  }

  void Take(const Work& work, std::chrono::milliseconds after) {
    if (stopping_) return Uncount(1);
    if (const auto found = taken_.find(work); found != taken_.end()) {
      Taken& taken = found->second;
      if (options_.posted_again == PostedAgain::kTurnAfterThis) {
        taken.again = true;
        if (rules_.is_in_vain && rules_.is_in_vain(work)) taken.turn.request_stop();
      } else if (taken.pausing) {
        taken.pause.request_stop();
      }
      return Uncount(1);
    }
    if (queued_.contains(work)) {
      if (options_.posted_again == PostedAgain::kFirst) PutFirst(work);
      return Uncount(1);
    }
    if (after.count() > 0) {
      taken_.try_emplace(work);
      loop_.Spawn(TakeLater(Waiting{work}, after));
      return;
    }
    GetInLine(Waiting{work});
    Next();
  }

  ContextNames OwnerOf(const Work& work) const { return rules_.owner ? rules_.owner(work) : ContextNames{}; }
  bool IsLong(const Work& work) const { return rules_.is_long && rules_.is_long(work); }

  void GetInLine(Waiting waiting) {
    queued_.insert(waiting.work);
    Line& line = IsLong(waiting.work) ? long_ : short_;
    const ContextNames owner = OwnerOf(waiting.work);
    line.Push(owner, std::move(waiting));
  }

  void PutFirst(const Work& work) {
    const ContextNames owner = OwnerOf(work);
    const auto is_it = [&work](const Waiting& waiting) { return !(waiting.work < work) && !(work < waiting.work); };
    short_.PutFirst(owner, is_it);
    long_.PutFirst(owner, is_it);
  }

  void Next() {
    while (!stopping_) {
      auto next = short_.Take();
      if (!next) break;
      if (IsLong(next->second.work)) {  // by now
        short_.Done(next->first);
        long_.Push(next->first, std::move(next->second));
      } else {
        Begin(&short_, std::move(next->first), std::move(next->second));
      }
    }
    while (!stopping_) {
      auto next = long_.Take();
      if (!next) break;
      Begin(&long_, std::move(next->first), std::move(next->second));
    }
    waiting_ = short_.waiting() + long_.waiting();
  }

  void Begin(Line* line, ContextNames owner, Waiting waiting) {
    queued_.erase(waiting.work);
    taken_.try_emplace(waiting.work);
    loop_.Spawn(HaveTurn(line, std::move(owner), std::move(waiting)));
  }

  Task<void> HaveTurn(Line* line, ContextNames owner, Waiting waiting) {
    Taken& taken = taken_.at(waiting.work);
    const WorkTurn turn(taken.turn.get_token(), waiting.failures, options_.turn_max, waiting_);
    const Result<TurnEnd> end = co_await TakeStep(waiting.work, turn);
    line->Done(owner);
    const bool cut_short = taken.turn.stop_requested();
    std::chrono::milliseconds pause{0};
    bool once_more = taken.again || cut_short;
    if (end.ok()) {
      waiting.failures = 0;
      OnSuccess(waiting.work);
      if (end->again() && !once_more) pause = end->after();
      once_more = once_more || end->again();
    } else if (!cut_short) {
      ++waiting.failures;
      OnFailure(waiting, end.error());
      pause = DelayAfter(waiting.failures);
      once_more = true;
    }
    if (once_more && !stopping_) {
      Next();
      co_await TakeLater(std::move(waiting), pause);
    } else {
      taken_.erase(waiting.work);
      Uncount(1);
      Next();
    }
  }

  // A step is not to end the runner, whatever it does.
  Task<Result<TurnEnd>> TakeStep(Work work, WorkTurn turn) {
    std::string thrown;
    try {
      co_return co_await step_(std::move(work), std::move(turn));
    } catch (...) {
      thrown = WhatOf(std::current_exception());
    }
    co_return Error(ErrorCode::kInternalServerError, "an exception: " + thrown);
  }

  // Precondition: the work is taken, and has no turn.
  Task<void> TakeLater(Waiting waiting, std::chrono::milliseconds after) {
    if (after.count() > 0) {
      Taken& taken = taken_.at(waiting.work);
      taken.pausing = true;
      co_await Sleep(after, taken.pause.get_token());
    }
    taken_.erase(waiting.work);
    if (stopping_) {
      Uncount(1);
    } else {
      GetInLine(std::move(waiting));
      Next();
    }
  }

  std::chrono::milliseconds DelayAfter(int failures) const {
    const auto delay = options_.retry_delay_min * (std::int64_t{1} << std::min(failures - 1, 20));
    return std::min<std::chrono::milliseconds>(delay, options_.retry_delay_max);
  }

  void OnSuccess(const Work& work) {
    const MutexLock lock(mutex_);
    if (!failing_.empty()) failing_.erase(work);
  }

  void OnFailure(const Waiting& waiting, const Error& error) {
    Failing<Work> failing{waiting.work, error.message(), waiting.failures, std::chrono::steady_clock::now()};
    {
      const MutexLock lock(mutex_);
      const auto at = failing_.try_emplace(waiting.work, failing).first;
      failing.since = at->second.since;
      at->second = failing;
    }
    if (rules_.on_failure) rules_.on_failure(failing);
  }

  void Uncount(std::size_t done) {
    const MutexLock lock(mutex_);
    count_ -= done;
    if (count_ == 0) idle_.NotifyAll();
  }

  const WorkRules<Work> rules_;
  const Step step_;
  const RunnerOptions options_;
  Loop loop_;

  std::stop_source stop_;  // of what repeats; Start's and Stop's

  // The loop's own.
  bool stopping_ = false;
  Line short_, long_;
  std::set<Work> queued_;                 // what waits in either
  std::map<Work, Taken> taken_;           // what has its turn, or pauses
  std::atomic<std::size_t> waiting_ = 0;  // in both lines; written by the loop, read by turns wherever they are

  mutable Mutex mutex_;
  CondVar idle_;
  std::size_t count_ INSULA_GUARDED_BY(mutex_) = 0;  // of work that isn't done
  std::map<Work, Failing<Work>> failing_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::control
