// Keys are fetched when there is need, by one at a time, and a stranger's tokens can't have them fetched more often.
#include "federation/issuer_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/mutex.h"
#include "base/run_task.h"
#include "federation/testing/token_signer.h"

namespace insula::federation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kKeysIssuer[] = "https://issuer.example/saas";

class IssuerKeysTest : public ::testing::Test {
 protected:
  IssuerKeysTest() {
    Serve("https://issuer.example/saas/.well-known/openid-configuration",
          R"({"issuer":"https://issuer.example/saas","jwks_uri":"https://issuer.example/keys"})");
    Serve("https://issuer.example/keys", SetOf(1));
  }

  // A key set of so many keys.
  static std::string SetOf(int count) {
    static const std::string key = testing::TokenSigner::Rsa("k").Jwk();
    std::string keys;
    for (int i = 0; i < count; ++i) {
      std::string next = key;
      next.replace(next.find(R"("kid":"k")"), 9, fmt::format(R"("kid":"k{}")", i));
      keys += (i > 0 ? "," : "") + next;
    }
    return fmt::format(R"({{"keys":[{}]}})", keys);
  }

  void Serve(const std::string& url, std::string document) {
    const MutexLock lock(mutex_);
    documents_[url] = std::move(document);
  }
  void Unserve(const std::string& url) {
    const MutexLock lock(mutex_);
    documents_.erase(url);
  }
  Result<std::string> Document(const std::string& url) {
    const MutexLock lock(mutex_);
    fetched_.push_back(url);
    const auto found = documents_.find(url);
    if (found == documents_.end()) return Error(ErrorCode::kIdpCommunicationError, "not there");
    return found->second;
  }
  // How many documents were fetched since the last time.
  std::size_t Fetched() {
    const MutexLock lock(mutex_);
    const std::size_t count = fetched_.size();
    fetched_.clear();
    return count;
  }

  static IssuerPtr IssuerWith(std::string keys = "") {
    Issuer issuer;
    issuer.url = kKeysIssuer;
    issuer.keys = std::move(keys);
    return std::make_shared<const Issuer>(issuer);
  }
  // How many keys there are; -1 where there are none to be had.
  int Get(const IssuerPtr& issuer) {
    const Result<KeySetPtr> keys = RunTask(keys_.Get(issuer));
    if (keys.ok()) return static_cast<int>((*keys)->size());
    EXPECT_EQ(keys.error().code(), ErrorCode::kIdpCommunicationError);
    return -1;
  }

  Mutex mutex_;
  std::map<std::string, std::string> documents_ INSULA_GUARDED_BY(mutex_);
  std::vector<std::string> fetched_ INSULA_GUARDED_BY(mutex_);
  ManualClock clock_;
  IssuerKeys keys_{clock_, [this](const std::string& url) { return Document(url); }};
};

TEST_F(IssuerKeysTest, AreFoundByDiscoveryAndKeptForAnHour) {
  const IssuerPtr issuer = IssuerWith();
  EXPECT_EQ(Get(issuer), 1);
  EXPECT_EQ(Fetched(), 2U);
  EXPECT_EQ(Get(issuer), 1);
  clock_.Advance(hours(1) - seconds(1));
  EXPECT_EQ(Get(issuer), 1);
  EXPECT_EQ(Fetched(), 0U);
  Serve("https://issuer.example/keys", SetOf(2));
  clock_.Advance(seconds(1));
  EXPECT_EQ(Get(issuer), 2);
  EXPECT_EQ(Fetched(), 2U);
}

TEST_F(IssuerKeysTest, AreWhereTheIssuersSettingsSay) {
  EXPECT_EQ(Get(IssuerWith("https://issuer.example/keys")), 1);
  EXPECT_EQ(Fetched(), 1U);
  const std::filesystem::path file = std::filesystem::temp_directory_path() / fmt::format("keys_{}.json", ::getpid());
  EXPECT_EQ(Get(IssuerWith("file:" + file.string())), -1);
  std::ofstream(file) << SetOf(3);
  clock_.Advance(seconds(5));
  EXPECT_EQ(Get(IssuerWith("file:" + file.string())), 3);
  std::filesystem::resize_file(file, kDocumentBytesMax + 1);
  EXPECT_EQ(Get(IssuerWith("file://" + file.string())), -1) << "too large";
  std::filesystem::remove(file);
  EXPECT_EQ(Get(IssuerWith("file:" + std::filesystem::temp_directory_path().string())), -1) << "no file";
  EXPECT_EQ(Fetched(), 0U);
}

TEST_F(IssuerKeysTest, ADiscoveryThatIsNotTheIssuersGivesNone) {
  const std::string where = std::string(kKeysIssuer) + "/.well-known/openid-configuration";
  for (const char* document : {"", "[]", "{}", R"({"issuer":"https://issuer.example/saas"})",
                               R"({"issuer":"https://other.example","jwks_uri":"https://issuer.example/keys"})",
                               R"({"issuer":"https://issuer.example/saas","jwks_uri":7})",
                               R"({"issuer":"https://issuer.example/saas","jwks_uri":"file:/etc/passwd"})"}) {
    Serve(where, document);
    clock_.Advance(minutes(1));
    EXPECT_EQ(Get(IssuerWith()), -1) << document;
  }
}

TEST_F(IssuerKeysTest, OldOnesServeWhileNewerCannotBeHad) {
  const IssuerPtr issuer = IssuerWith("https://issuer.example/keys");
  EXPECT_EQ(Get(issuer), 1);
  Serve("https://issuer.example/keys", "no keys");
  for (int hour = 1; hour < 24; ++hour) {
    clock_.Advance(hours(1));
    EXPECT_EQ(Get(issuer), 1) << hour;
  }
  EXPECT_EQ(Fetched(), 24U);
  EXPECT_EQ(Get(issuer), 1);
  EXPECT_EQ(Fetched(), 0U) << "not again within a minute";
  clock_.Advance(hours(1));
  EXPECT_EQ(Get(issuer), -1) << "a day old";
  EXPECT_EQ(Get(issuer), -1);
  EXPECT_EQ(Fetched(), 1U);
  Serve("https://issuer.example/keys", SetOf(2));
  clock_.Advance(seconds(5));
  EXPECT_EQ(Get(issuer), 2);
}

TEST_F(IssuerKeysTest, AKeyThatIsNotKnownIsAskedForOnceAMinute) {
  const IssuerPtr issuer = IssuerWith("https://issuer.example/keys");
  KeySetPtr known = *RunTask(keys_.Get(issuer));
  Fetched();
  const auto others = [&] { return RunTask(keys_.GetOthers(issuer, known)); };
  for (int i = 0; i < 100; ++i) EXPECT_EQ(others(), known);
  EXPECT_EQ(Fetched(), 0U) << "they were fetched just now";
  Serve("https://issuer.example/keys", SetOf(2));
  clock_.Advance(minutes(1));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(others()->size(), 2U);
  EXPECT_EQ(Fetched(), 1U);
  known = others();
  Unserve("https://issuer.example/keys");
  clock_.Advance(minutes(1));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(others(), known);
  EXPECT_EQ(Fetched(), 1U);
}

TEST_F(IssuerKeysTest, ManyWhoAskAtOnceAreAnsweredByOneFetch) {
  const IssuerPtr issuer = IssuerWith("https://issuer.example/keys");
  boost::asio::io_context loop;
  int answered = 0;
  for (int i = 0; i < 50; ++i) {
    boost::asio::co_spawn(
        loop,
        [&]() -> Task<void> {
          const Result<KeySetPtr> keys = co_await keys_.Get(issuer);
          answered += keys.ok() ? 1 : 0;
        },
        boost::asio::detached);
  }
  loop.run();
  EXPECT_EQ(answered, 50);
  EXPECT_EQ(Fetched(), 1U);
}

// The loop goes on while a fetch waits.
TEST_F(IssuerKeysTest, AFetchKeepsNoLoop) {
  Mutex mutex;
  CondVar changed;
  bool open = false;
  IssuerKeys slow(clock_, [&](const std::string&) -> Result<std::string> {
    const MutexLock lock(mutex);
    while (!open) changed.Wait(mutex);
    return SetOf(1);
  });
  boost::asio::io_context loop;
  bool answered = false;
  const auto ask = [](IssuerKeys* keys, IssuerPtr issuer, bool* done) -> Task<void> {
    *done = (co_await keys->Get(std::move(issuer))).ok();
  };
  boost::asio::co_spawn(loop, ask(&slow, IssuerWith("https://issuer.example/keys"), &answered), boost::asio::detached);
  boost::asio::co_spawn(
      loop,
      [&]() -> Task<void> {
        EXPECT_FALSE(answered);
        const MutexLock lock(mutex);
        open = true;
        changed.NotifyAll();
        co_return;
      },
      boost::asio::detached);
  loop.run();
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace insula::federation
