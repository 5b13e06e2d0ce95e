// A fetch goes where it may, takes what it is given as it is, and ends.
#include "federation/fetch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <memory>

#include "base/sleep.h"
#include "http/server.h"

namespace insula::federation {
namespace {

class FetchTest : public ::testing::Test {
 protected:
  void Start(http::ServerOptions options = {}) {
    options.port = 0;
    options.threads = 1;
    server_ = std::make_unique<http::Server>(
        options, [this](const http::Request& request) -> Task<http::Response> { return Answer(request); });
    ASSERT_TRUE(server_->Start().ok());
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Stop(1000);
  }

  Task<http::Response> Answer(const http::Request& request) {
    ++requests_;
    http::Response response;
    if (request.target == "/moved") {
      response.status = 302;
      response.headers.emplace_back("Location", "/keys");
    } else if (request.target == "/missing") {
      response.status = 404;
    } else if (request.target == "/large") {
      response.body.assign(kDocumentBytesMax + 1, 'x');
    } else if (request.target == "/whole") {
      response.body.assign(kDocumentBytesMax, 'x');
    } else if (request.target == "/slow") {
      co_await Sleep(std::chrono::milliseconds(3000), std::stop_token());
    } else {
      response.body = std::string(request.method) + " " + std::string(request.target);
    }
    co_return response;
  }

  std::string Url(std::string_view path, std::string_view host = "http://127.0.0.1") const {
    return fmt::format("{}:{}{}", host, server_->port(), path);
  }
  static FetchRules Near() {
    FetchRules rules;
    rules.private_addresses = true;
    return rules;
  }
  // What was wrong, without the URL.
  static std::string Failure(const std::string& url, const FetchRules& rules) {
    const Result<std::string> document = Fetch(url, rules);
    if (document.ok()) return "fetched";
    EXPECT_EQ(document.error().code(), ErrorCode::kIdpCommunicationError);
    return document.error().message().substr(url.size() + 2);
  }

  std::atomic<int> requests_{0};
  std::unique_ptr<http::Server> server_;
};

TEST_F(FetchTest, GivesTheDocument) {
  Start();
  const Result<std::string> document = Fetch(Url("/keys"), Near());
  ASSERT_TRUE(document.ok()) << document.error().message();
  EXPECT_EQ(*document, "GET /keys");
  EXPECT_EQ(Fetch(Url("/whole"), Near())->size(), kDocumentBytesMax);
}

TEST_F(FetchTest, FollowsNothingAndTakesNoMoreThanThereIsUseFor) {
  Start();
  EXPECT_EQ(Failure(Url("/moved"), Near()), "it answered 302");
  EXPECT_EQ(requests_, 1);
  EXPECT_EQ(Failure(Url("/missing"), Near()), "it answered 404");
  EXPECT_EQ(Failure(Url("/large"), Near()), "the document is too large");
  FetchRules hasty = Near();
  hasty.timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(Failure(Url("/slow"), hasty), "Timeout was reached");
}

TEST_F(FetchTest, PrivateAddressesAreReachedOnlyWhereThatIsConfigured) {
  Start();
  FetchRules rules;
  for (const char* host : {"https://127.0.0.1", "https://localhost", "https://127.1", "https://2130706433",
                           "https://0x7f.1", "https://[::1]", "https://[::ffff:127.0.0.1]", "https://0.0.0.0"}) {
    EXPECT_EQ(Failure(Url("/keys", host), rules), "its address is a private one") << host;
  }
  EXPECT_NE(Failure(Url("/keys"), rules), "fetched") << "http";
  EXPECT_EQ(requests_, 0);
  // A proxy would be asked to connect to anything.
  ASSERT_EQ(::setenv("https_proxy", Url("").c_str(), 1), 0);
  ASSERT_EQ(::setenv("http_proxy", Url("").c_str(), 1), 0);
  EXPECT_EQ(Failure(Url("/keys", "https://localhost"), rules), "its address is a private one");
  EXPECT_EQ(*Fetch(Url("/keys"), Near()), "GET /keys");
  ::unsetenv("https_proxy");
  ::unsetenv("http_proxy");
}

TEST_F(FetchTest, OtherSchemesAreNone) {
  for (const char* url :
       {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "dict://127.0.0.1/x", ""}) {
    EXPECT_NE(Failure(url, Near()), "fetched") << url;
  }
}

TEST_F(FetchTest, OverTheInternetThereIsNoHttp) {
  FetchRules rules = Near();
  rules.timeout = std::chrono::milliseconds(500);
  EXPECT_EQ(Failure("http://1.1.1.1/keys", rules), "it is asked by http, over the internet");
}

TEST_F(FetchTest, ACertificateIsLookedAt) {
  std::string pattern = (std::filesystem::temp_directory_path() / "fetch_XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path directory = pattern;
  const std::string certificate = (directory / "cert.pem").string(), key = (directory / "key.pem").string();
  const std::string command = fmt::format(
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
      "-keyout {} -out {} 2>/dev/null",
      key, certificate);
  ASSERT_EQ(std::system(command.c_str()), 0);
  http::ServerOptions options;
  options.tls_certificate_file = certificate;
  options.tls_key_file = key;
  Start(options);
  EXPECT_NE(Failure(Url("/keys", "https://localhost"), Near()), "fetched");
  FetchRules rules = Near();
  rules.ca_file = certificate;
  EXPECT_EQ(Failure(Url("/keys", "https://localhost"), rules), "fetched");
  EXPECT_NE(Failure(Url("/keys", "https://127.0.0.1"), rules), "fetched") << "it is another name's";
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace insula::federation
