#include "storage/rocks/worker_pool.h"

#include <pthread.h>

#include "base/background_thread.h"
#include "base/check.h"

namespace insula::storage::rocks {

void WorkerPool::Submit(Job* job) {
  job->next_ = nullptr;
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    INSULA_CHECK(!stopping_);
    (tail_ ? tail_->next_ : head_) = job;
    tail_ = job;
    if (idle_ > 0) {
      wake = true;
    } else if (threads_.size() < threads_max_) {
      threads_.emplace_back([this] { WorkOff(); });
    }
  }
  if (wake) wake_.notify_one();
}

void WorkerPool::WorkOff() {
  if (work_ == Work::kCanWait) {
    BecomeBackgroundThread(name_.c_str());
  } else {
    pthread_setname_np(pthread_self(), name_.c_str());
  }
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!head_ && !stopping_) {
      ++idle_;
      wake_.wait(lock);
      --idle_;
    }
    if (!head_) return;
    Job* job = head_;
    head_ = job->next_;
    if (!head_) tail_ = nullptr;
    lock.unlock();
    job->Run();
    lock.lock();
  }
}

void WorkerPool::Stop() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace insula::storage::rocks
