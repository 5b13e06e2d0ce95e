// The engine's background thread: deadlines of locks, free space, damaged files, idle stores, sweeping.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace insula::storage::rocks {

struct EngineParts;

class Upkeep {
 public:
  explicit Upkeep(EngineParts* parts) : parts_(parts) {}
  ~Upkeep() { Stop(); }
  void Start();
  void Stop();       // waits; idempotent
  void SweepSoon();  // something was dropped

 private:
  void Work();
  void CheckSpace();
  void SweepAll();

  EngineParts* const parts_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  bool sweep_ = true;      // guarded by mutex_; at first, for what an earlier run left
  std::thread thread_;
};

}  // namespace insula::storage::rocks
