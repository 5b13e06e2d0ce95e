// What one client can take from the others: connections, and memory, from its request's header to the last byte of its
// answer. Each test has somebody who takes, and somebody else who must not notice.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/byte_units.h"
#include "http/client_addresses.h"
#include "http/server.h"
#include "http/testing/raw_client.h"

namespace insula::http {
namespace {

using namespace std::chrono_literals;

class ServerLimitsTest : public ::testing::Test {
 protected:
  // POST /known proves who sent it; GET /large has 8 MiB to take.
  static Task<Response> Answer(const Request& request) {
    Response response;
    response.sender_known = request.target == "/known";
    response.body = request.target == "/large" ? std::string(8 * kMiB, 'x') : std::to_string(request.body.size());
    co_return response;
  }
  void Start(ServerOptions options) {
    options.port = 0;
    options.threads = 1;  // everybody on one loop
    options.memory = &budget_;
    server_ = std::make_unique<Server>(std::move(options), Answer);
    ASSERT_TRUE(server_->Start().ok());
  }
  static std::string Post(std::string_view target, std::size_t length, std::string_view body) {
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) +
           "\r\n\r\n" + std::string(body);
  }
  bool Works(RawClient& client, std::string_view target = "/a") {
    client.Send(Post(target, 1, "x"));
    return client.ReadUntil("\r\n\r\n1").starts_with("HTTP/1.1 200");
  }
  bool Works(std::uint8_t from) {
    RawClient client(server_->port(), from);
    return Works(client);
  }
  template <class Condition>
  static bool Becomes(Condition condition) {
    for (int i = 0; i < 1000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }

  MemoryBudget budget_{64 * kMiB};
  std::unique_ptr<Server> server_;
};

TEST_F(ServerLimitsTest, KnownConnectionsStayAndNoMoreAreLetIn) {
  ServerOptions options;
  options.connections_max = 2;
  options.connections_per_address_max = 2;
  Start(options);
  RawClient one(server_->port()), two(server_->port());
  ASSERT_TRUE(Works(one, "/known"));
  ASSERT_TRUE(Works(two, "/known"));
  std::this_thread::sleep_for(600ms);
  EXPECT_TRUE(RawClient(server_->port()).ReadAll().starts_with("HTTP/1.1 503"));
  EXPECT_TRUE(Works(one));
  EXPECT_TRUE(Works(two));
  one.HalfClose();
  one.ReadAll();
  EXPECT_TRUE(Becomes([&] { return server_->connections() < 2; }));
  EXPECT_TRUE(Works(std::uint8_t{1}));
}

TEST_F(ServerLimitsTest, SilentConnectionsMakeRoomForNewOnes) {
  ServerOptions options;
  options.connections_max = 20;
  options.connections_per_address_max = 20;
  Start(options);
  RawClient working(server_->port());
  ASSERT_TRUE(Works(working, "/known"));
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 19; ++i) {
    silent.push_back(std::make_unique<RawClient>(server_->port()));
    if (i % 2 == 1) silent.back()->Send("GET /a HTT");
  }
  ASSERT_TRUE(Becomes([&] { return server_->connections() == 20; }));
  std::this_thread::sleep_for(600ms);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Works(std::uint8_t{1})) << i;
  EXPECT_TRUE(Works(working));
  EXPECT_EQ(silent.front()->ReadAll(100ms), "");
  EXPECT_TRUE(silent.front()->closed_by_server());
}

TEST_F(ServerLimitsTest, OneAddressLeavesConnectionsToOthers) {
  ServerOptions options;
  options.connections_max = 40;  // three quarters of them: 30
  Start(options);
  std::vector<std::unique_ptr<RawClient>> many;
  for (int i = 0; i < 30; ++i) {
    many.push_back(std::make_unique<RawClient>(server_->port(), 2));
    ASSERT_TRUE(Works(*many.back(), "/known"));
  }
  EXPECT_TRUE(RawClient(server_->port(), 2).ReadAll().starts_with("HTTP/1.1 503"));
  for (std::uint8_t from = 3; from < 8; ++from) EXPECT_TRUE(Works(from));
  EXPECT_TRUE(Works(*many.front()));
}

