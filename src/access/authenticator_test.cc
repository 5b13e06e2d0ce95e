// Verified signatures: published examples, what any change to a signed request does, AWS's words in AWS's order, and
// the rules about tenants.
#include "access/authenticator.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "access/canonical_request.h"
#include "access/signer.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr char kMismatch[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";
constexpr char kUnknown[] = "The security token included in the request is invalid.";

// A request that owns its text.
struct TestRequest {
  std::string method = "POST";
  std::string target = "/";
  Headers headers;
  std::string body = "{}";

  std::vector<std::pair<std::string_view, std::string_view>> Views() const { return {headers.begin(), headers.end()}; }
};

class AuthenticatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = std::move(*RunTask(CredentialStore::Open(records_, clock_, Keyring{MasterKey::Generate(), {}})));
    authenticator_ = std::make_unique<Authenticator>(*store_, clock_, "us-east-1");
    ContextPrincipal tenant;
    tenant.names = {EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
    tenant_ = Create(tenant);
    ContextPrincipal service = tenant;
    service.names.tenant = std::nullopt;
    plain_service_ = Create(service);
    service.may_act_for_tenants = true;
    acting_service_ = Create(service);
    operator_ = Create(OperatorPrincipal{AccountId("123456789012"), false});
  }

  CreatedKey Create(Owner owner) {
    NewAccessKey request{std::move(owner), std::nullopt, ""};
    return std::move(*RunTask(store_->Create(std::move(request))));
  }

  TestRequest Unsigned() const {
    TestRequest request;
    request.headers = {{"Host", "localhost:8000"},
                       {"X-Amz-Target", "DynamoDB_20120810.ListTables"},
                       {"Content-Type", "application/x-amz-json-1.0"}};
    return request;
  }

  void Sign(const CreatedKey& key, TestRequest* request, std::string service = "dynamodb",
            std::string region = "us-east-1") const {
    Signer signer({key.key.id, std::string(key.secret.view()), ""}, region, service);
    const auto views = request->Views();
    for (auto& added : signer.Sign(request->method, request->target, views, request->body, clock_.Now())) {
      request->headers.push_back(std::move(added));
    }
  }

  TestRequest Signed(const CreatedKey& key) const {
    TestRequest request = Unsigned();
    Sign(key, &request);
    return request;
  }

  TestRequest Presigned(const CreatedKey& key, std::string_view target,
                        std::optional<std::chrono::seconds> valid_for = std::nullopt) const {
    return Presigned(key, target, valid_for, Unsigned());
  }
  TestRequest Presigned(const CreatedKey& key, std::string_view target, std::optional<std::chrono::seconds> valid_for,
                        TestRequest request, std::string region = "us-east-1") const {
    Signer signer({key.key.id, std::string(key.secret.view()), ""}, std::move(region), "dynamodb");
    const auto views = request.Views();
    request.target = signer.Presign(request.method, target, views, request.body, clock_.Now(), valid_for);
    return request;
  }

  Result<Authenticated> Verify(const TestRequest& request) const {
    const auto views = request.Views();
    return authenticator_->Verify(SignedRequest{request.method, request.target, views, request.body});
  }

  void ExpectError(const TestRequest& request, ErrorCode code, std::string_view message) const {
    const auto result = Verify(request);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(TraitsOf(result.error().code()).name, TraitsOf(code).name);
    EXPECT_EQ(result.error().message(), message);
  }

  // Whom the error says it refuses: "KEY", and "KEY of TENANT" where that is proved.
  std::string Refused(const TestRequest& request) const {
    const auto result = Verify(request);
    const auto* sender = result.ok() ? nullptr : dynamic_cast<const RefusedSender*>(result.error().detail());
    if (sender == nullptr) return "nobody";
    if (!sender->proved) return sender->access_key_id;
    return sender->access_key_id + " of " +
           std::string(TextOf(std::get<ContextPrincipal>(sender->proved->who).names.tenant));
  }

  static std::string* Find(TestRequest* request, std::string_view name) {
    for (auto& [found, value] : request->headers) {
      if (EqualIgnoringCase(found, name)) return &value;
    }
    return nullptr;
  }

  static void Replace(std::string* text, std::string_view from, std::string_view to) {
    const std::size_t at = text->find(from);
    ASSERT_NE(at, std::string::npos);
    text->replace(at, from.size(), to);
  }

  MemoryRecordStore records_;
  ManualClock clock_{WallTime{std::chrono::seconds{1'795'453'294}}};  // 2026-11-23T17:01:34Z
  std::unique_ptr<CredentialStore> store_;
  std::unique_ptr<Authenticator> authenticator_;
  CreatedKey tenant_, plain_service_, acting_service_, operator_;
};

// Counted and not timed: derivations are all that a refusal's time can differ by, at five HMACs each.
TEST_F(AuthenticatorTest, AWrongSignatureCostsTheSameWhoeverItClaimsToBeOf) {
  int derived = 0;
  authenticator_ = std::make_unique<Authenticator>(
      *store_, clock_, "us-east-1", std::vector<std::string>{"dynamodb"}, nullptr,
      [&](std::string_view secret, std::string_view date, std::string_view region, std::string_view service) {
        ++derived;
        return DeriveSigningKey(secret, date, region, service);
      });
  const auto cost = [&](const CreatedKey& key) {
    derived = 0;
    EXPECT_FALSE(Verify(Signed(key)).ok());
    return derived;
  };
  const auto with_wrong_secret = [](CreatedKey key) {
    key.secret = SecretText(std::string(40, 'x'));
    return key;
  };
  CreatedKey unknown = with_wrong_secret(tenant_);
  unknown.key.id = "AKIAXXXXXXXXXXXXXXXX";
  const int one = cost(unknown);
  EXPECT_EQ(one, 1);
  EXPECT_EQ(cost(unknown), one);                     // the second time
  EXPECT_EQ(cost(with_wrong_secret(tenant_)), one);  // of a key that nobody has used
  EXPECT_EQ(cost(with_wrong_secret(tenant_)), one);
  derived = 0;
  EXPECT_TRUE(Verify(Signed(operator_)).ok());
  EXPECT_TRUE(Verify(Signed(operator_)).ok());
  EXPECT_EQ(derived, 1);                               // in use now
  EXPECT_EQ(cost(with_wrong_secret(operator_)), one);  // but for others no cheaper
}

TEST_F(AuthenticatorTest, ASignedRequestNamesItsPrincipal) {
  const TestRequest request = Signed(tenant_);  // the answer's service is a view into it
  const auto result = Verify(request);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(result->service, "dynamodb");
  EXPECT_EQ(result->principal.access_key_id, tenant_.key.id);
  EXPECT_EQ(std::get<ContextPrincipal>(result->principal.who).names.tenant, TenantId("acme"));
  const auto of_operator = Verify(Signed(operator_));
  ASSERT_TRUE(of_operator.ok());
  EXPECT_EQ(std::get<OperatorPrincipal>(of_operator->principal.who).account.value(), "123456789012");
}

TEST_F(AuthenticatorTest, ADeactivatedKeyIsUnknownAtOnceAndKnownAgainWhenActive) {
  const TestRequest request = Signed(tenant_);
  ASSERT_TRUE(Verify(request).ok());
  ASSERT_TRUE(RunTask(store_->SetStatus(tenant_.key.id, KeyStatus::kInactive)).ok());
  ExpectError(request, ErrorCode::kUnrecognizedClient, kUnknown);
  ASSERT_TRUE(RunTask(store_->SetStatus(tenant_.key.id, KeyStatus::kActive)).ok());
  EXPECT_TRUE(Verify(request).ok());
  ASSERT_TRUE(RunTask(store_->Delete(tenant_.key.id)).ok());
  ExpectError(request, ErrorCode::kUnrecognizedClient, kUnknown);
}

TEST_F(AuthenticatorTest, ACachedKeyDoesNotOutliveItsSecret) {
  NewAccessKey owner{tenant_.key.owner, std::nullopt, ""};
  ASSERT_TRUE(RunTask(store_->Import(owner, "AKIAIOSFODNN7EXAMPLE", "first")).ok());
  CreatedKey key{AccessKey{}, SecretText("first")};
  key.key.id = "AKIAIOSFODNN7EXAMPLE";
  const TestRequest request = Signed(key);
  ASSERT_TRUE(Verify(request).ok());
  ASSERT_TRUE(RunTask(store_->Delete(key.key.id)).ok());
  ASSERT_TRUE(RunTask(store_->Import(owner, "AKIAIOSFODNN7EXAMPLE", "second")).ok());
  ExpectError(request, ErrorCode::kInvalidSignature, kMismatch);
}

TEST_F(AuthenticatorTest, AnExpiredKeySaysSo) {
  NewAccessKey owner{tenant_.key.owner, clock_.Now() + std::chrono::hours(1), ""};
  const CreatedKey key = std::move(*RunTask(store_->Create(owner)));
  EXPECT_TRUE(Verify(Signed(key)).ok());
  clock_.Advance(std::chrono::hours(1));
  ExpectError(Signed(key), ErrorCode::kExpiredToken, "The security token included in the request is expired");
}

TEST_F(AuthenticatorTest, ARefusalSaysWhomItRefuses) {
  EXPECT_EQ(Refused(Signed(tenant_)), "nobody");
  EXPECT_EQ(Refused(Unsigned()), "");
  CreatedKey key{AccessKey{}, SecretText("another")};
  key.key.id = tenant_.key.id;
  EXPECT_EQ(Refused(Signed(key)), tenant_.key.id) << "as it says, but not proved";
  key.key.id = std::string(1000, 'A');
  EXPECT_EQ(Refused(Signed(key)), std::string(128, 'A'));
  EXPECT_EQ(Refused(Presigned(key, "/")), std::string(128, 'A'));
  TestRequest acting = Unsigned();
  acting.headers.emplace_back("X-Insula-Tenant", "globex");
  Sign(tenant_, &acting);
  EXPECT_EQ(Refused(acting), tenant_.key.id + " of acme");
  const TestRequest late = Signed(tenant_);
  clock_.Advance(std::chrono::minutes(6));
  EXPECT_EQ(Refused(late), tenant_.key.id) << "its signature isn't looked at any more";
  NewAccessKey owner{tenant_.key.owner, clock_.Now() + std::chrono::hours(1), ""};
  const CreatedKey brief = std::move(*RunTask(store_->Create(owner)));
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(Refused(Signed(brief)), brief.key.id + " of acme");
}

// --- a signed request, changed ---

TEST_F(AuthenticatorTest, AnyFlippedBitFails) {
  rc::check("a flipped bit of method, target, signed header, signature or body", [&] {
    TestRequest request = Unsigned();
    request.body = *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>());
    request.target = "/path?b=1&a=%20x";
    Sign(tenant_, &request);
    RC_ASSERT(Verify(request).ok());
    std::vector<std::string*> texts = {&request.method, &request.target, &request.body};
    for (auto& [name, value] : request.headers) texts.push_back(&value);
    std::string* text = *rc::gen::elementOf(texts);
    const auto bit = *rc::gen::inRange<std::size_t>(0, text->size() * 8);
    // Spaces are folded and names are compared in any case: such a flip may leave the meaning as it was.
    const std::string before = *text;
    (*text)[bit / 8] = static_cast<char>((*text)[bit / 8] ^ (1 << (bit % 8)));
    const bool of_authorization = text == Find(&request, "authorization");
    if (of_authorization && bit / 8 < before.find("Signature=")) return;
    if (text == &request.target) {
      std::string was, is;
      AppendCanonicalTarget(before, &was);
      AppendCanonicalTarget(*text, &is);
      if (was == is) return;
    }
    RC_ASSERT(!Verify(request).ok());
  });
}

TEST_F(AuthenticatorTest, AnyFlippedBitOfTheAuthorizationHeaderFailsOrMeansTheSame) {
  const TestRequest original = Signed(tenant_);
  const std::string* authorization = Find(const_cast<TestRequest*>(&original), "authorization");
  const std::size_t names = authorization->find("SignedHeaders=");
  const std::size_t names_end = authorization->find(", Signature=");
  for (std::size_t bit = 0; bit < authorization->size() * 8; ++bit) {
    TestRequest request = original;
    std::string* text = Find(&request, "authorization");
    const char before = (*text)[bit / 8];
    (*text)[bit / 8] = static_cast<char>(before ^ (1 << (bit % 8)));
    const bool case_only =
        bit % 8 == 5 && bit / 8 > names + 13 && bit / 8 < names_end && before != '-' && before != ';';
    const bool separator = before == ',' || before == ' ';
    if (case_only || separator) continue;
    EXPECT_FALSE(Verify(request).ok()) << *text;
  }
}

TEST_F(AuthenticatorTest, RandomRequestsVerify) {
  rc::check("what the signer signs verifies", [&] {
    TestRequest request = Unsigned();
    const auto word = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>('!', '~')));
    request.body = *rc::gen::arbitrary<std::string>();
    request.target = "/" + *rc::gen::container<std::string>(rc::gen::inRange<char>('$', '~'));
    if (request.target.find("X-Amz-Algorithm") != std::string::npos) return;
    request.headers.emplace_back("x-amz-meta", "  " + *word + "   " + *word + " ");
    Sign(tenant_, &request);
    RC_ASSERT(Verify(request).ok());
  });
}

