// A session token carries a whole session, is nothing but noise to its bearer, and can't be made, changed or moved.
#include "access/session_token.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>

#include "access/session_codec.h"
#include "base/base64.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"

namespace insula::access {
namespace {

constexpr char kTokenInvalid[] = "The security token included in the request is invalid.";

rc::Gen<std::string> AnyText() { return rc::gen::arbitrary<std::string>(); }

Scope AnyScope() {
  ContextNames names{EnvironmentName(*AnyText()), ServiceName(*AnyText()), std::nullopt};
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return AccountId(*AnyText());
    case 1:
      names.tenant = TenantId(*AnyText());
      [[fallthrough]];
    default:
      return names;
  }
}

Session AnySession() {
  Session session;
  session.kind = static_cast<SessionKind>(*rc::gen::inRange(0, 4));
  session.access_key_id = *AnyText();
  session.parent_key_id = *AnyText();
  session.principal_id = *AnyText();
  session.account = AccountId(*AnyText());
  session.name = *AnyText();
  session.source_identity = *AnyText();
  session.scope = AnyScope();
  session.tenant_account = AccountId(*AnyText());
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
    session.tags.push_back({*AnyText(), *AnyText(), *rc::gen::arbitrary<bool>()});
  }
  session.policy = *AnyText();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) session.policy_arns.push_back(*AnyText());
  session.issued = WallTime(std::chrono::microseconds(*rc::gen::arbitrary<std::int64_t>()));
  session.expires = WallTime(std::chrono::microseconds(*rc::gen::arbitrary<std::int64_t>()));
  session.chained = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) session.web_identity = WebIdentity{*AnyText(), *AnyText(), *AnyText()};
  return session;
}

