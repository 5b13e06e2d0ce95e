#include "storage/rocks/worker_pool.h"

#include <pthread.h>

#include "base/background_thread.h"
#include "base/check.h"

namespace insula::storage::rocks {

void WorkerPool::Submit(Job* job) {
  job->next_ = nullptr;
  bool wake = false;
  {
    const MutexLock lock(mutex_);
    INSULA_CHECK(!stopping_);
    (tail_ ? tail_->next_ : head_) = job;
    tail_ = job;
    if (idle_ > 0) {
      wake = true;
    } else if (threads_.size() < threads_max_) {
      threads_.emplace_back([this] { WorkOff(); });
    }
  }
  if (wake) wake_.NotifyOne();
}

void WorkerPool::WorkOff() {
  if (work_ == Work::kCanWait) {
    BecomeBackgroundThread(name_.c_str());
  } else {
    pthread_setname_np(pthread_self(), name_.c_str());
  }
  while (Job* job = Next()) job->Run();
}

WorkerPool::Job* WorkerPool::Next() {
  const MutexLock lock(mutex_);
  while (!head_ && !stopping_) {
    ++idle_;
    wake_.Wait(mutex_);
    --idle_;
  }
  if (!head_) return nullptr;
  Job* job = head_;
  head_ = job->next_;
  if (!head_) tail_ = nullptr;
  return job;
}

void WorkerPool::Stop() {
  std::vector<std::thread> threads;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.NotifyAll();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace insula::storage::rocks
