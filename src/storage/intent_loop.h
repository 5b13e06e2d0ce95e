// Works off what the catalog has decided (tenancy/intents.h, tenancy/backup_intents.h), on a thread of its own: several
// intents at a time, but never two of the same thing.
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
#include <deque>
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

namespace insula::storage {

// `Intent` is ordered. A step that fails is taken again, after a tenth of a second first and ten seconds at most.
template <class Intent>
class IntentLoop {
 public:
  // Runs on the loop's thread, as does whatever it awaits there. The token says that the step is to end, with whatever
  // result: the loop stops, or it was found to be in vain.
  using Step = std::function<Task<Result<void>>(Intent, std::stop_token)>;

  IntentLoop(std::size_t in_hand_max, Step step) : in_hand_max_(in_hand_max), step_(std::move(step)) {}
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
      for (auto& [intent, stop] : in_hand_) stop.request_stop();
      {
        const std::lock_guard lock(idle_mutex_);
        idle_count_ -= queue_.size();
      }
      queue_.clear();
      queued_.clear();
      for (boost::asio::steady_timer* timer : sleeping_) timer->cancel();
      work_.reset();  // the loop ends when the steps in hand do
    });
    thread_.join();
    again_.clear();
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

  void Uncount() {
    const std::lock_guard lock(idle_mutex_);
    if (--idle_count_ == 0) idle_.notify_all();
  }

  void Take(const Intent& intent) {
    if (stopping_) return Uncount();
    if (const auto found = in_hand_.find(intent); found != in_hand_.end()) {
      // It is looked at once more before it ends.
      again_.insert(intent);
      if (is_in_vain_ && is_in_vain_(intent)) found->second.request_stop();
      return Uncount();
    }
    if (!queued_.insert(intent).second) return Uncount();
    queue_.push_back(intent);
    Next();
  }

  void Next() {
    while (!stopping_ && !queue_.empty() && in_hand_.size() < in_hand_max_) {
      Intent intent = std::move(queue_.front());
      queue_.pop_front();
      queued_.erase(intent);
      in_hand_.try_emplace(intent);
      Spawn(Work(std::move(intent)));
    }
  }

  Task<void> Work(Intent intent) {
    std::chrono::milliseconds delay = kRetryDelayMin;
    while (!stopping_) {
      again_.erase(intent);
      std::stop_source& stop = in_hand_.at(intent);
      const Result<void> done = co_await step_(intent, stop.get_token());
      if (stopping_) break;
      if (stop.stop_requested()) {
        stop = std::stop_source();
        continue;
      }
      if (done.ok() && !again_.contains(intent)) break;
      if (done.ok()) continue;
      co_await Sleep(delay);
      delay = std::min(delay * 2, kRetryDelayMax);
    }
    in_hand_.erase(intent);
    Uncount();
    Next();
  }

  const std::size_t in_hand_max_;
  const Step step_;
  std::function<bool(const Intent&)> is_in_vain_;

  // The loop's own, but for thread_ and idle_*.
  boost::asio::io_context loop_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
  bool stopping_ = false;
  std::deque<Intent> queue_;
  std::set<Intent> queued_;                     // what is in queue_
  std::map<Intent, std::stop_source> in_hand_;  // being worked on
  std::set<Intent> again_;                      // came while it was in hand
  std::set<boost::asio::steady_timer*> sleeping_;

  std::mutex idle_mutex_;
  std::condition_variable idle_;
  std::size_t idle_count_ = 0;  // guarded by idle_mutex_
};

}  // namespace insula::storage
