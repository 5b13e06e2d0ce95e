// Time as a dependency, so that tests hold it.
#pragma once

#include <atomic>
#include <chrono>

namespace insula {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;  // UTC
using SteadyTime = std::chrono::steady_clock::time_point;

// Safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Now() const = 0;          // may jump with the machine's clock
  virtual SteadyTime SteadyNow() const = 0;  // never goes back
  static Clock& System();
};

// Stands still until told to move.
class ManualClock : public Clock {
 public:
  explicit ManualClock(WallTime now = WallTime{std::chrono::seconds{1'700'000'000}});
  WallTime Now() const override;
  SteadyTime SteadyNow() const override;
  void Advance(std::chrono::microseconds step);

 private:
  std::atomic<std::int64_t> now_us_;
};

}  // namespace insula
