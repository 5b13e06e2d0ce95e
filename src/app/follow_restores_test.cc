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

}  // namespace
}  // namespace insula::app
