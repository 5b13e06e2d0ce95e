// The data port's own answers, word for word as DynamoDB gives them, and who a request turns out to be.
#include "api/data_port.h"

#include <gtest/gtest.h>

#include "access/signer.h"
#include "base/crc32.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"
#include "http/content_coding.h"
#include "tenancy/testing/world.h"

namespace insula::api {
namespace {

using tenancy::testing::Names;

// None of these tests reaches an item.
class NoEngine : public storage::Engine {
 public:
  const EngineCapabilities& capabilities() const override { return capabilities_; }
  Task<Result<storage::MaybeItem>> Get(storage::GetRequest) override { co_return No(); }
  Task<Result<std::vector<std::optional<storage::MaybeItem>>>> BatchGet(std::vector<storage::GetRequest>,
                                                                        storage::ReadBounds) override {
    co_return No();
  }
  Task<Result<std::vector<storage::MaybeItem>>> TransactGet(std::vector<storage::GetRequest>,
                                                            storage::ReadBounds) override {
    co_return No();
  }
  Task<Result<storage::WriteOutcome>> Write(storage::WriteRequest) override { co_return No(); }
  Task<std::vector<Result<storage::WriteOutcome>>> BatchWrite(std::vector<storage::WriteRequest>) override {
    co_return std::vector<Result<storage::WriteOutcome>>();
  }
  Task<Result<storage::TransactWriteOutcome>> TransactWrite(storage::TransactWriteRequest) override { co_return No(); }
  Task<Result<storage::Page>> ReadPage(storage::PageRequest) override { co_return No(); }
  Task<Result<void>> CreateTable(tenancy::TableRef) override { co_return No(); }
  Task<Result<void>> DropStore(StoreId) override { co_return No(); }
  Task<Result<void>> OpenTable(tenancy::TableRef) override { co_return No(); }
  Task<Result<void>> DropTable(tenancy::TableRef, bool) override { co_return No(); }
  Task<Result<void>> SetSchema(tenancy::TableRef) override { co_return No(); }
  Task<Result<void>> BackfillIndex(tenancy::TableRef, std::uint16_t, std::stop_token) override { co_return No(); }
  Task<Result<storage::TableStats>> Stats(tenancy::TableRef) override { co_return No(); }
  storage::ChangeLog* change_log() override { return nullptr; }
  storage::Backups* backups() override { return nullptr; }
  storage::Expiry* expiry() override { return nullptr; }
  storage::VectorSearch* vector_search() override { return nullptr; }
  storage::WriteMarks* write_marks() override { return nullptr; }
  Task<Result<void>> Stop() override { co_return No(); }

 private:
  static Error No() { return {ErrorCode::kInternalServerError, "no engine"}; }
  EngineCapabilities capabilities_;
};

class NoMeter : public metering::UsageMeter {
 public:
  UsageCells* CellsOf(std::string_view, std::string_view) override { return nullptr; }
  std::vector<metering::Usage> Snapshot() const override { return {}; }
};

struct TestRequest {
  std::string method = "POST";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers = {{"Host", "localhost"}};
  std::string body;
};

class GatewayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.Service("prod", "catalog", tenancy::PartitionModel::kIndex);
    world_.Tenant("prod", "catalog", "acme");
    world_.Tenant("prod", "catalog", "globex");
    credentials_ = std::move(*RunTask(
        access::CredentialStore::Open(records_, world_.clock, access::Keyring{access::MasterKey::Generate(), {}})));
    authenticator_ = std::make_unique<access::Authenticator>(*credentials_, world_.clock, "us-east-1");
    api_ = std::make_unique<operations::Api>(
        operations::Services{*world_.catalog, engine_, meter_, world_.clock, operations::ApiOptions{}});
    Open({});
  }

  void Open(DataPortOptions options) {
    options.gateway.access_log = [this](const AccessRecord& record) {
      keys_.emplace_back(record.access_key_id);
      refused_ = record.refused;
      cause_ = record.cause;
      log_.push_back(std::string(record.context) + " " + std::string(record.operation) + " " +
                     std::to_string(record.status) + " " + std::string(record.error));
    };
    port_ = std::make_unique<DataPort>(std::move(options), authenticator_.get(), *world_.catalog, nullptr, *api_);
  }

