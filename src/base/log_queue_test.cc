#include "base/log_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/mutex.h"

namespace insula {
namespace {

// A reader that stands still until it is let go.
class StuckSink : public LogSink {
 public:
  void Write(LogLevel, std::string_view message, std::span<const LogField> fields) override {
    const MutexLock lock(mutex_);
    ++begun_;
    changed_.NotifyAll();
    while (stuck_) changed_.Wait(mutex_);
    lines_.emplace_back(message);
    for (const auto& [name, value] : fields) lines_.back() += " " + std::string(name) + "=" + value;
  }
  void LetGo() {
    const MutexLock lock(mutex_);
    stuck_ = false;
    changed_.NotifyAll();
  }
  void WaitUntilReading() {
    const MutexLock lock(mutex_);
    while (begun_ == 0) changed_.Wait(mutex_);
  }
  std::vector<std::string> Lines() {
    const MutexLock lock(mutex_);
    return lines_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool stuck_ INSULA_GUARDED_BY(mutex_) = true;
  int begun_ INSULA_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> lines_ INSULA_GUARDED_BY(mutex_);
};

void Say(LogSink& log, const std::string& message) {
  const LogField fields[] = {{"n", "1"}};
  log.Write(LogLevel::kInfo, message, fields);
}

TEST(LogQueue, NobodyWaitsForAReaderThatStandsStill) {
  const auto sink = std::make_shared<StuckSink>();
  {
    LogQueue queue(sink, 3);
    Say(queue, "first");
    sink->WaitUntilReading();  // and has "first" in hand
    for (int i = 0; i < 1000; ++i) Say(queue, "line " + std::to_string(i));
    EXPECT_TRUE(sink->Lines().empty());
    sink->LetGo();
  }
  EXPECT_EQ(sink->Lines(), (std::vector<std::string>{
                               "first n=1", "line 0 n=1", "line 1 n=1", "line 2 n=1",
                               "the log isn't written as fast as it is told: events were left out left_out=997"}));
}

TEST(LogQueue, WritesAllInOrderBeforeItGoes) {
  const auto sink = std::make_shared<StuckSink>();
  sink->LetGo();
  {
    LogQueue queue(sink);
    for (int i = 0; i < 5000; ++i) Say(queue, std::to_string(i));
  }
  const std::vector<std::string> lines = sink->Lines();
  ASSERT_EQ(lines.size(), 5000U);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(lines[static_cast<std::size_t>(i)], std::to_string(i) + " n=1");
}

TEST(LogQueue, StopsThoughItsReaderStandsStill) {
  const auto sink = std::make_shared<StuckSink>();
  const auto began = std::chrono::steady_clock::now();
  {
    LogQueue queue(sink);
    Say(queue, "nobody reads this");
    sink->WaitUntilReading();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4 * LogQueue::kStopWait);
  sink->LetGo();
}

}  // namespace
}  // namespace insula
