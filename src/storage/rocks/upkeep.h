// The engine's background thread: deadlines of locks, free space, damaged files, idle stores, sweeping.
#pragma once

#include <thread>

#include "base/mutex.h"

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
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ INSULA_GUARDED_BY(mutex_) = false;
  bool sweep_ INSULA_GUARDED_BY(mutex_) = true;  // at first, for what an earlier run left
  std::thread thread_;
};

}  // namespace insula::storage::rocks