  access::CreatedKey Key(access::Owner owner) {
    access::NewAccessKey request{std::move(owner), std::nullopt, ""};
    return std::move(*RunTask(credentials_->Create(std::move(request))));
  }
  access::CreatedKey KeyOf(const std::string& tenant, bool may_act = false) {
    access::ContextPrincipal principal;
    principal.names = Names("prod", "catalog", tenant);
    principal.may_act_for_tenants = may_act;
    return Key(principal);
  }

  http::Response Send(const TestRequest& sent) {
    http::Request request;
    request.method = sent.method;
    request.target = sent.target;
    request.headers.assign(sent.headers.begin(), sent.headers.end());
    request.body = sent.body;
    request.remote_address = "127.0.0.1";
    request.memory = memory_;
    return RunTask(port_->gateway().Handle(request));
  }
  http::Response SendSigned(const access::CreatedKey& key, TestRequest request) {
    access::Signer signer({key.key.id, std::string(key.secret.view()), ""}, "us-east-1", "dynamodb");
    const std::vector<std::pair<std::string_view, std::string_view>> views(request.headers.begin(),
                                                                           request.headers.end());
    for (auto& header : signer.Sign(request.method, request.target, views, request.body, world_.clock.Now())) {
      request.headers.push_back(std::move(header));
    }
    return Send(request);
  }
  static TestRequest GetItem() {
    TestRequest request;
    request.headers.emplace_back("X-Amz-Target", "DynamoDB_20120810.GetItem");
    request.headers.emplace_back("Content-Type", "application/x-amz-json-1.0");
    request.body = R"({"TableName":"Products","Key":{"pk":{"S":"a"}}})";
    return request;
  }

  static void ExpectCommonHeaders(const http::Response& response) {
    const std::string_view id = response.headers.Find("x-amzn-RequestId");
    EXPECT_EQ(id.size(), 52u);
    EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string_view::npos);
    EXPECT_EQ(response.headers.Find("x-amz-crc32"), std::to_string(Crc32(response.body)));
  }
  static void Expect404(const http::Response& response) {
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body, "<UnknownOperationException/>\n");
    EXPECT_EQ(response.headers.Find("x-amz-crc32"), "3552371480");
    ExpectCommonHeaders(response);
  }
  static void ExpectError(const http::Response& response, std::string_view type, std::string_view content_type) {
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(response.body.starts_with(R"({"__type":"com.amazon.coral.service#)" + std::string(type) + "\""))
        << response.body;
    EXPECT_EQ(response.headers.Find("Content-Type"), content_type);
    ExpectCommonHeaders(response);
  }

  tenancy::testing::World world_;
  MemoryRecordStore records_;
  NoEngine engine_;
  NoMeter meter_;
  std::unique_ptr<access::CredentialStore> credentials_;
  std::unique_ptr<access::Authenticator> authenticator_;
  std::unique_ptr<operations::Api> api_;
  std::unique_ptr<DataPort> port_;
  MemoryCharge* memory_ = nullptr;
  std::vector<std::string> log_, keys_;
  bool refused_ = false;
  std::string cause_;
};

constexpr char kJson10[] = "application/x-amz-json-1.0";
constexpr char kJson[] = "application/json";

TEST_F(GatewayTest, GetIsHealth) {
  TestRequest request;
  request.method = "GET";
  const auto response = Send(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "healthy: dynamodb.us-east-1.amazonaws.com ");
  ExpectCommonHeaders(response);
  request.target = "/health";
  EXPECT_EQ(Send(request).body, "ok\n");
}

TEST_F(GatewayTest, ReadyIsWhatTheServerSays) {
  bool ready = false;
  DataPortOptions options;
  options.gateway.ready = [&ready] { return ready; };
  Open(std::move(options));
  TestRequest request;
  request.method = "GET";
  request.target = "/ready";
  EXPECT_EQ(Send(request).status, 503);
  ready = true;
  EXPECT_EQ(Send(request).status, 200);
}

TEST_F(GatewayTest, ALogOfWhatWasRefusedHasNothingElse) {
  DataPortOptions options;
  options.gateway.log_answered = false;
  Open(std::move(options));
  const access::CreatedKey key = KeyOf("acme");
  TestRequest list = GetItem();
  list.headers[1].second = "DynamoDBStreams_20120810.ListStreams";
  list.body = "{}";
  EXPECT_EQ(SendSigned(key, list).status, 200);
  EXPECT_TRUE(log_.empty());
  EXPECT_EQ(SendSigned(key, GetItem()).status, 400);
  EXPECT_EQ(log_.size(), 1u);
}

TEST_F(GatewayTest, EachServiceHasItsOwnOperations) {
  const access::CreatedKey key = KeyOf("acme");
  TestRequest list = GetItem();
  list.headers[1].second = "DynamoDBStreams_20120810.ListStreams";
  list.body = "{}";
  const auto listed = SendSigned(key, list);
  EXPECT_EQ(listed.status, 200);
  EXPECT_EQ(listed.body, R"({"Streams":[]})");
  EXPECT_EQ(log_.back(), "t/prod/catalog/acme ListStreams 200 ");
  for (const char* target : {"DynamoDBStreams_20120810.GetItem", "DynamoDB_20120810.ListStreams",
                             "DynamoDB_20120810.GetRecords", "DynamoDBStreams_20120810."}) {
    TestRequest request = GetItem();
    request.headers[1].second = target;
    ExpectError(SendSigned(key, request), "UnknownOperationException", kJson10);
  }
}

TEST_F(GatewayTest, OtherMethodsAndContentTypesAreNotFound) {
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "PATCH"}) {
    TestRequest request;
    request.method = method;
    Expect404(Send(request));
  }
  TestRequest no_type;
  no_type.body = "hi";
  Expect404(Send(no_type));
  for (const char* type : {"whatever", "application/x-amz-json-1.1", "application/jsonasdf"}) {
    TestRequest request;
    request.headers.emplace_back("Content-Type", type);
    request.body = "hi";
    Expect404(Send(request));
  }
}