TEST_F(ServerLimitsTest, BodiesAnnouncedTakeNothing) {
  Start({});
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 20; ++i) {
    silent.push_back(std::make_unique<RawClient>(server_->port()));
    silent.back()->Send(Post("/a", 16 * kMiB, "{"));
  }
  ASSERT_TRUE(Becomes([&] { return server_->connections() == 20; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_LT(budget_.held(), 4 * kMiB);
  RawClient other(server_->port());
  other.Send(Post("/a", 8 * kMiB, std::string(8 * kMiB, 'x')));
  EXPECT_TRUE(other.ReadUntil(std::to_string(8 * kMiB)).starts_with("HTTP/1.1 200"));
}

TEST_F(ServerLimitsTest, BodiesThatArriveHalfLeaveRoomForOtherAddresses) {
  Start({});
  std::vector<std::unique_ptr<RawClient>> half;
  for (int i = 0; i < 8; ++i) {
    half.push_back(std::make_unique<RawClient>(server_->port(), 2));
    half.back()->Send(Post("/a", 16 * kMiB, std::string(15 * kMiB, 'x')));
  }
  EXPECT_LE(budget_.held(), 49 * kMiB);
  EXPECT_TRUE(Works(std::uint8_t{2}));
  RawClient other(server_->port(), 3);
  other.Send(Post("/a", 4 * kMiB, std::string(4 * kMiB, 'x')));
  EXPECT_TRUE(other.ReadUntil(std::to_string(4 * kMiB)).starts_with("HTTP/1.1 200"));
  half.clear();
  EXPECT_TRUE(Becomes([&] { return budget_.held() < kMiB; }));
}

TEST_F(ServerLimitsTest, ChunkedBodiesAreChargedTheSame) {
  Start({});
  std::vector<std::unique_ptr<RawClient>> half;
  for (int i = 0; i < 8; ++i) {
    half.push_back(std::make_unique<RawClient>(server_->port(), 2));
    half.back()->Send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nf00000\r\n" +
                      std::string(15 * kMiB, 'x'));
  }
  EXPECT_LE(budget_.held(), 49 * kMiB);
  EXPECT_TRUE(Works(std::uint8_t{3}));
}

TEST_F(ServerLimitsTest, LargeBodiesWaitForACheckOfTheirHeader) {
  ServerOptions options;
  options.header_check = [](const Request& request) -> std::optional<Response> {
    EXPECT_EQ(request.body, "");
    if (request.Header("key") == "good") return std::nullopt;
    Response refused;
    refused.status = 400;
    refused.body = "who are you?";
    return refused;
  };
  Start(options);
  EXPECT_TRUE(Works(std::uint8_t{1}));  // small: its handler sees to it
  RawClient sized(server_->port());
  sized.Send(Post("/a", kMiB, ""));
  EXPECT_NE(sized.ReadAll().find("who are you?"), std::string::npos);
  RawClient chunked(server_->port());
  chunked.Send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + std::string(kMiB, 'x'));
  EXPECT_NE(chunked.ReadAll().find("who are you?"), std::string::npos);
  RawClient good(server_->port());
  good.Send("POST /a HTTP/1.1\r\nHost: h\r\nKey: good\r\nContent-Length: 1048576\r\n\r\n" + std::string(kMiB, 'x'));
  EXPECT_TRUE(good.ReadUntil("1048576").starts_with("HTTP/1.1 200"));
}

TEST_F(ServerLimitsTest, AnswersThatNobodyReadsAreChargedAndGivenUp) {
  ServerOptions options;
  options.stall_timeout_ms = 300;
  Start(options);
  RawClient unread(server_->port());
  unread.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(Becomes([&] { return budget_.held() >= 8 * kMiB; }));
  EXPECT_TRUE(Becomes([&] { return budget_.held() < kMiB; }));
  EXPECT_TRUE(Becomes([&] { return server_->connections() == 0; }));
}

TEST_F(ServerLimitsTest, ABodyThatStallsIsAnswered408) {
  ServerOptions options;
  options.stall_timeout_ms = 200;
  Start(options);
  RawClient stalled(server_->port());
  stalled.Send(Post("/a", 1000, "x"));
  EXPECT_TRUE(stalled.ReadAll().starts_with("HTTP/1.1 408"));
}

TEST_F(ServerLimitsTest, AFullBudgetRefusesAndForgets) {
  Start({});
  RawClient before(server_->port());
  ASSERT_TRUE(Works(before, "/known"));
  budget_.SetTakenElsewhere(64 * kMiB);
  EXPECT_TRUE(RawClient(server_->port(), 2).ReadAll().starts_with("HTTP/1.1 503"));
  EXPECT_TRUE(Works(before));  // what a connection took already is enough for a small request
  before.Send(Post("/a", kMiB, ""));
  EXPECT_TRUE(before.ReadAll().starts_with("HTTP/1.1 503"));
  budget_.SetTakenElsewhere(0);
  EXPECT_TRUE(Works(std::uint8_t{2}));
}

TEST_F(ServerLimitsTest, HeadersAreChargedBeyondWhatAConnectionHas) {
  Start({});
  budget_.SetTakenElsewhere(64 * kMiB - 200 * 1024);
  RawClient one(server_->port());
  one.Send("GET /a HTTP/1.1\r\nHost: h\r\nLong: " + std::string(20 * 1024, 'x'));
  EXPECT_TRUE(Becomes([&] { return budget_.held() > 40 * 1024; }));
  one.Send("\r\n\r\n");
  EXPECT_TRUE(one.ReadUntil("\r\n\r\n0").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(Becomes([&] { return budget_.held() <= 32 * 1024; }));
}

TEST(ClientAddressesTest, AHostIsOneAddress) {
  const auto key = [](const char* text) { return AddressKey(boost::asio::ip::make_address(text)); };
  EXPECT_EQ(key("10.0.0.1"), "10.0.0.1");
  EXPECT_NE(key("10.0.0.1"), key("10.0.0.2"));
  EXPECT_EQ(key("::ffff:10.0.0.1"), key("10.0.0.1"));
  EXPECT_EQ(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2::1"));
  EXPECT_NE(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
  EXPECT_EQ(AddressKey(std::string_view("2001:db8:1:2:3:4:5:6")), key("2001:db8:1:2::1"));
  EXPECT_EQ(AddressKey(std::string_view("")), "");
  ClientAddresses addresses;
  {
    const auto one = addresses.Of(boost::asio::ip::make_address("10.0.0.1"));
    EXPECT_EQ(addresses.Of(boost::asio::ip::make_address("10.0.0.1")), one);
    EXPECT_EQ(addresses.size(), 1u);
  }
  EXPECT_EQ(addresses.size(), 0u);
}

}  // namespace
}  // namespace insula::http
