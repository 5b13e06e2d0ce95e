#include "base/background_thread.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace insula {
namespace {

int NiceOfThisThread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

TEST(BackgroundThread, IsBehindTheOthersAndAlone) {
  const int before = NiceOfThisThread();
  int inside = before;
  std::thread([&inside] {
    BecomeBackgroundThread("behind");
    inside = NiceOfThisThread();
  }).join();
  EXPECT_EQ(inside, std::min(before + kBackgroundNice, 19));
  EXPECT_EQ(NiceOfThisThread(), before);
}

}  // namespace
}  // namespace insula
