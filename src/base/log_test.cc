// The log as rooms write it: what reaches the sink, that none is needed, and that a flood is kept out.
#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <thread>

#include "base/detached.h"
#include "base/task.h"
#include "base/testing/log_capture.h"

namespace insula {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Log, GoesNowhereWithoutASink) { Log(LogLevel::kError, "nobody hears", {{"field", "value"}}); }

TEST(Log, AnEventHasALevelAMessageAndFields) {
  LogCapture log;
  Log(LogLevel::kInfo, "plain");
  Log(LogLevel::kError, "with fields", {{"table", "Orders"}, {"cause", "no room"}});
  EXPECT_THAT(log.Take(), ElementsAre("info plain", "error with fields; table=Orders, cause=no room"));
  EXPECT_THAT(log.Take(), IsEmpty());
}

TEST(Log, TheFormerSinkComesBack) {
  LogCapture outer;
  {
    LogCapture inner;
    Log(LogLevel::kWarn, "inner");
    EXPECT_THAT(inner.Take(), ElementsAre("warn inner"));
  }
  Log(LogLevel::kWarn, "outer");
  EXPECT_THAT(outer.Take(), ElementsAre("warn outer"));
}

TEST(Log, ManyThreadsWriteWhileTheSinkChanges) {
  LogCapture log;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int j = 0; j < 500; ++j) Log(LogLevel::kDebug, "event", {{"n", std::to_string(j)}});
    });
  }
  for (int i = 0; i < 100; ++i) LogCapture other;
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(log.Take().size(), 2000u);
}

TEST(LogLimit, TheFirstOfAPeriodAreWrittenAndTheRestCounted) {
  LogLimit limit(2, milliseconds(1000));
  LogLimit::Time now{milliseconds(5000)};
  EXPECT_EQ(limit.Admit(now), 0u);
  EXPECT_EQ(limit.Admit(now), 0u);
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(limit.Admit(now += milliseconds(100)));
  now += milliseconds(1000);
  EXPECT_EQ(limit.Admit(now), 7u) << "what was left out is told once";
  EXPECT_EQ(limit.Admit(now), 0u);
  EXPECT_FALSE(limit.Admit(now));
}

TEST(LogFailure, AnExceptionOfATaskNobodyWaitsForIsLogged) {
  LogCapture log;
  boost::asio::io_context loop(1);
  int others = 0;
  const auto fail = []() -> Task<void> {
    throw std::runtime_error("broken");
    co_return;
  };
  const auto fail_oddly = []() -> Task<void> {
    throw 7;
    co_return;
  };
  const auto go_on = [&]() -> Task<void> {
    ++others;
    co_return;
  };
  boost::asio::co_spawn(loop, fail(), LogFailure("one"));
  boost::asio::co_spawn(loop, fail_oddly(), LogFailure("two"));
  boost::asio::co_spawn(loop, go_on(), LogFailure("three"));
  loop.run();
  EXPECT_EQ(others, 1);
  EXPECT_THAT(log.Take(),
              ElementsAre("error a task ended with an exception; task=one, cause=broken",
                          "error a task ended with an exception; task=two, cause=an exception of unknown type"));
}

}  // namespace
}  // namespace insula