TEST_F(GatewayTest, ABodyThatIsNotJsonComesFirst) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"application/json", kJson},
      {kJson10, kJson10},
      {"application/json;", kJson},
      {"  application/json  ;   asfd", kJson},
      {"application/x-amz-json-1.0;blahblah", kJson10},
  };
  for (const auto& [sent, answered] : types) {
    TestRequest request;
    request.headers.emplace_back("Content-Type", sent);
    request.body = "hi";
    const auto response = Send(request);
    ExpectError(response, "SerializationException", answered);
    EXPECT_EQ(response.headers.Find("x-amz-crc32"), "3948637019");
  }
}

TEST_F(GatewayTest, UnknownTargetsComeBeforeCredentials) {
  for (const char* target : {"", "whatever", "DynamoDB_20120810", "DynamoDB_20120810.", "DynamoDB_20120810.ListTable",
                             "dynamodb_20120810.GetItem", "DynamoDB_20120810.GetItem.x"}) {
    TestRequest request;
    request.headers.emplace_back("X-Amz-Target", target);
    const auto response = Send(request);
    ExpectError(response, "UnknownOperationException", kJson);
    EXPECT_EQ(response.headers.Find("x-amz-crc32"), "1368724161") << target;
  }
}

TEST_F(GatewayTest, CredentialsComeBeforeTheOperation) {
  TestRequest request = GetItem();
  request.body = "{}";
  const auto response = Send(request);
  ExpectError(response, "MissingAuthenticationTokenException", kJson10);
  EXPECT_EQ(response.body, R"({"__type":"com.amazon.coral.service#MissingAuthenticationTokenException",)"
                           R"("message":"Request is missing Authentication Token"})");
  EXPECT_EQ(response.headers.Find("x-amz-crc32"), "2088342776");
}

