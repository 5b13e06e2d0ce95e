// The line that shows how far a restore is.
#include "app/follow_restores.h"

#include <gtest/gtest.h>

namespace insula::app {
namespace {

TEST(ProgressLine, ShowsPartSizesAndRate) {
  EXPECT_EQ(ProgressLine(500'000'000, 1'000'000'000, 5, 60),
            "[#############--------------]  500 MB of 1000 MB  100.0 MB/s");
  EXPECT_EQ(ProgressLine(0, 0, 0, 10), "[----------]  0 MB of 0 MB  0.0 MB/s");
  EXPECT_EQ(ProgressLine(2, 1, 1, 10), "[##########]  0 MB of 0 MB  0.0 MB/s") << "never beyond its end";
}

TEST(CheckRestores, ATableThatWasNotBegunIsNamedWithItsReason) {
  const auto check = [](std::string_view json) { return CheckRestores(wire::JsonDocument::Parse(json)->root()); };
  EXPECT_TRUE(check(R"([{"Table":"A","Status":"CREATING"},{"Table":"B","Status":"ACTIVE"}])").ok());
  const auto some = check(R"([{"Table":"A","Status":"CREATING"},{"Table":"B","Status":"There is no backup of it"}])");
  ASSERT_FALSE(some.ok());
  EXPECT_EQ(some.error().message(), "not restored: B: There is no backup of it");
}

}  // namespace
}  // namespace insula::app
