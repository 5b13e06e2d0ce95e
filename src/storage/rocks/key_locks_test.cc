// Key locks decide the order of writes to an item: first come, first served, and nobody waits for ever.
#include "storage/rocks/key_locks.h"

#include <string>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace insula::storage::rocks {
namespace {

class KeyLocksTest : public ::testing::Test {
 protected:
  // A coroutine that notes when it has the lock, or that it didn't get it.
  void Want(std::uint64_t key, std::string name) {
    boost::asio::co_spawn(
        loop_,
        [](KeyLocks* locks, std::uint64_t wanted, std::string who, std::string* log) -> Task<void> {
          const bool granted = co_await locks->Lock(wanted);
          *log += (granted ? "" : "no-") + who + " ";
        }(&locks_, key, std::move(name), &log_),
        boost::asio::detached);
  }
  void Settle() {
    loop_.restart();
    loop_.poll();
  }

  ManualClock clock_;
  KeyLocks locks_{clock_, std::chrono::milliseconds(100)};
  boost::asio::io_context loop_{1};
  std::string log_;
};

TEST_F(KeyLocksTest, AreGivenInTheOrderOfAsking) {
  EXPECT_TRUE(locks_.TryLock(1));
  EXPECT_FALSE(locks_.TryLock(1));
  EXPECT_TRUE(locks_.TryLock(65)) << "another key, if of the same shard";
  Want(1, "a");
  Want(1, "b");
  Settle();
  EXPECT_EQ(log_, "");
  locks_.Unlock(1);
  EXPECT_FALSE(locks_.TryLock(1)) << "handed on, not free";
  Settle();
  EXPECT_EQ(log_, "a ");
  locks_.Unlock(1);
  Settle();
  EXPECT_EQ(log_, "a b ");
  locks_.Unlock(1);
  EXPECT_TRUE(locks_.TryLock(1));
}

TEST_F(KeyLocksTest, WaitingEndsAtTheDeadline) {
  ASSERT_TRUE(locks_.TryLock(1));
  Want(1, "a");
  Settle();
  clock_.Advance(std::chrono::milliseconds(60));
  Want(1, "b");
  Settle();
  clock_.Advance(std::chrono::milliseconds(60));
  locks_.ExpireWaiters();
  Settle();
  EXPECT_EQ(log_, "no-a ");
  locks_.Unlock(1);
  Settle();
  EXPECT_EQ(log_, "no-a b ");
  locks_.Unlock(1);
  EXPECT_TRUE(locks_.TryLock(1));
}

TEST_F(KeyLocksTest, HeldLocksAreGivenBack) {
  {
    HeldLocks held(&locks_);
    for (std::uint64_t key : {3u, 4u, 5u}) {
      ASSERT_TRUE(locks_.TryLock(key));
      held.Add(key);
    }
  }
  for (std::uint64_t key : {3u, 4u, 5u}) EXPECT_TRUE(locks_.TryLock(key));
}

}  // namespace
}  // namespace insula::storage::rocks