// As a token vending machine asks for one.
Session Vended() {
  Session session;
  session.parent_key_id = "AKIAIOSFODNN7EXAMPLE";
  session.principal_id = "AROADBQP57FF2AEXAMPLE";
  session.account = AccountId("123456789012");
  session.name = "acme-7";
  session.scope = ContextNames{EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
  session.tenant_account = AccountId("210987654321");
  session.tags = {{"TenantID", "acme", true}, {"plan", "gold", false}};
  session.policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem",)"
      R"("dynamodb:Query"],"Resource":"arn:aws:dynamodb:*:*:table/Products","Condition":{"ForAllValues:StringEquals":)"
      R"({"dynamodb:LeadingKeys":["acme"]}}}]})";
  session.issued = WallTime{std::chrono::seconds{1'795'453'294}};
  session.expires = session.issued + std::chrono::hours(1);
  return session;
}

class SessionTokenTest : public ::testing::Test {
 protected:
  static std::string Refusal(const Result<OpenedSession>& opened) {
    if (opened.ok()) return "opened";
    EXPECT_EQ(opened.error().code(), ErrorCode::kUnrecognizedClient);
    return opened.error().message();
  }
  std::unique_ptr<TokenKeys> keys_ = TokenKeys::Drawn();
};

TEST_F(SessionTokenTest, CarriesTheWholeSession) {
  EXPECT_TRUE(rc::check("every field comes back", [&] {
    Session session = AnySession();
    Result<IssuedSession> issued = IssueSession(session, *keys_);
    RC_ASSERT(issued.ok());
    const Result<OpenedSession> opened = OpenSessionToken(issued->token, *keys_);
    RC_ASSERT(opened.ok());
    session.access_key_id = issued->access_key_id;
    RC_ASSERT(opened->session == session);
    RC_ASSERT(opened->secret.view() == issued->secret.view());
  }));
}

TEST_F(SessionTokenTest, LooksAsAwsDoes) {
  const IssuedSession issued = *IssueSession(Vended(), *keys_);
  const IssuedSession another = *IssueSession(Vended(), *keys_);
  EXPECT_EQ(issued.access_key_id.substr(0, 4), "ASIA");
  EXPECT_EQ(issued.access_key_id.size(), 20U);
  EXPECT_EQ(issued.access_key_id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
  EXPECT_EQ(issued.secret.view().size(), 40U);
  EXPECT_NE(issued.access_key_id, another.access_key_id);
  EXPECT_NE(issued.secret.view(), another.secret.view());
  EXPECT_NE(issued.token, another.token);
  for (const std::string_view told : {"acme", "AROA", "dynamodb"}) {
    EXPECT_EQ(DecodeBase64(issued.token).find(told), std::string::npos);
  }
}

TEST_F(SessionTokenTest, NothingElseOpens) {
  const std::string token = IssueSession(Vended(), *keys_)->token;
  ASSERT_EQ(Refusal(OpenSessionToken(token, *keys_)), "opened");
  for (std::size_t at = 0; at < token.size(); ++at) {
    for (const int bit : {1, 4, 32, 128}) {
      std::string changed = token;
      changed[at] = static_cast<char>(changed[at] ^ bit);
      EXPECT_EQ(Refusal(OpenSessionToken(changed, *keys_)), kTokenInvalid) << at;
    }
    EXPECT_EQ(Refusal(OpenSessionToken(token.substr(0, at), *keys_)), kTokenInvalid) << at;
    EXPECT_EQ(Refusal(OpenSessionToken(token.substr(at + 1), *keys_)), kTokenInvalid) << at;
  }
  for (const std::string& other : {token + "A", token + "AAAA", token + token, std::string(1'000'000, 'A'),
                                   std::string("token"), std::string("AQ=="), std::string(4096, '/')}) {
    EXPECT_EQ(Refusal(OpenSessionToken(other, *keys_)), kTokenInvalid);
  }
  EXPECT_EQ(Refusal(OpenSessionToken(token, *TokenKeys::Drawn())), kTokenInvalid) << "another organization's";
  // Sealed here, but for something else; and what is sealed here for this, but is no session.
  for (const TokenPurpose purpose : {TokenPurpose::kNextToken, TokenPurpose::kShardIterator}) {
    std::string text;
    AppendBase64(keys_->Seal(purpose, "insula session token", PackSession(Vended()).bytes), &text);
    EXPECT_EQ(Refusal(OpenSessionToken(text, *keys_)), kTokenInvalid);
  }
  for (const std::string& plain :
       {std::string(), std::string("\2"), std::string(100, '\1'), std::string(100, '\xff')}) {
    std::string text;
    AppendBase64(keys_->Seal(TokenPurpose::kSession, "insula session token", plain), &text);
    EXPECT_EQ(Refusal(OpenSessionToken(text, *keys_)), kTokenInvalid);
  }
}

TEST_F(SessionTokenTest, OutlivesARotationOfTheKeys) {
  MemoryRecordStore records;
  ManualClock clock;
  const auto keys = *RunTask(TokenKeys::Load(records, clock, {MasterKey::Generate(), {}}));
  const IssuedSession issued = *IssueSession(Vended(), *keys);
  ASSERT_TRUE(RunTask(keys->Rotate()).ok());
  const Result<OpenedSession> opened = OpenSessionToken(issued.token, *keys);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->secret.view(), issued.secret.view());
  clock.Advance(TokenKeys::kFormerOpensFor);
  ASSERT_TRUE(RunTask(keys->Rotate()).ok());
  EXPECT_EQ(Refusal(OpenSessionToken(issued.token, *keys)), kTokenInvalid);
}

// --- how large it may be ---

std::string Noise(std::size_t size) {
  std::string noise;
  std::mt19937 random(7);  // NOLINT: the same in every run
  while (noise.size() < size) noise.push_back(static_cast<char>('!' + random() % 90));
  return noise;
}

TEST_F(SessionTokenTest, SaysHowMuchOfItsRoomPoliciesAndTagsTake) {
  Session session = Vended();
  session.tags.clear();
  session.policy.clear();
  EXPECT_EQ(IssueSession(session, *keys_)->packed_policy_size, 0);
  session.tags = {{"TenantID", "acme", true}};
  EXPECT_EQ(IssueSession(session, *keys_)->packed_policy_size, 1);
  int before = 1;
  for (const std::size_t size : {500U, 1000U, 2048U}) {
    session.policy = Noise(size);
    const int now = IssueSession(session, *keys_)->packed_policy_size;
    EXPECT_GT(now, before);
    EXPECT_LE(now, 100);
    before = now;
  }
  session.policy = std::string(2048, ' ');
  EXPECT_LE(IssueSession(session, *keys_)->packed_policy_size, 3) << "what is packed small counts as little";
}

TEST_F(SessionTokenTest, HasRoomForFourKilobytes) {
  const auto refusal = [&](const Session& session) {
    const auto issued = IssueSession(session, *keys_);
    if (issued.ok()) return std::string("issued");
    EXPECT_EQ(issued.error().code(), ErrorCode::kPackedPolicyTooLarge);
    return issued.error().message();
  };
  Session session = Vended();
  session.policy.clear();
  session.tags.clear();
  std::size_t longest = 0;
  for (std::size_t size = 3000; size < 5000; ++size) {
    session.policy = Noise(size);
    const auto issued = IssueSession(session, *keys_);
    if (!issued.ok()) break;
    longest = issued->token.size();
    EXPECT_LE(issued->packed_policy_size, 100);
    EXPECT_TRUE(OpenSessionToken(issued->token, *keys_).ok());
  }
  EXPECT_EQ(longest, kSessionTokenMax);
  EXPECT_EQ(refusal(session), "Packed policy consumes 101% of allotted space, please use smaller policy.");
  session.policy.clear();
  for (int i = 0; i < 50; ++i) session.tags.push_back({Noise(100) + std::to_string(i), Noise(200), false});
  for (SessionTag& tag : session.tags) std::reverse(tag.value.begin(), tag.value.end());
  EXPECT_EQ(refusal(session), "issued") << "what repeats itself packs well";
  std::mt19937 random(7);  // NOLINT: the same in every run
  for (SessionTag& tag : session.tags) std::shuffle(tag.value.begin(), tag.value.end(), random);
  EXPECT_TRUE(refusal(session).starts_with("Packed size of session tags consumes 2")) << refusal(session);
}

// --- the bytes within ---

TEST(SessionCodec, NoPartOfOneIsOne) {
  const std::string bytes = PackSession(Vended()).bytes;
  ASSERT_TRUE(UnpackSession(bytes).ok());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(UnpackSession(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(UnpackSession(bytes + "x").ok());
}

TEST(SessionCodec, AnyBytesAreASessionOrAnError) {
  const std::string bytes = PackSession(Vended()).bytes;
  EXPECT_TRUE(rc::check("changed bytes", [&] {
    std::string changed = bytes;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      changed[*rc::gen::inRange<std::size_t>(0, changed.size())] = *rc::gen::arbitrary<char>();
    }
    const Result<Session> session = UnpackSession(changed);
    if (!session.ok()) RC_ASSERT(session.error().code() == ErrorCode::kCorruption);
  }));
}

TEST(CompiledSlot, IsNoPartOfASession) {
  struct Compiled : CompiledSession {};
  const Session session = Vended();
  const auto compiled = std::make_shared<const Compiled>();
  EXPECT_EQ(session.compiled.Find(), nullptr);
  session.compiled.Keep(compiled);
  EXPECT_EQ(session.compiled.Find(), compiled);
  const Session copy = session;
  EXPECT_EQ(copy, session);
  EXPECT_EQ(copy.compiled.Find(), nullptr) << "a copy is made to be changed";
}

}  // namespace
}  // namespace insula::access