TEST_F(GatewayTest, CrossOriginRequestsAreAnswered) {
  TestRequest request;
  request.method = "OPTIONS";
  request.headers.emplace_back("Origin", "whatever");
  request.headers.emplace_back("Access-Control-Request-Headers", "a, b, c");
  request.headers.emplace_back("Access-Control-Request-Method", "d");
  const auto response = Send(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.headers.Find("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(response.headers.Find("Access-Control-Allow-Headers"), "a, b, c");
  EXPECT_EQ(response.headers.Find("Access-Control-Allow-Methods"), "d");
  EXPECT_EQ(response.headers.Find("Access-Control-Max-Age"), "172800");
}

TEST_F(GatewayTest, ScriptsOfOtherOriginsMayReadTheAnswer) {
  TestRequest request = GetItem();
  request.headers.emplace_back("Origin", "https://shop.example");
  const auto response = SendSigned(KeyOf("acme"), request);
  EXPECT_EQ(response.headers.Find("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(response.headers.Find("Access-Control-Expose-Headers"),
            "x-amzn-RequestId,x-amz-crc32,Content-Encoding,Content-Length,Date");
  EXPECT_EQ(Gateway::ErrorResponse(413, "no").headers.Find("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(SendSigned(KeyOf("acme"), GetItem()).headers.Find("Access-Control-Allow-Origin"), "");
}

std::string Gzip(std::string_view body) {
  // Longer than it needs to be, so that it always compresses.
  const std::string padded = std::string(body) + std::string(500, ' ');
  return *RunTask(http::Encode(http::ContentCoding::kGzip, padded));
}

TEST_F(GatewayTest, ACompressedBodyIsSignedAsSentAndReadAsMeant) {
  TestRequest request = GetItem();
  request.body = Gzip(request.body);
  request.headers.emplace_back("Content-Encoding", "gzip");
  SendSigned(KeyOf("acme"), request);
  EXPECT_EQ(log_.back(), "t/prod/catalog/acme GetItem 400 ResourceNotFoundException");
  // Nobody's bytes are looked into.
  ExpectError(Send(request), "MissingAuthenticationTokenException", kJson10);
}

TEST_F(GatewayTest, WhatIsWrongWithACompressedBodyIsSaid) {
  const auto send = [&](std::string_view coding, std::string body) {
    TestRequest request = GetItem();
    request.body = std::move(body);
    request.headers.emplace_back("Content-Encoding", coding);
    return SendSigned(KeyOf("acme"), request);
  };
  EXPECT_EQ(send("gzip", "{}").body, R"({"__type":"com.amazon.coral.service#SerializationException",)"
                                     R"("Message":"The request body is not valid gzip data: incorrect header check"})");
  EXPECT_EQ(send("br", "{}").body,
            R"({"__type":"com.amazon.coral.service#SerializationException","Message":"Content-Encoding 'br' is not )"
            R"(supported. A request body may be sent as it is, or in gzip or deflate"})");
  ExpectError(send("gzip", Gzip("not json")), "SerializationException", kJson10);
  const auto bomb = send("gzip", Gzip(std::string(16 * 1024 * 1024, ' ')));
  EXPECT_EQ(bomb.status, 413);
  EXPECT_EQ(bomb.body, R"({"__type":"com.amazon.coral.service#RequestEntityTooLargeException",)"
                       R"("message":"The request body is too large"})");
}

TEST_F(GatewayTest, LongAnswersAreCompressedWhereTheClientTakesThat) {
  const auto ask = [&](std::string_view table, std::string_view accept) {
    TestRequest request = GetItem();
    request.body = R"({"TableName":")" + std::string(table) + R"(","Key":{}})";
    if (!accept.empty()) request.headers.emplace_back("Accept-Encoding", accept);
    return SendSigned(KeyOf("acme"), request);
  };
  const std::string long_name(8000, '!');  // repeated in the message that refuses it
  const auto plain = ask(long_name, "");
  EXPECT_GT(plain.body.size(), 8000u);
  EXPECT_EQ(plain.headers.Find("Content-Encoding"), "");
  for (const auto& [accept, coding] :
       {std::pair("gzip", http::ContentCoding::kGzip), {"deflate", http::ContentCoding::kDeflate}}) {
    const auto coded = ask(long_name, accept);
    EXPECT_EQ(coded.headers.Find("Content-Encoding"), accept);
    EXPECT_LT(coded.body.size(), 1000u);
    EXPECT_EQ(*RunTask(http::Decode(coding, coded.body, 100'000, nullptr)), plain.body);
    ExpectCommonHeaders(coded);  // the checksum is of the bytes as sent
    EXPECT_EQ(log_.back(), "t/prod/catalog/acme GetItem 400 ValidationException");
  }
  EXPECT_EQ(ask("short", "gzip").headers.Find("Content-Encoding"), "");
  EXPECT_EQ(ask(long_name, "br, gzip;q=0").body, plain.body);
}

TEST_F(GatewayTest, ASignedRequestReachesItsOperation) {
  const auto response = SendSigned(KeyOf("acme"), GetItem());
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
                           R"("message":"Requested resource not found"})");
  EXPECT_EQ(log_.back(), "t/prod/catalog/acme GetItem 400 ResourceNotFoundException");
  ExpectCommonHeaders(response);
}

TEST_F(GatewayTest, AServiceKeyThatMayActsForTheNamedTenant) {
  const auto key = KeyOf("", true);
  SendSigned(key, GetItem());
  EXPECT_EQ(log_.back(), "s/prod/catalog GetItem 400 ResourceNotFoundException");
  TestRequest acting = GetItem();
  acting.headers.emplace_back("X-Insula-Tenant", "globex");
  SendSigned(key, acting);
  EXPECT_EQ(log_.back(), "t/prod/catalog/globex GetItem 400 ResourceNotFoundException");
  TestRequest nobody = GetItem();
  nobody.headers.emplace_back("X-Insula-Tenant", "nobody");
  ExpectError(SendSigned(key, nobody), "AccessDeniedException", kJson10);
  EXPECT_EQ(log_.back(), "s/prod/catalog GetItem 400 AccessDeniedException") << "of the key's own context";
  ExpectError(SendSigned(KeyOf("acme"), acting), "AccessDeniedException", kJson10);
  EXPECT_EQ(log_.back(), "t/prod/catalog/acme GetItem 400 AccessDeniedException");
}

TEST_F(GatewayTest, AKeyOfAContextThatIsGoneIsDenied) {
  ExpectError(SendSigned(KeyOf("nobody"), GetItem()), "AccessDeniedException", kJson10);
}

TEST_F(GatewayTest, AForgedSignatureSaysNothingElse) {
  auto key = KeyOf("acme");
  key.secret = SecretText("another");
  ExpectError(SendSigned(key, GetItem()), "InvalidSignatureException", kJson10);
  key.key.id = "AKIAXXXXXXXXXXXXXXXX";
  ExpectError(SendSigned(key, GetItem()), "UnrecognizedClientException", kJson10);
}

TEST_F(GatewayTest, TheLogNamesWhoIsRefused) {
  auto key = KeyOf("acme");
  const std::string id = key.key.id;
  SendSigned(key, GetItem());
  EXPECT_EQ(keys_.back(), id);
  EXPECT_FALSE(refused_);
  Send(GetItem());
  EXPECT_EQ(log_.back(), " GetItem 400 MissingAuthenticationTokenException");
  EXPECT_EQ(keys_.back(), "");
  EXPECT_TRUE(refused_);
  key.secret = SecretText("another");
  SendSigned(key, GetItem());
  EXPECT_EQ(log_.back(), " GetItem 400 InvalidSignatureException") << "nobody knows that it is acme";
  EXPECT_EQ(keys_.back(), id) << "but whose key it says it is";
  key.key.id = std::string(500, 'A');
  SendSigned(key, GetItem());
  EXPECT_EQ(log_.back(), " GetItem 400 UnrecognizedClientException");
  EXPECT_EQ(keys_.back(), std::string(128, 'A'));
  EXPECT_EQ(cause_, "an access key that isn't known");
  const auto gone = KeyOf("nobody");
  SendSigned(gone, GetItem());
  EXPECT_EQ(log_.back(), "t/prod/catalog/nobody GetItem 400 AccessDeniedException") << "its signature was right";
  EXPECT_EQ(keys_.back(), gone.key.id);
  EXPECT_TRUE(refused_);
}

TEST_F(GatewayTest, AnonymousModeTakesAnyCredentialsButAsksForSome) {
  DataPortOptions options;
  options.callers.anonymous = Names("prod", "catalog", "acme");
  Open(std::move(options));
  ExpectError(Send(GetItem()), "MissingAuthenticationTokenException", kJson10);
  auto key = KeyOf("globex");
  key.key.id = "local";
  key.secret = SecretText("local");
  SendSigned(key, GetItem());
  EXPECT_EQ(log_.back(), "t/prod/catalog/acme GetItem 400 ResourceNotFoundException");
}

TEST_F(GatewayTest, ALargeBodyIsReadOnlyForAKnownKey) {
  MemoryBudget budget(64 * 1024 * 1024);
  MemoryCharge memory(&budget);
  const auto check = [&](const TestRequest& sent) {
    http::Request request;
    request.method = sent.method;
    request.target = sent.target;
    request.headers.assign(sent.headers.begin(), sent.headers.end());
    request.memory = &memory;
    const auto refused = port_->gateway().CheckHeader(request);
    return refused ? refused->body : std::string();
  };
  const auto contains = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const access::CreatedKey key = KeyOf("acme");
  const auto signed_by = [&](std::string id, const std::string& secret) {
    TestRequest request = GetItem();
    access::Signer signer({std::move(id), secret, ""}, "us-east-1", "dynamodb");
    const std::vector<std::pair<std::string_view, std::string_view>> views(request.headers.begin(),
                                                                           request.headers.end());
    for (auto& header : signer.Sign(request.method, request.target, views, request.body, world_.clock.Now())) {
      request.headers.push_back(std::move(header));
    }
    return request;
  };
  const std::string secret(key.secret.view());
  contains(check(GetItem()), "MissingAuthenticationTokenException");
  contains(check(signed_by("AKIAUNKNOWN", secret)), "UnrecognizedClientException");
  TestRequest other = signed_by(key.key.id, secret);
  other.method = "PUT";
  contains(check(other), "<UnknownOperationException/>");  // as for a small body
  other = GetItem();
  for (auto& [name, value] : other.headers) {
    if (name == "Content-Type") value = "text/plain";
  }
  contains(check(other), "<UnknownOperationException/>");
  other = signed_by(key.key.id, secret);
  other.headers[1].second = "DynamoDB_20120810.Nothing";
  contains(check(other), "UnknownOperationException");
  EXPECT_FALSE(memory.has_tenant());
  const TestRequest good = signed_by(key.key.id, secret);
  EXPECT_EQ(check(good), "");
  EXPECT_TRUE(memory.has_tenant());
  world_.clock.Advance(std::chrono::minutes(6));
  contains(check(good), "Signature expired");
  ASSERT_TRUE(RunTask(credentials_->Delete(key.key.id)).ok());
  contains(check(signed_by(key.key.id, secret)), "UnrecognizedClientException");
  DataPortOptions anonymous;
  anonymous.callers.anonymous = Names("prod", "catalog", "acme");
  Open(std::move(anonymous));
  contains(check(GetItem()), "MissingAuthenticationTokenException");
  EXPECT_EQ(check(signed_by("any", "thing")), "");
}

TEST_F(GatewayTest, ARequestWithoutRoomForWhatItComesToIsRefusedSoThatItIsSentAgain) {
  const access::CreatedKey key = KeyOf("acme");
  MemoryBudget budget(1024 * 1024);
  MemoryCharge memory(&budget);
  memory_ = &memory;
  TestRequest query = GetItem();
  query.headers[1].second = "DynamoDB_20120810.Query";
  const http::Response refused = SendSigned(key, query);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("ServiceUnavailableException"), std::string::npos) << refused.body;
  EXPECT_TRUE(refused.sender_known);
  EXPECT_NE(SendSigned(key, GetItem()).status, 503);
  EXPECT_FALSE(Send(GetItem()).sender_known);
  // With more than half gone, requests for one item are asked whose they are.
  MemoryBudget short_of(64 * 1024 * 1024);
  MemoryCharge mine(&short_of), others(&short_of);
  ASSERT_TRUE(others.Grow(60 * 1024 * 1024));
  DataPortOptions short_options;
  short_options.dynamodb.memory = &short_of;
  Open(std::move(short_options));
  memory_ = &mine;
  EXPECT_NE(SendSigned(key, GetItem()).status, 503);
  EXPECT_TRUE(mine.has_tenant());
  mine.Add(3 * 1024 * 1024);
  EXPECT_EQ(SendSigned(key, GetItem()).status, 503);
}

TEST_F(GatewayTest, WhatTheServerAnswersItselfLooksTheSame) {
  const auto large = Gateway::ErrorResponse(413, "The request body is too large");
  EXPECT_EQ(large.status, 413);
  EXPECT_TRUE(large.chunked);
  EXPECT_EQ(large.body, R"({"__type":"com.amazon.coral.service#RequestEntityTooLargeException",)"
                        R"("message":"The request body is too large"})");
  ExpectCommonHeaders(large);
  EXPECT_EQ(Gateway::ErrorResponse(400, "no").body, "no\n");
}

// Another service on the same port, which speaks in forms.
class EchoService : public Service {
 public:
  std::string_view name() const override { return "sts"; }
  bool Takes(std::string_view media_type) const override { return media_type == "application/x-www-form-urlencoded"; }
  std::string_view AnswersIn(std::string_view) const override { return "text/xml"; }
  Asked Find(const http::Request& request) const override {
    return {.operation = "GetCallerIdentity", .known = request.body == "Action=GetCallerIdentity"};
  }
  operations::ApiResponse Refuse(const http::Request&, const Asked&, const Error& error) const override {
    return {403, "<" + error.message() + "/>", {}};
  }
  Task<operations::ApiResponse> Perform(const http::Request&, Asked, const operations::Caller* caller) override {
    co_return operations::ApiResponse{200, "<" + tenancy::KeyOf(caller->context) + "/>", {}};
  }
  std::string_view ErrorNameIn(std::string_view) const override { return {}; }
};

TEST_F(GatewayTest, ServicesShareThePort) {
  const access::Authenticator both(*credentials_, world_.clock, "us-east-1", {"dynamodb", "sts"});
  TenantMemory tenants;
  Services services;
  services.push_back(std::make_unique<DynamoDbService>(DynamoDbOptions{}, *api_, tenants));
  services.push_back(std::make_unique<EchoService>());
  Gateway gateway({}, CallerFinder(&both, *world_.catalog, nullptr, {}), std::move(services), tenants);
  const access::CreatedKey key = KeyOf("acme");
  const auto send = [&](const char* service, TestRequest sent) {
    access::Signer signer({key.key.id, std::string(key.secret.view()), ""}, "us-east-1", service);
    std::vector<std::pair<std::string_view, std::string_view>> views(sent.headers.begin(), sent.headers.end());
    const auto signature = signer.Sign(sent.method, sent.target, views, sent.body, world_.clock.Now());
    for (const auto& [name, value] : signature) views.emplace_back(name, value);
    http::Request request;
    request.method = sent.method;
    request.target = sent.target;
    request.headers = views;
    request.body = sent.body;
    return RunTask(gateway.Handle(request));
  };
  TestRequest form;
  form.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  form.body = "Action=GetCallerIdentity";
  const http::Response answered = send("sts", form);
  EXPECT_EQ(answered.status, 200);
  EXPECT_NE(answered.body.find("acme"), std::string::npos);
  EXPECT_EQ(answered.headers.Find("Content-Type"), "text/xml");
  ExpectCommonHeaders(answered);
  // By its scope alone a request is one service's, and then in that one's form.
  Expect404(send("dynamodb", form));
  Expect404(send("sts", GetItem()));
  EXPECT_EQ(send("dynamodb", GetItem()).status, 400);
  EXPECT_EQ(send("elsewhere", GetItem()).status, 400);
}

}  // namespace
}  // namespace insula::api
