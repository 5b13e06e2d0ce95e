#include "base/clock.h"

namespace insula {
namespace {

class SystemClock : public Clock {
 public:
  WallTime Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  SteadyTime SteadyNow() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

Clock& Clock::System() {
  static SystemClock clock;
  return clock;
}

ManualClock::ManualClock(WallTime now) : now_us_(now.time_since_epoch().count()) {}

WallTime ManualClock::Now() const { return WallTime{std::chrono::microseconds{now_us_.load()}}; }

SteadyTime ManualClock::SteadyNow() const { return SteadyTime{std::chrono::microseconds{now_us_.load()}}; }

void ManualClock::Advance(std::chrono::microseconds step) { now_us_ += step.count(); }

}  // namespace insula
