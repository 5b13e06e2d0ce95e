// Works off what the catalog has decided (tenancy/intents.h, tenancy/backup_intents.h), on a thread of its own: several
// intents at a time, but never two of the same thing. Contexts take turns (base/turns.h), and what takes long has
// places of its own: neither one context's many intents nor everybody's long ones keep another's short one waiting.
#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/result.h"
#include "base/task.h"
#include "base/turns.h"
#include "model/ids.h"

namespace insula::storage {

// Whose an intent is, how long its step may take, and how many are in hand at a time. The functions are called on the
// loop's thread.
template <class Intent>
struct IntentSharing {
  std::function<ContextNames(const Intent&)> owner;
  // Whether its step goes through a table's items, as things are now.
  std::function<bool(const Intent&)> is_long;
  TurnPlaces short_places, long_places;
};

// `Intent` is ordered. A step that fails is taken again, after a tenth of a second first and ten seconds at most; its
// place is another's meanwhile.
template <class Intent>
class IntentLoop {
 public:
  // Runs on the loop's thread, as does whatever it awaits there. The token says that the step is to end, with whatever
  // result: the loop stops, or it was found to be in vain.
  using Step = std::function<Task<Result<void>>(Intent, std::stop_token)>;

  IntentLoop(IntentSharing<Intent> sharing, Step step)
      : sharing_(std::move(sharing)),
        step_(std::move(step)),
        short_(sharing_.short_places),
        long_(sharing_.long_places) {}
  // Asked, on the loop's thread, when an intent is told of again while it is in hand: whether its step is in vain by
  // now. Such a step is stopped and taken anew.
  void StopWhenInVain(std::function<bool(const Intent&)> is_in_vain) { is_in_vain_ = std::move(is_in_vain); }
  ~IntentLoop() { INSULA_CHECK(!thread_.joinable()); }

  void Start() {
    INSULA_CHECK(!thread_.joinable());
    loop_.restart();
    stopping_ = false;
    work_.emplace(loop_.get_executor());
    thread_ = std::thread([this] { loop_.run(); });
  }
  bool started() const { return thread_.joinable(); }

  // Takes up nothing more, stops the steps in hand and waits for them. Precondition: nobody posts any more.
  void Stop() {
    boost::asio::post(loop_, [this] {
      stopping_ = true;
      for (auto& [intent, taken] : in_hand_) taken.stop.request_stop();
      {
        const std::lock_guard lock(idle_mutex_);
        idle_count_ -= short_.waiting() + long_.waiting();
      }
      short_.Clear();
      long_.Clear();
      queued_.clear();
      for (boost::asio::steady_timer* timer : sleeping_) timer->cancel();
      work_.reset();  // the loop ends when the steps in hand do
    });
    thread_.join();
    idle_.notify_all();
  }

  // An intent counts from the moment it is posted until it is worked off, merged into an equal one, or dropped. Safe
  // from any thread.
  void Post(Intent intent) {
    {
      const std::lock_guard lock(idle_mutex_);
      ++idle_count_;
    }
    boost::asio::post(loop_, [this, intent = std::move(intent)] { Take(intent); });
  }

  // Returns once nothing is posted or in hand. Safe from any thread but the loop's.
  void WaitIdle() {
    std::unique_lock lock(idle_mutex_);
    idle_.wait(lock, [this] { return idle_count_ == 0; });
  }

  // Runs beside the intents until it returns; the loop doesn't end before.
  void Spawn(Task<void> task) { boost::asio::co_spawn(loop_, std::move(task), boost::asio::detached); }
  // On the loop's thread: until then, or until the loop stops. False if it does.
  Task<bool> Sleep(std::chrono::milliseconds delay) {
    if (stopping_) co_return false;
    boost::asio::steady_timer timer(loop_, delay);
    sleeping_.insert(&timer);
    boost::system::error_code cancelled;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    sleeping_.erase(&timer);
    co_return !stopping_;
  }

 private:
  static constexpr std::chrono::milliseconds kRetryDelayMin{100};
  static constexpr std::chrono::milliseconds kRetryDelayMax{10'000};

  struct Waiting {
    Intent intent;
    std::chrono::milliseconds delay = kRetryDelayMin;  // before it is taken again, should its step fail
  };
  using Line = Turns<ContextNames, Waiting>;
  struct Taken {
    std::stop_source stop;
    bool again = false;  // it came while it was in hand
  };

  void Uncount() {
    const std::lock_guard lock(idle_mutex_);
    if (--idle_count_ == 0) idle_.notify_all();
  }

  void Take(const Intent& intent) {
    if (stopping_) return Uncount();
    if (const auto found = in_hand_.find(intent); found != in_hand_.end()) {
      // It is looked at once more before it ends.
      found->second.again = true;
      if (is_in_vain_ && is_in_vain_(intent)) found->second.stop.request_stop();
      return Uncount();
    }
    if (queued_.contains(intent)) return Uncount();
    GetInLine({intent});
    Next();
  }

  bool IsLong(const Intent& intent) const { return sharing_.is_long && sharing_.is_long(intent); }

  void GetInLine(Waiting waiting) {
    queued_.insert(waiting.intent);
    Line& line = IsLong(waiting.intent) ? long_ : short_;
    const ContextNames owner = sharing_.owner(waiting.intent);
    line.Push(owner, std::move(waiting));
  }

  void Next() {
    while (!stopping_) {
      auto next = short_.Take();
      if (!next) break;
      if (IsLong(next->second.intent)) {  // by now
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
  }

  void Begin(Line* line, ContextNames owner, Waiting waiting) {
    queued_.erase(waiting.intent);
    in_hand_.try_emplace(waiting.intent);
    Spawn(Work(line, std::move(owner), std::move(waiting)));
  }

  Task<void> Work(Line* line, ContextNames owner, Waiting waiting) {
    Taken& taken = in_hand_.at(waiting.intent);
    const Result<void> done = co_await step_(waiting.intent, taken.stop.get_token());
    line->Done(owner);
    const bool failed = !done.ok() && !taken.stop.stop_requested();
    if (failed && !stopping_) {
      Next();
      co_await Sleep(waiting.delay);
      waiting.delay = std::min(waiting.delay * 2, kRetryDelayMax);
    }
    const bool once_more = failed || taken.again || taken.stop.stop_requested();
    in_hand_.erase(waiting.intent);
    if (once_more && !stopping_) {
      GetInLine(std::move(waiting));
    } else {
      Uncount();
    }
    Next();
  }

  const IntentSharing<Intent> sharing_;
  const Step step_;
  std::function<bool(const Intent&)> is_in_vain_;

  // The loop's own, but for thread_ and idle_*.
  boost::asio::io_context loop_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
  bool stopping_ = false;
  Line short_, long_;
  std::set<Intent> queued_;          // what waits in either
  std::map<Intent, Taken> in_hand_;  // being worked on, or pausing after a failure
  std::set<boost::asio::steady_timer*> sleeping_;

  std::mutex idle_mutex_;
  std::condition_variable idle_;
  std::size_t idle_count_ = 0;  // guarded by idle_mutex_
};

}  // namespace insula::storage
