// Sockets that took the last descriptor would take the engine down at its next file.
#include "app/descriptor_shares.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace insula::app {
namespace {

std::size_t Sum(const DescriptorShares& shares) {
  return shares.reserve + shares.connections + shares.admin_connections + shares.shared_store_tables + 48 +
         shares.account_stores * (shares.account_store_tables + 12);
}

TEST(DescriptorSharesTest, WhereThereAreManyEverybodyGetsItsWish) {
  const DescriptorWishes wishes;
  const auto shares = ShareDescriptors(1'000'000, wishes);
  ASSERT_TRUE(shares.ok());
  EXPECT_EQ(shares->connections, wishes.connections);
  EXPECT_EQ(shares->shared_store_tables, wishes.shared_store_tables);
  EXPECT_EQ(shares->account_stores, wishes.account_stores);
  EXPECT_EQ(shares->account_store_tables, wishes.account_store_tables);
}

TEST(DescriptorSharesTest, TheSharesNeverAddUpToMoreThanThereAre) {
  int served = 0;
  for (std::size_t limit = 0; limit < 70'000; limit += limit < 2'000 ? 1 : 97) {
    for (const std::size_t connections : {1u, 500u, 10'000u, 1'000'000u}) {
      DescriptorWishes wishes;
      wishes.connections = connections;
      const auto shares = ShareDescriptors(limit, wishes);
      if (!shares.ok()) continue;
      ++served;
      EXPECT_LE(Sum(*shares), limit) << shares->ToText();
      EXPECT_GE(shares->connections, std::min<std::size_t>(connections, 64)) << shares->ToText();
      EXPECT_GE(shares->shared_store_tables, 64u) << shares->ToText();
      EXPECT_GE(shares->account_stores, 4u) << shares->ToText();
      EXPECT_GE(shares->account_store_tables, 20u) << shares->ToText();
    }
  }
  EXPECT_GT(served, 4'000);
}

TEST(DescriptorSharesTest, AShellsDefaultIsEnoughToServe) {
  const auto shares = ShareDescriptors(1024, {});
  ASSERT_TRUE(shares.ok()) << shares.error().message();
  EXPECT_GE(shares->connections, 256u);
  EXPECT_GE(shares->account_stores, 8u);
}

TEST(DescriptorSharesTest, TooFewAreRefusedWithWhatToDo) {
  const auto few = ShareDescriptors(200, {});
  ASSERT_FALSE(few.ok());
  EXPECT_NE(few.error().message().find("the limit of open files is 200, and serving takes "), std::string::npos);
  EXPECT_NE(few.error().message().find("`ulimit -n 65536`"), std::string::npos);
}

TEST(DescriptorSharesTest, TheSoftLimitIsRaisedToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lower = before;
  lower.rlim_cur = std::min<rlim_t>(before.rlim_max, 512);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  RaiseDescriptorLimit();
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace insula::app
