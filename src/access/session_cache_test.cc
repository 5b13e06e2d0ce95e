// A million logins cost no more memory than a thousand, and the sessions in use stay.
#include "access/session_cache.h"

#include <gtest/gtest.h>

#include <thread>

namespace insula::access {
namespace {

class SessionCacheTest : public ::testing::Test {
 protected:
  std::string Token(std::string policy = "", std::chrono::seconds lifetime = std::chrono::hours(1)) {
    Session session;
    session.account = AccountId("123456789012");
    session.policy = std::move(policy);
    session.issued = clock_.Now();
    session.expires = clock_.Now() + lifetime;
    return IssueSession(session, *keys_)->token;
  }

  std::unique_ptr<TokenKeys> keys_ = TokenKeys::Drawn();
  ManualClock clock_;
};

TEST_F(SessionCacheTest, OpensATokenOnce) {
  SessionCache cache(*keys_, clock_);
  const std::string token = Token();
  const OpenedSessionPtr opened = *cache.Open(token);
  EXPECT_EQ(*cache.Open(token), opened);
  EXPECT_EQ(opened->session.account.value(), "123456789012");
  EXPECT_NE(*cache.Open(Token()), opened);
  EXPECT_EQ(cache.held().sessions, 2U);
}

TEST_F(SessionCacheTest, KeepsNothingOfWhatDoesNotOpen) {
  SessionCache cache(*keys_, clock_);
  std::string token = Token();
  token[40] = token[40] == 'A' ? 'B' : 'A';
  for (const std::string& other : {token, std::string(), std::string(100, 'A')}) {
    EXPECT_EQ(cache.Open(other).error().code(), ErrorCode::kUnrecognizedClient);
  }
  EXPECT_EQ(cache.held().bytes, 0U);
}

TEST_F(SessionCacheTest, HoldsNoMoreThanItsBytes) {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  SessionCache cache(*keys_, clock_, kMost);
  for (int i = 0; i < 4000; ++i) ASSERT_TRUE(cache.Open(Token()).ok());
  EXPECT_LE(cache.held().bytes, kMost);
  EXPECT_GT(cache.held().bytes, kMost / 2);
  const std::size_t small = cache.held().sessions;
  for (int i = 0; i < 4000; ++i) ASSERT_TRUE(cache.Open(Token(std::string(200, 'p'))).ok());
  EXPECT_LE(cache.held().bytes, kMost);
  EXPECT_LT(cache.held().sessions, small / 2) << "room for what is compiled of a policy is held, too";
}

TEST_F(SessionCacheTest, WhatIsInUseStaysWhileOthersPassThrough) {
  SessionCache cache(*keys_, clock_, std::size_t{1} << 20);
  const std::string token = Token();
  const OpenedSessionPtr opened = *cache.Open(token);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(cache.Open(Token()).ok());
    if (i % 50 == 0) ASSERT_EQ(*cache.Open(token), opened) << i;
  }
}

TEST_F(SessionCacheTest, WhatHasExpiredGoesFirst) {
  SessionCache cache(*keys_, clock_, std::size_t{1} << 20);
  std::vector<std::string> brief;
  for (int i = 0; i < 500; ++i) brief.push_back(Token("", std::chrono::seconds(1)));
  for (const std::string& token : brief) ASSERT_TRUE(cache.Open(token).ok());
  clock_.Advance(std::chrono::seconds(2));
  for (const std::string& token : brief) ASSERT_TRUE(cache.Open(token).ok()) << "it opens: its bearer is told";
  const std::size_t before = cache.held().sessions;
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(cache.Open(Token()).ok());
  EXPECT_LT(cache.held().sessions, before + 500);
}

TEST_F(SessionCacheTest, OneThatIsTooLargeToKeepIsOpenedEachTime) {
  SessionCache cache(*keys_, clock_, 64 * 4096);
  const std::string token = Token(std::string(2000, 'p'));
  EXPECT_TRUE(cache.Open(token).ok());
  EXPECT_TRUE(cache.Open(token).ok());
  EXPECT_EQ(cache.held().sessions, 0U);
}

TEST_F(SessionCacheTest, MayBeAskedFromManyThreads) {
  SessionCache cache(*keys_, clock_, std::size_t{1} << 18);
  std::vector<std::string> tokens;
  for (int i = 0; i < 300; ++i) tokens.push_back(Token());
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int at = 0; at < 2000; ++at) {
        if (!cache.Open(tokens[static_cast<std::size_t>(at * (i + 1)) % tokens.size()]).ok()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0);
  EXPECT_LE(cache.held().bytes, std::size_t{1} << 18);
}

}  // namespace
}  // namespace insula::access
