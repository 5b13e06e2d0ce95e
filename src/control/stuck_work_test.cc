// How work that fails is told to operators.
#include "control/stuck_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/log_capture.h"

namespace insula::control {
namespace {

using ::testing::ElementsAre;

TEST(StuckWork, HasAReasonWithoutNames) {
  StuckWork stuck{{}, "Music", "making the table", "no room", 1, std::chrono::seconds(0)};
  EXPECT_EQ(ReasonOf(stuck), "making the table fails: no room (1 time in 0 s)");
  stuck.failures = 7;
  stuck.for_ = std::chrono::seconds(63);
  EXPECT_EQ(ReasonOf(stuck), "making the table fails: no room (7 times in 63 s)");
}

TEST(StuckWork, AFloodIsKeptOutOfTheLog) {
  LogCapture log;
  LogLimit limit(2, std::chrono::hours(1));
  const StuckWork tenant{
      {EnvironmentName(""), ServiceName(""), TenantId("acme")}, "", "removing the tenant", "no", 1, {}};
  for (int i = 0; i < 5; ++i) LogStuck(tenant, &limit);
  EXPECT_THAT(log.Take(), ElementsAre("warn removing the tenant failed and is tried again; room=control, context=acme, "
                                      "table=, cause=no, failures=1, not_logged_before=0",
                                      ::testing::_));
}

}  // namespace
}  // namespace insula::control