TEST_F(AuthenticatorTest, NamesOfSignedHeadersMayComeInAnyCaseAndOrder) {
  TestRequest request = Signed(tenant_);
  Replace(Find(&request, "authorization"), "content-type;host;x-amz-date;x-amz-target",
          "Host;X-Amz-Target;Content-Type;X-Amz-Date");
  EXPECT_TRUE(Verify(request).ok());
}

TEST_F(AuthenticatorTest, AnUnsignedHeaderOfNoMeaningIsFree) {
  TestRequest request = Signed(tenant_);
  request.headers.emplace_back("User-Agent", "aws-cli");
  request.headers.emplace_back("X-Amzn-Trace-Id", "Root=1");
  EXPECT_TRUE(Verify(request).ok());
}

TEST_F(AuthenticatorTest, HeadersThatMeanSomethingMustBeSigned) {
  for (const std::string name : {"X-Amz-Foo", "x-insula-tenant", "X-INSULA-anything"}) {
    TestRequest request = Signed(acting_service_);
    request.headers.emplace_back(name, "acme");
    ExpectError(request, ErrorCode::kInvalidSignature,
                "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
  }
  TestRequest request = Signed(tenant_);
  Replace(Find(&request, "authorization"), "content-type;host;", "content-type;");
  ExpectError(request, ErrorCode::kInvalidSignature, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
}

TEST_F(AuthenticatorTest, ASignedHeaderThatIsMissingOrDoubledFails) {
  TestRequest missing = Signed(tenant_);
  std::erase_if(missing.headers, [](const auto& header) { return header.first == "Content-Type"; });
  ExpectError(missing, ErrorCode::kInvalidSignature, kMismatch);
  TestRequest doubled = Signed(tenant_);
  doubled.headers.emplace_back("x-amz-target", "DynamoDB_20120810.DeleteTable");
  ExpectError(doubled, ErrorCode::kInvalidSignature, "There must be exactly one 'X-Amz-Target' HTTP header.");
  TestRequest two_dates = Signed(tenant_);
  two_dates.headers.emplace_back("x-amz-date", "20261123T170134Z");
  ExpectError(two_dates, ErrorCode::kIncompleteSignature, "There must be exactly one 'X-Amz-Date' HTTP header.");
  TestRequest two_authorizations = Signed(tenant_);
  two_authorizations.headers.push_back(two_authorizations.headers.back());
  ExpectError(two_authorizations, ErrorCode::kIncompleteSignature,
              "There must be exactly one 'Authorization' HTTP header.");
}

TEST_F(AuthenticatorTest, PayloadsAreSignedAndWhatTheirHeaderSays) {
  TestRequest right = Unsigned();
  const auto hash = HexOf(Sha256::Of(right.body));
  right.headers.emplace_back("X-Amz-Content-Sha256", std::string(hash.data(), hash.size()));
  Sign(tenant_, &right);
  EXPECT_TRUE(Verify(right).ok());
  TestRequest wrong = Unsigned();
  wrong.headers.emplace_back("X-Amz-Content-Sha256", std::string(64, '0'));
  Sign(tenant_, &wrong);
  ExpectError(wrong, ErrorCode::kInvalidSignature,
              "The provided 'x-amz-content-sha256' header does not match what was computed.");
  for (const std::string value : {"UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}) {
    TestRequest unsigned_payload = Unsigned();
    unsigned_payload.headers.emplace_back("X-Amz-Content-Sha256", value);
    Sign(tenant_, &unsigned_payload);
    ExpectError(unsigned_payload, ErrorCode::kInvalidSignature,
                "The payload must be signed: 'x-amz-content-sha256' has to be the SHA-256 of the body.");
  }
}

TEST_F(AuthenticatorTest, ATokenThatNoSessionGaveIsInvalid) {
  TestRequest request = Unsigned();
  Signer signer({tenant_.key.id, std::string(tenant_.secret.view()), "token"}, "us-east-1", "dynamodb");
  const auto views = request.Views();
  for (auto& added : signer.Sign("POST", "/", views, request.body, clock_.Now())) request.headers.push_back(added);
  ExpectError(request, ErrorCode::kUnrecognizedClient, kUnknown);
  const auto refused = Verify(request);
  const auto* sender = dynamic_cast<const RefusedSender*>(refused.error().detail());
  EXPECT_EQ(sender->access_key_id, tenant_.key.id);
  EXPECT_EQ(sender->why, "a session token, and there are no sessions here");
}

// --- AWS's words ---

TEST_F(AuthenticatorTest, UnknownKeysAreUnrecognized) {
  TestRequest request = Signed(tenant_);
  Replace(Find(&request, "authorization"), tenant_.key.id, "AKIAXXXXXXXXXXXXXXXX");
  ExpectError(request, ErrorCode::kUnrecognizedClient, kUnknown);
}

TEST_F(AuthenticatorTest, FormComesFirst) {
  const auto with = [&](std::string authorization, std::string date = "a") {
    TestRequest request = Unsigned();
    request.headers.emplace_back("Authorization", authorization);
    if (!date.empty()) request.headers.emplace_back("Date", date);
    return request;
  };
  ExpectError(Unsigned(), ErrorCode::kMissingAuthenticationToken, "Request is missing Authentication Token");
  ExpectError(with("AWS4"), ErrorCode::kMissingAuthenticationToken, "Request is missing Authentication Token");
  ExpectError(with("AWS4-", ""), ErrorCode::kIncompleteSignature,
              "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
              "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires "
              "existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-");
  for (const std::string text :
       {"AWS4- Signature=b Credential=a", "AWS4- Signature=b,Credential=a", "AWS4- Signature=b, Credential=a"}) {
    ExpectError(with(text), ErrorCode::kIncompleteSignature,
                "Authorization header requires 'SignedHeaders' parameter. Authorization=" + text);
  }
  ExpectError(with("AWS4-HMAC-SHA256 Signature=b,    Credential,    SignedHeaders"), ErrorCode::kIncompleteSignature,
              "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: "
              "'AWS4-HMAC-SHA256 Signature=b,    Credential,    SignedHeaders'.");
}

TEST_F(AuthenticatorTest, AUrlMayCarryTheSignature) {
  for (const std::string_view target : {"/", "/?", "/?a=b&c", "/path/%2e%2e/x?z=%7E&y=%20"}) {
    const TestRequest request = Presigned(tenant_, target);
    const auto result = Verify(request);
    ASSERT_TRUE(result.ok()) << request.target << ": " << result.error().message();
    EXPECT_EQ(result->service, "dynamodb");
    EXPECT_EQ(std::get<ContextPrincipal>(result->principal.who).names.tenant, TenantId("acme"));
  }
  TestRequest get = Unsigned();
  get.method = "GET";
  get.body.clear();
  get.headers.resize(1);  // Host
  EXPECT_TRUE(Verify(Presigned(operator_, "/", std::nullopt, get)).ok());
  EXPECT_TRUE(Authenticator::CheckForm(SignedRequest{"GET", get.target, {}, ""}).ok() == false);
}

TEST_F(AuthenticatorTest, APresignedUrlIsGoodForAsLongAsItSays) {
  using std::chrono::seconds;
  const auto week = std::chrono::seconds(std::chrono::days(7));
  const TestRequest plain = Presigned(tenant_, "/"), minute = Presigned(tenant_, "/", seconds(60)),
                    longest = Presigned(tenant_, "/", week);
  clock_.Advance(seconds(60));
  EXPECT_TRUE(Verify(plain).ok());
  EXPECT_TRUE(Verify(minute).ok());
  clock_.Advance(seconds(1));
  ExpectError(minute, ErrorCode::kInvalidSignature,
              "Signature expired: 20261123T170134Z is now earlier than 20261123T170135Z (20261123T170235Z - 60 sec.)");
  clock_.Advance(seconds(240));
  ExpectError(plain, ErrorCode::kInvalidSignature,
              "Signature expired: 20261123T170134Z is now earlier than 20261123T170135Z (20261123T170635Z - 5 min.)");
  clock_.Advance(week - seconds(301));
  EXPECT_TRUE(Verify(longest).ok());
  clock_.Advance(seconds(1));
  EXPECT_FALSE(Verify(longest).ok());
  // From a clock ahead of ours.
  const TestRequest ahead = Presigned(tenant_, "/", week);
  clock_.Advance(seconds(-300));
  EXPECT_TRUE(Verify(ahead).ok());
  clock_.Advance(seconds(-1));
  EXPECT_FALSE(Verify(ahead).ok());

  for (const std::string_view bad : {"0", "-1", "604801", "99999999999999999999", "60x", "", " 60", "6e1"}) {
    TestRequest request = minute;
    Replace(&request.target, "X-Amz-Expires=60", "X-Amz-Expires=" + std::string(bad));
    ExpectError(request, ErrorCode::kIncompleteSignature,
                "X-Amz-Expires must be a number of seconds from 1 to 604800, which is a week.");
  }
}

TEST_F(AuthenticatorTest, NothingOfAPresignedRequestCanBeChanged) {
  const TestRequest request = Presigned(acting_service_, "/?a=b", std::chrono::seconds(60));
  ASSERT_TRUE(Verify(request).ok());
  TestRequest changed = request;
  changed.body = "{ }";
  ExpectError(changed, ErrorCode::kInvalidSignature, kMismatch);
  changed = request;
  changed.method = "PUT";
  ExpectError(changed, ErrorCode::kInvalidSignature, kMismatch);
  for (const auto& [from, to] : {std::pair("a=b", "a=c"), std::pair("Expires=60", "Expires=61"),
                                 std::pair("Date=20261123T170134Z", "Date=20261123T170135Z")}) {
    changed = request;
    Replace(&changed.target, from, to);
    ExpectError(changed, ErrorCode::kInvalidSignature, kMismatch);
  }
  changed = request;
  changed.target += "&x=y";
  ExpectError(changed, ErrorCode::kInvalidSignature, kMismatch);
  changed = request;
  *Find(&changed, "x-amz-target") = "DynamoDB_20120810.DeleteTable";
  ExpectError(changed, ErrorCode::kInvalidSignature, kMismatch);
  // Headers that nobody signed.
  changed = request;
  changed.headers.emplace_back("x-insula-tenant", "acme");
  ExpectError(changed, ErrorCode::kInvalidSignature,
              "'x-insula-tenant' must be a 'SignedHeader' in the AWS Authorization.");
  changed = request;
  changed.headers.emplace_back("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
  ExpectError(changed, ErrorCode::kInvalidSignature,
              "The payload must be signed: 'x-amz-content-sha256' has to be the SHA-256 of the body.");
  // Signed, it counts.
  TestRequest acting = Unsigned();
  acting.headers.emplace_back("x-insula-tenant", "acme");
  const auto result = Verify(Presigned(acting_service_, "/", std::nullopt, acting));
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(std::get<ContextPrincipal>(result->principal.who).names.tenant, TenantId("acme"));
}

TEST_F(AuthenticatorTest, FormOfThePresignedUrl) {
  TestRequest both = Signed(tenant_);
  both.target = "/?X-Amz-Algorithm";
  ExpectError(both, ErrorCode::kInvalidSignature,
              "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  TestRequest query = Unsigned();
  query.target = "/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d";
  ExpectError(
      query, ErrorCode::kIncompleteSignature,
      "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.");
  query.target += "&X-Amz-SignedHeaders=e";
  EXPECT_EQ(Verify(query).error().code(), ErrorCode::kIncompleteSignature);

  const TestRequest good = Presigned(tenant_, "/", std::chrono::seconds(60));
  for (const std::string name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date",
                                 "X-Amz-Expires", "X-Amz-SignedHeaders"}) {
    TestRequest twice = good;
    twice.target += "&" + name + "=x";
    ExpectError(twice, ErrorCode::kIncompleteSignature,
                "There must be exactly one '" + name + "' query-string parameter.");
    Replace(&twice.target, "&" + name, "&X%2DAmz-" + name.substr(6));
    EXPECT_EQ(Verify(twice).error().code(), ErrorCode::kIncompleteSignature) << "however it is spelled";
  }
  TestRequest no_host = Unsigned();
  no_host.headers.erase(no_host.headers.begin());
  ExpectError(Presigned(tenant_, "/", std::nullopt, no_host), ErrorCode::kInvalidSignature,
              "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  ExpectError(Presigned(tenant_, "/", std::nullopt, Unsigned(), "eu-west-1"), ErrorCode::kInvalidSignature,
              "Credential should be scoped to a valid region. ");
  TestRequest unknown = good;
  Replace(&unknown.target, tenant_.key.id, "AKIAIOSFODNN7EXAMPLE");
  ExpectError(unknown, ErrorCode::kUnrecognizedClient, kUnknown);
  // A key without a session has no token, wherever it is.
  TestRequest token = Unsigned();
  ExpectError(Presigned(tenant_, "/?X-Amz-Security-Token=abc"), ErrorCode::kUnrecognizedClient, kUnknown);
  token.headers.emplace_back("X-Amz-Security-Token", "abc");
  ExpectError(Presigned(tenant_, "/", std::nullopt, token), ErrorCode::kUnrecognizedClient, kUnknown);
}

TEST_F(AuthenticatorTest, DatesAreBasicIso8601WithinFiveMinutes) {
  TestRequest malformed = Signed(tenant_);
  *Find(&malformed, "x-amz-date") = "201";
  ExpectError(malformed, ErrorCode::kIncompleteSignature,
              "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601");

  const TestRequest request = Signed(tenant_);
  clock_.Advance(std::chrono::minutes(5));
  EXPECT_TRUE(Verify(request).ok());
  clock_.Advance(std::chrono::seconds(1));
  ExpectError(request, ErrorCode::kInvalidSignature,
              "Signature expired: 20261123T170134Z is now earlier than 20261123T170135Z (20261123T170635Z - 5 min.)");
  clock_.Advance(-std::chrono::minutes(10) - std::chrono::seconds(2));
  ExpectError(request, ErrorCode::kInvalidSignature,
              "Signature not yet current: 20261123T170134Z is still later than 20261123T170133Z (20261123T165633Z + 5 "
              "min.)");
}

TEST_F(AuthenticatorTest, ADateHeaderStandsInWhenItIsSigned) {
  // Signed by hand: the signer always sends X-Amz-Date.
  TestRequest request;
  request.headers = {{"host", "h"}, {"date", "Mon, 23 Nov 2026 17:01:34 GMT"}};
  const auto payload = HexOf(Sha256::Of(request.body));
  const auto authorization = [&](std::string_view canonical_headers, std::string_view names) {
    const std::string canonical = std::string("POST\n/\n\n") + std::string(canonical_headers) + "\n" +
                                  std::string(names) + "\n" + std::string(payload.data(), payload.size());
    const auto signature = SignatureOf(DeriveSigningKey(tenant_.secret.view(), "20261123", "us-east-1", "dynamodb"),
                                       "20261123T170134Z", "20261123/us-east-1/dynamodb/aws4_request", canonical);
    return "AWS4-HMAC-SHA256 Credential=" + tenant_.key.id +
           "/20261123/us-east-1/dynamodb/aws4_request, SignedHeaders=" + std::string(names) +
           ", Signature=" + std::string(signature.data(), signature.size());
  };
  TestRequest good = request;
  good.headers.emplace_back("authorization",
                            authorization("date:Mon, 23 Nov 2026 17:01:34 GMT\nhost:h\n", "date;host"));
  EXPECT_TRUE(Verify(good).ok());
  TestRequest bad = request;
  bad.headers.emplace_back("authorization", authorization("host:h\n", "host"));
  ExpectError(bad, ErrorCode::kInvalidSignature, "'date' must be a 'SignedHeader' in the AWS Authorization.");
}

TEST_F(AuthenticatorTest, AlgorithmCredentialAndScopeInTheirOrder) {
  TestRequest algorithm = Signed(tenant_);
  Replace(Find(&algorithm, "authorization"), "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA25 ");
  ExpectError(algorithm, ErrorCode::kIncompleteSignature,
              "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ");
  TestRequest elements = Signed(tenant_);
  Replace(Find(&elements, "authorization"), tenant_.key.id + "/20261123/us-east-1/dynamodb/aws4_request", "a/b/c/d");
  ExpectError(elements, ErrorCode::kIncompleteSignature,
              "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
              "'a/b/c/d'");
  TestRequest scope = Signed(tenant_);
  Replace(Find(&scope, "authorization"), tenant_.key.id + "/20261123/us-east-1/dynamodb/aws4_request", "a/b/c/d/e");
  ExpectError(scope, ErrorCode::kInvalidSignature,
              "Credential should be scoped to a valid region. Credential should be scoped to correct service: "
              "'dynamodb'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. Date in "
              "Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20261123', "
              "from '20261123T170134Z'. ");
  TestRequest slashes = Signed(tenant_);
  Replace(Find(&slashes, "authorization"), "aws4_request,", "aws4_request//,");
  EXPECT_TRUE(Verify(slashes).ok());
}

TEST_F(AuthenticatorTest, ASignatureForOneServiceIsNoneForAnother) {
  TestRequest request = Unsigned();
  Sign(operator_, &request, "insula");
  ExpectError(request, ErrorCode::kInvalidSignature, "Credential should be scoped to correct service: 'dynamodb'. ");
  const Authenticator admin(*store_, clock_, "us-east-1", {"insula"});
  const auto views = request.Views();
  EXPECT_TRUE(admin.Verify(SignedRequest{request.method, request.target, views, request.body}).ok());
}

// --- the tenant header ---

TEST_F(AuthenticatorTest, AServiceKeyThatMayActsForTheTenantItNames) {
  TestRequest request = Unsigned();
  request.headers.emplace_back("X-Insula-Tenant", "globex");
  Sign(acting_service_, &request);
  const auto result = Verify(request);
  ASSERT_TRUE(result.ok()) << result.error().message();
  const auto& who = std::get<ContextPrincipal>(result->principal.who);
  EXPECT_EQ(who.names.tenant, TenantId("globex"));
  EXPECT_TRUE(who.acting);
  // Without it the key is the service's own.
  const auto service = Verify(Signed(acting_service_));
  ASSERT_TRUE(service.ok());
  EXPECT_FALSE(std::get<ContextPrincipal>(service->principal.who).names.tenant);
  EXPECT_FALSE(std::get<ContextPrincipal>(service->principal.who).acting);
}

TEST_F(AuthenticatorTest, OtherKeysAreDeniedTheTenantHeader) {
  for (const CreatedKey* key : {&tenant_, &plain_service_, &operator_}) {
    TestRequest request = Unsigned();
    request.headers.emplace_back("x-insula-tenant", "acme");
    Sign(*key, &request);
    ExpectError(request, ErrorCode::kAccessDenied,
                "These credentials may not act for a tenant: x-insula-tenant is denied");
  }
}

TEST_F(AuthenticatorTest, TheTenantHeaderIsMatchedAsItCame) {
  for (const std::string value : {"", " acme", "acme ", "ACME", "acme,globex", "-acme", "a\tb", "ac/me"}) {
    TestRequest request = Unsigned();
    request.headers.emplace_back("x-insula-tenant", value);
    Sign(acting_service_, &request);
    ExpectError(request, ErrorCode::kAccessDenied, "x-insula-tenant doesn't name a tenant");
  }
  TestRequest twice = Unsigned();
  twice.headers.emplace_back("x-insula-tenant", "acme");
  twice.headers.emplace_back("X-Insula-Tenant", "acme");
  Sign(acting_service_, &twice);
  ExpectError(twice, ErrorCode::kAccessDenied, "There must be exactly one x-insula-tenant header");
}

// --- published examples ---

// The cases of AWS's own test suite for Signature Version 4: one credential, one time, and the signature each request
// has. https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
TEST(SignatureVectorsTest, MatchAwsTestSuite) {
  const auto key = DeriveSigningKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "service");
  const auto signature = [&](std::string_view method, std::string_view target, std::string_view headers,
                             std::string_view names) {
    std::string canonical(method);
    canonical.push_back('\n');
    AppendCanonicalTarget(target, &canonical);
    canonical.append(headers).append("\n").append(names).append("\n");
    canonical += HexOf(AsText(Sha256::Of("")));
    const auto hex = SignatureOf(key, "20150830T123600Z", "20150830/us-east-1/service/aws4_request", canonical);
    return std::string(hex.data(), hex.size());
  };
  constexpr std::string_view kHeaders = "host:example.amazonaws.com\nx-amz-date:20150830T123600Z\n";
  constexpr std::string_view kNames = "host;x-amz-date";
  EXPECT_EQ(signature("GET", "/", kHeaders, kNames),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  EXPECT_EQ(signature("POST", "/", kHeaders, kNames),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  EXPECT_EQ(signature("GET", "/?Param2=value2&Param1=value1", kHeaders, kNames),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  EXPECT_EQ(signature("GET", "/\xe1\x88\xb4", kHeaders, kNames),
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
  EXPECT_EQ(signature("GET", "/./example/..//", kHeaders, kNames), signature("GET", "/", kHeaders, kNames));
}

// The derived key of AWS's documentation.
TEST(SignatureVectorsTest, DerivesTheDocumentedKey) {
  const HmacSha256Key key =
      DeriveSigningKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam");
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
      "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";
  EXPECT_EQ(HexOf(AsText(key.Sign(to_sign))), "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(SigningKeySlotTest, KeepsTheLastScopesKey) {
  SigningKeySlot slot;
  const HmacSha256Key today("today"), tomorrow("tomorrow");
  EXPECT_FALSE(slot.Find("20261123", "eu-west-1", "dynamodb").has_value());
  EXPECT_FALSE(slot.Find("", "", "").has_value());
  slot.Keep("20261123", "eu-west-1", "dynamodb", today);
  EXPECT_EQ(slot.Find("20261123", "eu-west-1", "dynamodb")->Sign("text"), today.Sign("text"));
  EXPECT_FALSE(slot.Find("20261123", "eu-west-1", "sts").has_value());
  EXPECT_FALSE(slot.Find("20261124", "eu-west-1", "dynamodb").has_value());
  EXPECT_FALSE(slot.Find("20261123", "us-east-1", "dynamodb").has_value());
  slot.Keep("20261124", "eu-west-1", "dynamodb", tomorrow);
  EXPECT_EQ(slot.Find("20261124", "eu-west-1", "dynamodb")->Sign("text"), tomorrow.Sign("text"));
  EXPECT_FALSE(slot.Find("20261123", "eu-west-1", "dynamodb").has_value());
}

TEST(SigningKeySlotTest, ACopyBeginsEmpty) {
  SigningKeySlot slot;
  slot.Keep("20261123", "eu-west-1", "dynamodb", HmacSha256Key("k"));
  const SigningKeySlot copy = slot;
  EXPECT_FALSE(copy.Find("20261123", "eu-west-1", "dynamodb").has_value());
}

// A large body is read only once its header has been found good: everything but what the body proves.
TEST_F(AuthenticatorTest, AClaimIsReadWithoutTheBody) {
  const auto claim = [&](const TestRequest& request) {
    const auto views = request.Views();
    return authenticator_->ReadClaim(SignedRequest{request.method, request.target, views, {}});
  };
  TestRequest request = Signed(tenant_);
  const auto claimed = claim(request);
  ASSERT_TRUE(claimed.ok()) << claimed.error().message();
  EXPECT_EQ(claimed->principal.access_key_id, tenant_.key.id);
  EXPECT_EQ(std::get<ContextPrincipal>(claimed->principal.who).names.tenant, TenantId("acme"));
  request.headers.emplace_back("x-insula-tenant", "globex");
  EXPECT_EQ(claim(request).error().code(), ErrorCode::kAccessDenied);
  EXPECT_EQ(claim(Unsigned()).error().code(), ErrorCode::kMissingAuthenticationToken);
  TestRequest elsewhere = Unsigned();
  Sign(tenant_, &elsewhere, "dynamodb", "eu-west-1");
  EXPECT_EQ(claim(elsewhere).error().code(), ErrorCode::kInvalidSignature);
  TestRequest unknown = Signed(tenant_);
  Replace(Find(&unknown, "Authorization"), tenant_.key.id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(claim(unknown).error().code(), ErrorCode::kUnrecognizedClient);
  const TestRequest old = Signed(tenant_);
  clock_.Advance(std::chrono::minutes(6));
  EXPECT_EQ(claim(old).error().code(), ErrorCode::kInvalidSignature);
  ASSERT_TRUE(RunTask(store_->SetStatus(tenant_.key.id, KeyStatus::kInactive)).ok());
  EXPECT_EQ(claim(Signed(tenant_)).error().code(), ErrorCode::kUnrecognizedClient);
}

}  // namespace
}  // namespace insula::access
