// Mutexes of which the compiler knows what they guard: clang's -Wthread-safety refuses code that touches a member
// without the lock that its declaration names (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html). Other compilers
// see the standard library's mutexes and nothing else; there is no cost either way.
//
//   Mutex mutex_;
//   std::size_t count_ INSULA_GUARDED_BY(mutex_) = 0;  // read and written with mutex_ held
//   void Grow() INSULA_REQUIRES(mutex_);               // called with it held
//
// A lock is a scope: `const MutexLock lock(mutex_);`, of a SharedMutex SharedLock or ExclusiveLock. It ends before a
// co_await. The analysis sees one function at a time, and a lambda is one of its own: so what waits for a condition is
// a loop around CondVar::Wait, and not a predicate.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#ifdef __clang__
#define INSULA_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define INSULA_THREAD_ANNOTATION(x)
#endif

// Of a class: it is a lock; it holds one for as long as it lives.
#define INSULA_CAPABILITY(name) INSULA_THREAD_ANNOTATION(capability(name))
#define INSULA_SCOPED_CAPABILITY INSULA_THREAD_ANNOTATION(scoped_lockable)
// Of a member: it is touched with the lock held, and read with a shared one.
#define INSULA_GUARDED_BY(mutex) INSULA_THREAD_ANNOTATION(guarded_by(mutex))
// Of a function: its caller holds the lock; holds it at least shared; doesn't hold it, since the function takes it.
#define INSULA_REQUIRES(...) INSULA_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define INSULA_REQUIRES_SHARED(...) INSULA_THREAD_ANNOTATION(requires_shared_capability(__VA_ARGS__))
#define INSULA_EXCLUDES(...) INSULA_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
// Of a function: the lock is held when it has returned, or is no longer.
#define INSULA_ACQUIRE(...) INSULA_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define INSULA_ACQUIRE_SHARED(...) INSULA_THREAD_ANNOTATION(acquire_shared_capability(__VA_ARGS__))
#define INSULA_RELEASE(...) INSULA_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
// Of a function that is right for a reason that the analysis can't see. The reason stands beside it.
#define INSULA_NO_THREAD_SAFETY_ANALYSIS INSULA_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace insula {

// One holder at a time. Taken by MutexLock.
class INSULA_CAPABILITY("mutex") Mutex {
 private:
  friend class MutexLock;
  friend class CondVar;
  std::mutex mutex_;
};

// Many readers or one writer at a time. Taken by SharedLock and ExclusiveLock.
class INSULA_CAPABILITY("mutex") SharedMutex {
 private:
  friend class SharedLock;
  friend class ExclusiveLock;
  std::shared_mutex mutex_;
};

class INSULA_SCOPED_CAPABILITY [[nodiscard]] MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) INSULA_ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() INSULA_RELEASE() = default;

 private:
  const std::lock_guard<std::mutex> lock_;
};

class INSULA_SCOPED_CAPABILITY [[nodiscard]] SharedLock {
 public:
  explicit SharedLock(SharedMutex& mutex) INSULA_ACQUIRE_SHARED(mutex) : mutex_(mutex) { mutex_.mutex_.lock_shared(); }
  ~SharedLock() INSULA_RELEASE() { mutex_.mutex_.unlock_shared(); }
  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class INSULA_SCOPED_CAPABILITY [[nodiscard]] ExclusiveLock {
 public:
  explicit ExclusiveLock(SharedMutex& mutex) INSULA_ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~ExclusiveLock() INSULA_RELEASE() = default;

 private:
  const std::lock_guard<std::shared_mutex> lock_;
};

// What holders of a mutex wait for each other with.
class CondVar {
 public:
  // Lets go of the mutex until it is told, or for no reason at all: so the caller looks again at what it waits for.
  void Wait(Mutex& mutex) INSULA_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }
  // The same, but false once it is later than `until`.
  bool WaitUntil(Mutex& mutex, std::chrono::steady_clock::time_point until) INSULA_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    const std::cv_status status = changed_.wait_until(lock, until);
    lock.release();
    return status == std::cv_status::no_timeout;
  }

  void NotifyOne() { changed_.notify_one(); }
  void NotifyAll() { changed_.notify_all(); }

 private:
  std::condition_variable changed_;
};

}  // namespace insula
