// Requests signed with temporary credentials: a session's token, its access key id and its secret go together, and none
// of them is worth anything without the others, too late, or once the access key is gone that it comes from.
#include <gtest/gtest.h>

#include "access/authenticator.h"
#include "access/signer.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr char kSignatureMismatch[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";
constexpr char kCredentialsInvalid[] = "The security token included in the request is invalid.";
constexpr char kCredentialsExpired[] = "The security token included in the request is expired";

struct SentRequest {
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body = "{}";

  SignedRequest View() {
    views = {headers.begin(), headers.end()};
    return {"POST", target, views, body};
  }
  std::vector<std::pair<std::string_view, std::string_view>> views;
};

class AuthenticatorSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = std::move(*RunTask(CredentialStore::Open(records_, clock_, Keyring{MasterKey::Generate(), {}})));
    authenticator_ = Make("eu-west-1", DeriveSigningKey);
    parent_ = Create(UserPrincipal{AccountId("123456789012"), "AIDACKCEVSQ6C2EXAMPLE"});
    session_ = Issue(parent_.key.id);
  }

  std::unique_ptr<Authenticator> Make(std::string region, Authenticator::Derivation derive) {
    return std::make_unique<Authenticator>(*store_, clock_, std::move(region),
                                           std::vector<std::string>{"dynamodb", "sts", "iam", "organizations"},
                                           &sessions_, std::move(derive));
  }
  CreatedKey Create(Owner owner, std::optional<WallTime> expires = std::nullopt) {
    NewAccessKey request{std::move(owner), expires, ""};
    return std::move(*RunTask(store_->Create(std::move(request))));
  }
  ClientCredentials Issue(std::string parent_key_id) {
    Session session;
    session.parent_key_id = std::move(parent_key_id);
    session.principal_id = "AROADBQP57FF2AEXAMPLE";
    session.account = AccountId("123456789012");
    session.name = "acme-7";
    session.scope = ContextNames{EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
    session.issued = clock_.Now();
    session.expires = clock_.Now() + hours(1);
    IssuedSession issued = *IssueSession(std::move(session), *keys_);
    return {issued.access_key_id, std::string(issued.secret.view()), issued.token};
  }

  static SentRequest Unsigned() {
    SentRequest request;
    request.headers = {{"Host", "localhost:8000"}, {"X-Amz-Target", "DynamoDB_20120810.ListTables"}};
    return request;
  }
  SentRequest Signed(const ClientCredentials& credentials, std::string service = "dynamodb",
                     std::string region = "eu-west-1") const {
    SentRequest request = Unsigned();
    (void)request.View();
    Signer signer(credentials, std::move(region), std::move(service));
    for (auto& header : signer.Sign("POST", request.target, request.views, request.body, clock_.Now())) {
      request.headers.push_back(std::move(header));
    }
    return request;
  }
  SentRequest Presigned(const ClientCredentials& credentials, std::optional<seconds> valid_for = std::nullopt) const {
    SentRequest request = Unsigned();
    (void)request.View();
    Signer signer(credentials, "eu-west-1", "dynamodb");
    request.target = signer.Presign("POST", "/", request.views, request.body, clock_.Now(), valid_for);
    return request;
  }
  // Without its session token.
  static ClientCredentials Bare(ClientCredentials credentials) {
    credentials.session_token.clear();
    return credentials;
  }

  // "session of ROLE", or the error and, in brackets, what only the log is told.
  std::string Outcome(SentRequest request) const {
    const Result<Authenticated> result = authenticator_->Verify(request.View());
    if (result.ok()) {
      return "session of " + std::get<SessionPrincipal>(result->principal.who).session->principal_id;
    }
    const auto* sender = dynamic_cast<const RefusedSender*>(result.error().detail());
    std::string text = std::string(TraitsOf(result.error().code()).name) + ": " + result.error().message();
    if (sender != nullptr && !sender->why.empty()) text += " [" + std::string(sender->why) + "]";
    return text;
  }
  static std::string Invalid(std::string_view why) {
    return "UnrecognizedClientException: " + std::string(kCredentialsInvalid) + " [" + std::string(why) + "]";
  }

  MemoryRecordStore records_;
  ManualClock clock_{WallTime{seconds{1'795'453'294}}};  // 2026-11-23T17:01:34Z
  std::unique_ptr<TokenKeys> keys_ = TokenKeys::Drawn();
  SessionCache sessions_{*keys_, clock_};
  std::unique_ptr<CredentialStore> store_;
  std::unique_ptr<Authenticator> authenticator_;
  CreatedKey parent_;
  ClientCredentials session_;

  static constexpr char kGood[] = "session of AROADBQP57FF2AEXAMPLE";
};

TEST_F(AuthenticatorSessionTest, ASessionSigns) {
  SentRequest request = Signed(session_);
  const Result<Authenticated> result = authenticator_->Verify(request.View());
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(result->principal.access_key_id, session_.access_key_id);
  const Session& session = *std::get<SessionPrincipal>(result->principal.who).session;
  EXPECT_EQ(session.name, "acme-7");
  EXPECT_EQ(session.access_key_id, session_.access_key_id);
  EXPECT_EQ(Outcome(Signed(session_)), kGood);
  EXPECT_EQ(Outcome(Presigned(session_)), kGood);
  EXPECT_EQ(Outcome(Presigned(session_, seconds(60))), kGood);
  EXPECT_EQ(Outcome(Signed(Issue(""))), kGood) << "a web identity comes from no access key";
}

TEST_F(AuthenticatorSessionTest, AnAccessKeyOfAUserNamesTheUser) {
  SentRequest request = Signed({parent_.key.id, std::string(parent_.secret.view()), ""});
  const Result<Authenticated> result = authenticator_->Verify(request.View());
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(std::get<UserPrincipal>(result->principal.who).user_id, "AIDACKCEVSQ6C2EXAMPLE");
}

TEST_F(AuthenticatorSessionTest, NoPartOfACredentialGoesWithAnothers) {
  const ClientCredentials other = Issue(parent_.key.id);
  const auto with = [&](auto change) {
    ClientCredentials changed = session_;
    change(changed);
    return Outcome(Signed(changed));
  };
  const std::string mismatch = "InvalidSignatureException: " + std::string(kSignatureMismatch);
  EXPECT_EQ(with([&](auto& it) { it.access_key_id = other.access_key_id; }),
            Invalid("not the session token of the access key"));
  EXPECT_EQ(with([&](auto& it) { it.session_token = other.session_token; }),
            Invalid("not the session token of the access key"));
  EXPECT_EQ(with([&](auto& it) { it.secret = other.secret; }), mismatch);
  EXPECT_EQ(with([&](auto& it) { it.secret = std::string(parent_.secret.view()); }), mismatch);
  EXPECT_EQ(with([&](auto& it) { it.access_key_id = parent_.key.id; }),
            Invalid("not the session token of the access key"));
  EXPECT_EQ(with([&](auto& it) { it.session_token.clear(); }),
            Invalid("no session token, and the access key is a session's"));
  EXPECT_EQ(with([&](auto& it) { it.session_token = "token"; }), Invalid("a session token that wasn't given here"));
  EXPECT_EQ(with([&](auto& it) { it.session_token.pop_back(); }), Invalid("a session token that wasn't given here"));
  ClientCredentials of_key{parent_.key.id, std::string(parent_.secret.view()), session_.session_token};
  EXPECT_EQ(Outcome(Signed(of_key)), Invalid("not the session token of the access key"));
}

TEST_F(AuthenticatorSessionTest, AnotherOrganizationsTokenIsNone) {
  const auto others = TokenKeys::Drawn();
  Session session;
  session.expires = clock_.Now() + hours(1);
  const IssuedSession issued = *IssueSession(session, *others);
  EXPECT_EQ(Outcome(Signed({issued.access_key_id, std::string(issued.secret.view()), issued.token})),
            Invalid("a session token that wasn't given here"));
  Authenticator without(*store_, clock_, "eu-west-1");
  SentRequest request = Signed(session_);
  EXPECT_EQ(without.Verify(request.View()).error().message(), kCredentialsInvalid);
}

TEST_F(AuthenticatorSessionTest, TheTokenIsWhereTheSignatureIs) {
  SentRequest request = Presigned(session_);
  request.headers.emplace_back("X-Amz-Security-Token", session_.session_token);
  EXPECT_EQ(Outcome(request),
            "InvalidSignatureException: 'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS "
            "Authorization.");
  // Signed with the header, that is: in the query and in a header.
  SentRequest both = Unsigned();
  both.headers.emplace_back("X-Amz-Security-Token", session_.session_token);
  (void)both.View();
  Signer signer(session_, "eu-west-1", "dynamodb");
  both.target = signer.Presign("POST", "/", both.views, both.body, clock_.Now(), std::nullopt);
  EXPECT_EQ(Outcome(both), Invalid("a session token in a header, and the signature in the URL"));
  // In the query, and the signature in a header: it is a parameter like any other.
  SentRequest query = Unsigned();
  query.target = "/?X-Amz-Security-Token=" + session_.session_token;
  (void)query.View();
  Signer bare(Bare(session_), "eu-west-1", "dynamodb");
  for (auto& header : bare.Sign("POST", query.target, query.views, query.body, clock_.Now())) {
    query.headers.push_back(std::move(header));
  }
  EXPECT_EQ(Outcome(query), Invalid("no session token, and the access key is a session's"));
  // Twice.
  SentRequest twice = Signed(session_);
  twice.headers.emplace_back("X-Amz-Security-Token", session_.session_token);
  EXPECT_EQ(Outcome(twice), "InvalidSignatureException: There must be exactly one 'X-Amz-Security-Token' HTTP header.");
}

TEST_F(AuthenticatorSessionTest, ASessionExpires) {
  clock_.Advance(hours(1) - seconds(1));
  const SentRequest url = Presigned(session_, seconds(3600));
  EXPECT_EQ(Outcome(Signed(session_)), kGood);
  clock_.Advance(seconds(1));
  const std::string expired = "ExpiredTokenException: " + std::string(kCredentialsExpired);
  EXPECT_EQ(Outcome(Signed(session_)), expired);
  EXPECT_EQ(Outcome(url), expired) << "a URL is good for no longer than who signed it";
  ClientCredentials wrong = session_;
  wrong.secret = std::string(40, 'x');
  EXPECT_EQ(Outcome(Signed(wrong)), "InvalidSignatureException: " + std::string(kSignatureMismatch))
      << "only its bearer is told";
}

TEST_F(AuthenticatorSessionTest, ASessionIsOverWithTheAccessKeyThatItComesFrom) {
  const SentRequest request = Signed(session_);
  const std::string over = Invalid("a session of an access key that is gone or inactive");
  EXPECT_EQ(Outcome(request), kGood);
  ASSERT_TRUE(RunTask(store_->SetStatus(parent_.key.id, KeyStatus::kInactive)).ok());
  EXPECT_EQ(Outcome(request), over);
  ASSERT_TRUE(RunTask(store_->SetStatus(parent_.key.id, KeyStatus::kActive)).ok());
  EXPECT_EQ(Outcome(request), kGood);
  ASSERT_TRUE(RunTask(store_->Delete(parent_.key.id)).ok());
  EXPECT_EQ(Outcome(request), over);

  const CreatedKey brief = Create(parent_.key.owner, clock_.Now() + seconds(60));
  const ClientCredentials of_brief = Issue(brief.key.id);
  EXPECT_EQ(Outcome(Signed(of_brief)), kGood);
  clock_.Advance(seconds(60));
  EXPECT_EQ(Outcome(Signed(of_brief)), "ExpiredTokenException: " + std::string(kCredentialsExpired));
}

TEST_F(AuthenticatorSessionTest, ARefusalOfASessionSaysWhose) {
  SentRequest request = Unsigned();
  request.headers.emplace_back("x-insula-tenant", "globex");
  (void)request.View();
  Signer signer(session_, "eu-west-1", "dynamodb");
  for (auto& header : signer.Sign("POST", "/", request.views, request.body, clock_.Now())) {
    request.headers.push_back(std::move(header));
  }
  const Result<Authenticated> result = authenticator_->Verify(request.View());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), ErrorCode::kAccessDenied);
  const auto* sender = dynamic_cast<const RefusedSender*>(result.error().detail());
  ASSERT_NE(sender, nullptr);
  ASSERT_TRUE(sender->proved.has_value());
  EXPECT_EQ(std::get<SessionPrincipal>(sender->proved->who).session->name, "acme-7");
}

TEST_F(AuthenticatorSessionTest, AClaimIsReadWithoutTheBody) {
  const auto claim = [&](SentRequest request) {
    SignedRequest header = request.View();
    header.body = {};
    const auto claimed = authenticator_->ReadClaim(header);
    return claimed.ok() ? claimed->principal.access_key_id : claimed.error().message();
  };
  EXPECT_EQ(claim(Signed(session_)), session_.access_key_id);
  EXPECT_EQ(claim(Signed(Bare(session_))), kCredentialsInvalid);
  clock_.Advance(hours(1));
  EXPECT_EQ(claim(Signed(session_)), kCredentialsExpired);
  ASSERT_TRUE(RunTask(store_->Delete(parent_.key.id)).ok());
  EXPECT_EQ(claim(Signed(session_)), kCredentialsInvalid);
}

// Counted and not timed, as for access keys: see authenticator_test.cc.
TEST_F(AuthenticatorSessionTest, AWrongSignatureCostsTheSameWhoeverItClaimsToBeOf) {
  int derived = 0;
  authenticator_ = Make("eu-west-1", [&](std::string_view secret, std::string_view date, std::string_view region,
                                         std::string_view service) {
    ++derived;
    return DeriveSigningKey(secret, date, region, service);
  });
  const auto cost = [&](const ClientCredentials& credentials) {
    derived = 0;
    EXPECT_NE(Outcome(Signed(credentials)), kGood);
    return derived;
  };
  ClientCredentials wrong = session_;
  wrong.secret = std::string(40, 'x');
  ClientCredentials forged = wrong;
  forged.session_token[60] = forged.session_token[60] == 'A' ? 'B' : 'A';
  ClientCredentials orphan = Issue("AKIAXXXXXXXXXXXXXXXX");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(cost(wrong), 1);
    EXPECT_EQ(cost(forged), 1);
    EXPECT_EQ(cost(orphan), 1);
    EXPECT_EQ(cost(Bare(wrong)), 1);
  }
  derived = 0;
  EXPECT_EQ(Outcome(Signed(session_)), kGood);
  EXPECT_EQ(Outcome(Signed(session_)), kGood);
  EXPECT_LE(derived, 1);      // in use now
  EXPECT_EQ(cost(wrong), 1);  // but for others no cheaper
}

// --- services that AWS has one of for all regions ---

TEST_F(AuthenticatorSessionTest, AGlobalServiceIsInTwoRegions) {
  const std::string elsewhere = "InvalidSignatureException: Credential should be scoped to a valid region. ";
  const struct {
    const char* service;
    const char* region;
    bool good;
  } cases[] = {
      {"sts", "us-east-1", true},       {"sts", "eu-west-1", true},      {"iam", "us-east-1", true},
      {"iam", "eu-west-1", true},       {"iam", "us-west-2", false},     {"sts", "", false},
      {"dynamodb", "us-east-1", false}, {"dynamodb", "eu-west-1", true}, {"organizations", "us-east-1", true},
  };
  for (const auto& [service, region, good] : cases) {
    // Twice: the key that was derived for one region isn't taken for another's.
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(Outcome(Signed(session_, service, region)), good ? kGood : elsewhere) << service << " " << region;
    }
  }
}

}  // namespace
}  // namespace insula::access
