// The server against clients that are slow, greedy, malformed, gone, or ordinary, over raw sockets.
#include "http/server.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "base/memory_budget.h"
#include "base/testing/log_capture.h"
#include "http/client.h"
#include "http/testing/raw_client.h"

namespace insula::http {
namespace {

using namespace std::chrono_literals;

// Answers with what it was asked.
Task<Response> Echo(const Request& request) {
  if (request.target == "/slow") {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 300ms);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  if (request.target.starts_with("/throw?")) throw std::runtime_error("handler");
  if (request.target == "/throw-oddly") throw 7;
  Response response;
  response.headers.emplace_back("Content-Type", "text/plain");
  if (request.target == "/large") {
    response.body = std::string(8 * 1024 * 1024, 'x');
  } else if (request.target == "/headers") {
    for (const auto& [name, value] : request.headers) {
      response.body += std::string(name) + "=[" + std::string(value) + "]\n";
    }
  } else {
    response.body = std::string(request.method) + " " + std::string(request.target) + " <" +
                    (request.body.size() > 100 ? std::to_string(request.body.size()) : std::string(request.body)) + ">";
  }
  co_return response;
}

class ServerTest : public ::testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.port = 0;
    if (options.threads == 0) options.threads = 2;
    server_ = std::make_unique<Server>(std::move(options), Echo);
    const auto started = server_->Start();
    ASSERT_TRUE(started.ok()) << started.error().message();
  }
  std::string Ask(std::string_view text) {
    RawClient client(server_->port());
    client.Send(text);
    client.HalfClose();
    return client.ReadAll();
  }
  // Asks again for a while until the answer has this status.
  bool Becomes(std::string_view request, const std::string& status) {
    for (int i = 0; i < 500; ++i) {
      if (Ask(request).starts_with("HTTP/1.1 " + status)) return true;
      std::this_thread::sleep_for(2ms);
    }
    return false;
  }
  static int Count(std::string_view text, std::string_view part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }

  std::unique_ptr<Server> server_;
};

#define EXPECT_CONTAINS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)
#define EXPECT_STATUS(text, status) EXPECT_TRUE((text).starts_with("HTTP/1.1 " status)) << (text)

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  Start();
  RawClient client(server_->port());
  for (int i = 0; i < 3; ++i) {
    client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    const std::string answer = client.ReadUntil("<hi>");
    EXPECT_STATUS(answer, "200 OK\r\n");
    EXPECT_CONTAINS(answer, "Content-Length: 12\r\n");
    EXPECT_CONTAINS(answer, "\r\nDate: ");
    EXPECT_EQ(answer.find("Connection:"), std::string::npos);
    EXPECT_CONTAINS(answer, "\r\n\r\nPOST /a <hi>");
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'b');
    requests += "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  }
  const std::string answers = Ask(requests);
  EXPECT_EQ(Count(answers, "HTTP/1.1 200 OK"), 200);
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    const std::size_t next = answers.find("POST /" + std::to_string(i) + " <", at);
    ASSERT_NE(next, std::string::npos) << i;
    EXPECT_GE(next, at);
    at = answers.find("POST /c <abc>", next);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  Start();
  RawClient client(server_->port());
  for (const char c : std::string_view("\r\nPOST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")) {
    client.Send({&c, 1});
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_CONTAINS(client.ReadUntil("<hi>"), "POST /a <hi>");
}

TEST_F(ServerTest, HandsHeadersOnAsTheyWereSent) {
  Start();
  const std::string answer =
      Ask("GET /headers HTTP/1.1\r\nHost: h\r\nempty:\r\nblank: \r\ntight:x\r\nA:  b  \r\ntab:\tt\t\r\nA: c\r\n\r\n");
  for (const char* line :
       {"Host=[h]\n", "empty=[]\n", "blank=[]\n", "tight=[x]\n", "A=[ b  ]\n", "tab=[\tt\t]\n", "A=[c]\n"}) {
    EXPECT_CONTAINS(answer, line);
  }
}

