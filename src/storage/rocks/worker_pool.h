// Threads for what may block: cold reads, commits, opening stores.
#pragma once

#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/task.h"
#include "storage/rocks/resume.h"

namespace insula::storage::rocks {

// Runs jobs in order of submission. Threads start with the first job that finds none idle, up to `threads_max`; those
// of work that can wait are behind all others (base/background_thread.h). Safe from any thread.
class WorkerPool {
 public:
  // Lives where its owner keeps it, until Run() has been called.
  class Job {
   public:
    virtual ~Job() = default;
    virtual void Run() = 0;

   private:
    friend class WorkerPool;
    Job* next_ = nullptr;
  };

  enum class Work { kRequests, kCanWait };

  // `name`: 15 characters at most.
  WorkerPool(std::string name, std::size_t threads_max, Work work = Work::kRequests)
      : name_(std::move(name)), threads_max_(threads_max), work_(work) {}
  ~WorkerPool() { Stop(); }

  void Submit(Job* job);
  // Runs what was submitted, then ends the threads. Nothing may be submitted afterwards.
  void Stop();

 private:
  void WorkOff();
  Job* Next();  // waits for it; nullptr: there is none left, and it stops

  const std::string name_;
  const std::size_t threads_max_;
  const Work work_;

  Mutex mutex_;
  CondVar wake_;
  Job* head_ INSULA_GUARDED_BY(mutex_) = nullptr;
  Job* tail_ INSULA_GUARDED_BY(mutex_) = nullptr;
  std::size_t idle_ INSULA_GUARDED_BY(mutex_) = 0;
  bool stopping_ INSULA_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ INSULA_GUARDED_BY(mutex_);
};

// Runs `work` on the pool and resumes the caller, on its own executor, with what it returned.
template <class Work>
Task<std::invoke_result_t<Work&>> RunOn(WorkerPool* pool, Work work) {
  using Value = std::invoke_result_t<Work&>;
  struct BlockingJob final : WorkerPool::Job {
    Work* work = nullptr;
    std::optional<Value> value;
    std::optional<Suspended> caller;
    void Run() override {
      value.emplace((*work)());
      Suspended resumed = *std::move(caller);
      caller.reset();
      Resume(std::move(resumed));  // `this` may be gone from here on
    }
  };
  BlockingJob job;
  job.work = &work;
  co_await Suspend([pool, job = &job](Suspended caller) {
    job->caller.emplace(std::move(caller));
    pool->Submit(job);
  });
  co_return *std::move(job.value);
}

}  // namespace insula::storage::rocks