TEST_F(ServerTest, ReadsChunkedBodiesAndTheirTrailers) {
  Start();
  EXPECT_CONTAINS(Ask("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "2;ext=1\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-late: 1\r\n\r\n"),
                  "<hello>");
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 200; ++i) client.Send("3e8\r\n" + std::string(1000, 'x') + "\r\n");
  client.Send("0\r\n\r\n");
  EXPECT_CONTAINS(client.ReadUntil(">"), "<200000>");
}

TEST_F(ServerTest, SaysContinueWhereItIsExpected) {
  Start();
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hi");
  EXPECT_CONTAINS(client.ReadUntil("<hi>"), "HTTP/1.1 200 OK");
  EXPECT_STATUS(Ask("POST /a HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\n"), "417");
}

TEST_F(ServerTest, TooLargeIsSaidBeforeTheBodyIsRead) {
  ServerOptions options;
  options.body_bytes_max = 1000;
  Start(options);
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_STATUS(client.ReadUntil("large\n"), "413 Content Too Large");
  EXPECT_STATUS(Ask("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"), "413");
  EXPECT_STATUS(Ask("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" +
                    std::string(1000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n"),
                "413");
  EXPECT_STATUS(Ask("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')), "200");
}

TEST_F(ServerTest, AnErrorMayComeInChunks) {
  ServerOptions options;
  options.body_bytes_max = 1000;
  options.error_responder = [](int status, std::string_view) {
    Response response;
    response.status = status;
    response.body = "too large, all of it\n";
    response.chunked = true;
    return response;
  };
  Start(options);
  const std::string answer = Ask("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_CONTAINS(answer, "\r\nTransfer-Encoding: chunked\r\n");
  EXPECT_CONTAINS(answer, "\r\n\r\n15\r\ntoo large, all of it\n\r\n0\r\n\r\n");
  const std::string old = Ask("POST /a HTTP/1.0\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_CONTAINS(old, "\r\nContent-Length: 21\r\n");
}

// A client that only reads once it has sent everything still gets the answer, not a reset.
TEST_F(ServerTest, AnAnswerSurvivesTheBodyNobodyRead) {
  Start();
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 16777217\r\n\r\n");
  EXPECT_TRUE(client.Send(std::string(16 * 1024 * 1024 + 1, 'a')));
  EXPECT_STATUS(client.ReadAll(), "413");
}

TEST_F(ServerTest, HugeHeadersAreRefused) {
  Start();
  EXPECT_STATUS(Ask("GET / HTTP/1.1\r\nHost: h\r\nbig: " + std::string(40'000, 'x') + "\r\n\r\n"), "431");
  EXPECT_STATUS(Ask("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n"), "431");
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 200; ++i) many += "a: b\r\n";
  EXPECT_STATUS(Ask(many + "\r\n"), "431");
  EXPECT_STATUS(Ask("GET / HTTP/1.1\r\nHost: h\r\nbig: " + std::string(30'000, 'x') + "\r\n\r\n"), "200");
}

TEST_F(ServerTest, WhatIsNotHttpIsRefused) {
  Start();
  for (const std::string text : {
           "nonsense\r\n\r\n",
           "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nfolded: a\r\n b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nfolded:\r\n b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nnul: a\xC0"
           "b\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\n",
       }) {
    std::string sent = text;
    if (const auto nul = sent.find("a\xC0"); nul != std::string::npos) sent[nul + 1] = '\0';
    EXPECT_STATUS(Ask(sent), "400") << sent;
  }
  EXPECT_STATUS(Ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"), "413");
  EXPECT_STATUS(Ask("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"), "405");
  EXPECT_STATUS(Ask("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n"), "405");
  EXPECT_STATUS(Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), "200");
}

TEST_F(ServerTest, OldClientsAndHeadAreServed) {
  Start();
  EXPECT_CONTAINS(Ask("GET /a HTTP/1.0\r\n\r\n"), "Connection: close\r\n");
  EXPECT_CONTAINS(Ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), "Connection: keep-alive\r\n");
  const std::string head = Ask("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_CONTAINS(head, "Content-Length: 10\r\n");
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  const std::string closed =
      Ask("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_CONTAINS(closed, "Connection: close\r\n");
  EXPECT_EQ(Count(closed, "HTTP/1.1"), 1);
}

TEST_F(ServerTest, AFailingHandlerIs500AndTheLogSaysWhy) {
  LogCapture log;
  ServerOptions options;
  options.error_responder = [](int status, std::string_view reason) {
    Response response;
    response.status = status;
    response.headers.emplace_back("x-amzn-RequestId", "4711");
    response.body = std::string(reason) + "\n";
    return response;
  };
  Start(std::move(options));
  RawClient client(server_->port());
  client.Send("GET /throw?X-Amz-Signature=s HTTP/1.1\r\nHost: h\r\nX-Amz-Target: Db.GetItem\r\n\r\n");
  EXPECT_STATUS(client.ReadUntil("answer\n"), "500");
  EXPECT_EQ(log.Take(),
            std::vector<std::string>{"error a request ended with an exception; request_id=4711, method=GET, "
                                     "path=/throw, target=Db.GetItem, cause=handler, from=127.0.0.1"});
  client.Send("GET /throw-oddly HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_STATUS(client.ReadUntil("answer\n"), "500");
  EXPECT_EQ(log.Take().size(), 1u);
  client.Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_CONTAINS(client.ReadUntil("<>"), "200 OK");
}

TEST_F(ServerTest, SlowClientsAreLetGo) {
  ServerOptions options;
  options.header_timeout_ms = 100;
  options.body_timeout_ms = 100;
  options.idle_timeout_ms = 100;
  Start(options);
  RawClient silent(server_->port());
  EXPECT_EQ(silent.ReadAll(), "");
  RawClient half_header(server_->port());
  half_header.Send("GET / HTTP/1.1\r\nHos");
  EXPECT_STATUS(half_header.ReadAll(), "408");
  RawClient half_body(server_->port());
  half_body.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_STATUS(half_body.ReadAll(), "408");
  RawClient half_chunk(server_->port());
  half_chunk.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  EXPECT_STATUS(half_chunk.ReadAll(), "408");
  RawClient idle(server_->port());
  idle.Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = idle.ReadAll();
  EXPECT_EQ(Count(answer, "HTTP/1.1"), 1) << answer;
  EXPECT_TRUE(idle.closed_by_server());
  // One that trickles its header in never gets more time than the header has.
  RawClient trickle(server_->port());
  trickle.Send("GET / HTTP/1.1\r\nHost: h\r\n");
  for (int i = 0; i < 40; ++i) {
    trickle.Send("a: b\r\n");
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_STATUS(trickle.ReadUntil("in time"), "408");
}

TEST_F(ServerTest, AClientThatDoesNotReadIsLetGo) {
  ServerOptions options;
  options.body_timeout_ms = 200;
  Start(options);
  RawClient client(server_->port());
  for (int i = 0; i < 4; ++i) client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  for (int i = 0; i < 500 && server_->connections() > 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(ServerTest, LargeAnswersArriveWhole) {
  Start();
  const std::string answer = Ask("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 8u * 1024 * 1024);
}

TEST_F(ServerTest, StopLetsRequestsFinishAndClosesTheRest) {
  Start();
  RawClient idle(server_->port());
  idle.Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  idle.ReadUntil("<>");
  RawClient busy(server_->port());
  busy.Send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(100ms);
  std::thread stopper([&] { server_->Stop(5000); });
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_TRUE(idle.closed_by_server());
  busy.HalfClose();
  const std::string answer = busy.ReadAll();
  EXPECT_STATUS(answer, "200");
  EXPECT_CONTAINS(answer, "Connection: close");
  stopper.join();
  EXPECT_FALSE(RawClient(server_->port()).connected());
}

TEST_F(ServerTest, StopDoesNotWaitLongerThanItsGrace) {
  Start();
  RawClient stuck(server_->port());
  stuck.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  const auto before = std::chrono::steady_clock::now();
  server_->Stop(100);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
}

TEST_F(ServerTest, AnAddressInUseIsSaidSo) {
  Start();
  ServerOptions options;
  options.port = server_->port();
  options.threads = 2;
  Server second(options, Echo);
  const auto started = second.Start();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().message(),
            "can't listen on 127.0.0.1:" + std::to_string(server_->port()) + ": the address is already in use");
  ServerOptions odd;
  odd.address = "example.invalid";
  EXPECT_EQ(Server(odd, Echo).Start().error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(ServerTest, ManyClientsAtOnceAndSomeThatVanish) {
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> answered{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        RawClient client(server_->port());
        client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
        if ((i + t) % 3 == 0) continue;  // gone before the answer
        if (client.ReadUntil("<hello>").find("<hello>") != std::string::npos) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(answered, 8 * 50 * 2 / 3 - 8);
  for (int i = 0; i < 500 && server_->connections() > 0; ++i) std::this_thread::sleep_for(2ms);
  EXPECT_EQ(server_->connections(), 0u);
}

// --- client and TLS ---

TEST_F(ServerTest, TheClientKeepsItsConnectionAndFindsAnother) {
  ServerOptions options;
  options.idle_timeout_ms = 50;
  Start(options);
  Client client(*ParseUrl("http://127.0.0.1:" + std::to_string(server_->port())));
  for (int i = 0; i < 3; ++i) {
    const auto response = client.Send("POST", "/a", {{"X-Test", "1"}}, "hi");
    ASSERT_TRUE(response.ok()) << response.error().message();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "POST /a <hi>");
    EXPECT_EQ(response->Header("content-type"), "text/plain");
    if (i == 1) std::this_thread::sleep_for(200ms);  // the server closes the idle connection
  }
  EXPECT_EQ(client.Send("GET", "/large", {}, "")->body.size(), 8u * 1024 * 1024);
  server_->Stop(100);
  EXPECT_EQ(client.Send("GET", "/a", {}, "").error().code(), ErrorCode::kServiceUnavailable);
}

TEST_F(ServerTest, TheClientGivesUpInTime) {
  Start();
  ClientOptions options;
  options.timeout_ms = 50;
  Client client(*ParseUrl("http://127.0.0.1:" + std::to_string(server_->port())), options);
  EXPECT_FALSE(client.Send("GET", "/slow", {}, "").ok());
}

TEST_F(ServerTest, APatientClientWaitsForItsAnswer) {
  Start();
  ClientOptions options;
  options.timeout_ms = 50;
  options.patient = true;
  Client client(*ParseUrl("http://127.0.0.1:" + std::to_string(server_->port())), options);
  const auto response = client.Send("GET", "/slow", {}, "");
  ASSERT_TRUE(response.ok()) << response.error().message();
  EXPECT_EQ(response->status, 200);
}

class TlsServerTest : public ServerTest {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tls_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    SetUpCertificate();
  }
  void SetUpCertificate() {
    const std::string command =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout " +
        (directory_ / "key.pem").string() + " -out " + (directory_ / "cert.pem").string() + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }
  ServerOptions Options() const {
    ServerOptions options;
    options.tls_certificate_file = (directory_ / "cert.pem").string();
    options.tls_key_file = (directory_ / "key.pem").string();
    return options;
  }
  std::filesystem::path directory_;
};

TEST_F(TlsServerTest, ServesOverTls) {
  Start(Options());
  ClientOptions options;
  options.tls_ca_file = (directory_ / "cert.pem").string();
  Client client(*ParseUrl("https://localhost:" + std::to_string(server_->port())), options);
  for (int i = 0; i < 3; ++i) {
    const auto response = client.Send("POST", "/a", {}, "hi");
    ASSERT_TRUE(response.ok()) << response.error().message();
    EXPECT_EQ(response->body, "POST /a <hi>");
  }
  EXPECT_EQ(client.Send("GET", "/large", {}, "")->body.size(), 8u * 1024 * 1024);
  Client distrustful(*ParseUrl("https://localhost:" + std::to_string(server_->port())));
  EXPECT_FALSE(distrustful.Send("GET", "/a", {}, "").ok());
}

TEST_F(TlsServerTest, APinnedCertificateNeedsNoNameAndNobodyElses) {
  Start(Options());
  ClientOptions options;
  options.tls_pinned_file = (directory_ / "cert.pem").string();
  const std::string by_number = "https://127.0.0.1:" + std::to_string(server_->port());  // which it doesn't name
  const auto response = Client(*ParseUrl(by_number), options).Send("POST", "/a", {}, "hi");
  ASSERT_TRUE(response.ok()) << response.error().message();
  EXPECT_EQ(response->body, "POST /a <hi>");
  std::filesystem::rename(directory_ / "cert.pem", directory_ / "old.pem");
  SetUpCertificate();
  const auto other = Client(*ParseUrl(by_number), options).Send("POST", "/a", {}, "hi");
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.error().message().find("doesn't show the certificate in"), std::string::npos)
      << other.error().message();
  options.tls_pinned_file = (directory_ / "none.pem").string();
  EXPECT_FALSE(Client(*ParseUrl(by_number), options).Send("POST", "/a", {}, "hi").ok());
}

TEST_F(TlsServerTest, PlainTextIsRefusedAndSlowHandshakesAreLetGo) {
  ServerOptions options = Options();
  options.header_timeout_ms = 100;
  Start(options);
  Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  RawClient silent(server_->port());
  silent.ReadAll();
  EXPECT_TRUE(silent.closed_by_server());
}

// A ClientHello may announce 128 KiB, which OpenSSL makes room for, before anybody has proved anything.
TEST_F(TlsServerTest, HalfAHandshakeIsChargedForWhatItMayTake) {
  MemoryBudget budget(std::size_t{8} * 1024 * 1024);
  ServerOptions options = Options();
  options.memory = &budget;
  Start(options);
  std::string hello("\x16\x03\x01\x40\x00\x01\x01\xff\xb8\x03\x03",
                    11);  // a record of 16 KiB of a hello of 131,000 bytes
  hello.append(16 * 1024 - 6, 'x');
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(std::make_unique<RawClient>(server_->port()));
    silent.back()->Send(hello);
  }
  const auto within = [&budget](std::size_t least, std::size_t most) {
    for (int i = 0; i < 1000; ++i) {
      if (budget.held() >= least && budget.held() <= most) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  };
  EXPECT_TRUE(within(20 * std::size_t{256} * 1024, budget.bytes_max())) << budget.held();
  silent.clear();
  EXPECT_TRUE(within(0, 0)) << budget.held();
  ClientOptions trusting;
  trusting.tls_ca_file = (directory_ / "cert.pem").string();
  Client client(*ParseUrl("https://localhost:" + std::to_string(server_->port())), trusting);
  ASSERT_TRUE(client.Send("POST", "/a", {}, "hi").ok());
  EXPECT_TRUE(within(1, std::size_t{128} * 1024)) << budget.held();
}

TEST_F(TlsServerTest, MissingFilesAreSaidSo) {
  ServerOptions options = Options();
  options.tls_key_file = "/nonexistent";
  EXPECT_EQ(Server(options, Echo).Start().error().code(), ErrorCode::kInvalidArgument);
  options.tls_key_file.clear();
  EXPECT_EQ(Server(options, Echo).Start().error().message(), "TLS needs both a certificate file and a key file");
}

TEST(UrlTest, TakesHttpUrlsApart) {
  const auto url = ParseUrl("https://[::1]:8443/x/y");
  ASSERT_TRUE(url.ok());
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/x/y");
  EXPECT_EQ(url->HostHeader(), "[::1]:8443");
  EXPECT_EQ(ParseUrl("http://localhost")->HostHeader(), "localhost");
  EXPECT_EQ(ParseUrl("http://localhost:8000")->HostHeader(), "localhost:8000");
  for (const char* bad :
       {"", "localhost:8000", "ftp://x", "http://", "http://h:port", "http://h:99999", "http://[::1"}) {
    EXPECT_FALSE(ParseUrl(bad).ok()) << bad;
  }
}

TEST(HeaderLinesTest, NoValueBreaksOutOfItsLine) {
  HeaderLines headers;
  headers.emplace_back("a", "b\r\nc: d");
  EXPECT_EQ(headers.lines(), "a: b  c: d\r\n");
  EXPECT_EQ(headers.Find("a"), "b  c: d");
  EXPECT_EQ(headers.Find("c"), "");
}

}  // namespace
}  // namespace insula::http
