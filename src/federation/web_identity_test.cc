// A token from its issuer to the claims that a session is made of, and each way in which one is forged.
#include "federation/web_identity.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"
#include "federation/testing/token_signer.h"

namespace insula::federation {
namespace {

using testing::Base64Url;
using testing::TokenSigner;

constexpr char kTokensIssuer[] = "https://login.example.com/saas";

class WebIdentityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Issuer issuer;
    issuer.url = kTokensIssuer;
    issuer.audiences = {"saas-web"};
    issuer.tenant_claim = "tenant";
    issuer.tenants = std::vector<TenantId>{TenantId("acme")};
    issuer.algorithms = {SignatureAlgorithm::kRS256, SignatureAlgorithm::kES256};
    issuer.keys = "https://login.example.com/keys";
    ASSERT_TRUE(RunTask(store_->Create(issuer)).ok());
  }

  std::string Claims(std::string_view tenant = "acme", std::string_view issuer = kTokensIssuer) const {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock_.Now().time_since_epoch()).count();
    return fmt::format(R"({{"iss":"{}","sub":"ann","aud":"saas-web","iat":{},"exp":{},"tenant":"{}"}})", issuer, now,
                       now + 3600, tenant);
  }
  // "ann of acme", or "CODE: message".
  std::string Outcome(std::string token) {
    const auto claims = RunTask(verifier_.Verify(std::move(token)));
    if (claims.ok()) return claims->identity.subject + " of " + claims->tenant->value();
    return std::string(TraitsOf(claims.error().code()).name) + ": " + claims.error().message();
  }

  static const TokenSigner& Rsa() {
    static const TokenSigner signer = TokenSigner::Rsa("2026-11");
    return signer;
  }
  static const TokenSigner& Ec() {
    static const TokenSigner signer = TokenSigner::Ec("ec", "P-256");
    return signer;
  }

  MemoryRecordStore records_;
  ManualClock clock_;
  std::unique_ptr<IssuerStore> store_ = std::move(*RunTask(IssuerStore::Open(records_, clock_)));
  std::string key_set_ = fmt::format(R"({{"keys":[{},{}]}})", Rsa().Jwk(), Ec().Jwk());
  bool reachable_ = true;
  int fetches_ = 0;
  IssuerKeys keys_{clock_, [this](const std::string&) -> Result<std::string> {
                     ++fetches_;
                     if (!reachable_) return Error(ErrorCode::kIdpCommunicationError, "10.1.2.3: connection refused");
                     return key_set_;
                   }};
  Attempts attempts_{clock_, 100};
  WebIdentityVerifier verifier_{*store_, keys_, attempts_, clock_};
};

TEST_F(WebIdentityTest, ATokenOfATrustedIssuerIsBelieved) {
  EXPECT_EQ(Outcome(Rsa().Token("RS256", Claims())), "ann of acme");
  EXPECT_EQ(Outcome(Ec().Token("ES256", Claims())), "ann of acme");
  EXPECT_EQ(fetches_, 1);
}

TEST_F(WebIdentityTest, NobodyElsesIs) {
  const std::string good = Rsa().Token("RS256", Claims());
  const std::string wrong = "InvalidIdentityToken: The token's signature is not the identity provider's";
  const std::string unknown =
      "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider, please reference "
      "AssumeRoleWithWebIdentity documentation for requirements";
  const std::string none =
      "InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
      "Token)";
  EXPECT_EQ(Outcome(TokenSigner::Rsa("2026-11").Token("RS256", Claims())), wrong);
  EXPECT_EQ(Outcome(TokenSigner::Rsa("another").Token("RS256", Claims())), unknown);
  EXPECT_EQ(Outcome(Rsa().TokenOf(R"({"alg":"RS256","kid":"../../keys"})", "RS256", Claims())), unknown);
  // The signature of one, and the claims of another.
  const std::string other = Rsa().Token("RS256", Claims("globex"));
  const auto part = [](const std::string& token, std::size_t end) { return token.substr(0, token.find('.', end)); };
  EXPECT_EQ(Outcome(part(other, other.find('.') + 1) + good.substr(good.rfind('.'))), wrong);
  // alg none, and an HMAC under the public key.
  EXPECT_EQ(Outcome(Base64Url(R"({"alg":"none"})") + "." + Base64Url(Claims()) + "."), none);
  const std::string input = Base64Url(R"({"alg":"HS256","kid":"2026-11"})") + "." + Base64Url(Claims());
  EXPECT_EQ(Outcome(input + "." + Base64Url(AsText(HmacSha256Key(Rsa().Jwk()).Sign(input)))), none);
  EXPECT_EQ(Outcome(Rsa().Token("RS512", Claims())),
            "InvalidIdentityToken: The identity provider doesn't sign by RS512");
  EXPECT_EQ(Outcome("token"), none);
  EXPECT_EQ(Outcome(std::string(100'000, 'x')), none);
}

TEST_F(WebIdentityTest, AnIssuerThatIsNotTrustedIsNotEvenAsked) {
  EXPECT_EQ(Outcome(Rsa().Token("RS256", Claims("acme", "https://evil.example"))),
            "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://evil.example");
  EXPECT_EQ(
      Outcome(Rsa().Token("RS256", Claims("acme", std::string(kTokensIssuer) + "/"))),
      "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://login.example.com/saas/");
  EXPECT_EQ(fetches_, 0);
  ASSERT_TRUE(RunTask(store_->Delete(kTokensIssuer)).ok());
  EXPECT_NE(Outcome(Rsa().Token("RS256", Claims())), "ann of acme");
  EXPECT_EQ(fetches_, 0);
}

TEST_F(WebIdentityTest, WhatItSaysIsLookedAtOnceItIsItsIssuers) {
  EXPECT_EQ(Outcome(Rsa().Token("RS256", Claims("globex"))),
            "IDPRejectedClaim: The identity provider may not name the tenant globex");
  const std::string token = Rsa().Token("RS256", Claims());
  clock_.Advance(std::chrono::hours(1));
  EXPECT_TRUE(Outcome(token).starts_with("ExpiredTokenException: Token expired: current date/time ")) << Outcome(token);
}

TEST_F(WebIdentityTest, ANewKeyIsFoundAndAStrangersTriesFetchNothing) {
  EXPECT_EQ(Outcome(Rsa().Token("RS256", Claims())), "ann of acme");
  const TokenSigner next = TokenSigner::Rsa("2026-12");
  key_set_ = fmt::format(R"({{"keys":[{},{}]}})", Rsa().Jwk(), next.Jwk());
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(Outcome(next.Token("RS256", Claims())), "ann of acme");
  EXPECT_EQ(fetches_, 2);
  for (int i = 0; i < 20; ++i) {
    EXPECT_NE(Outcome(Rsa().TokenOf(fmt::format(R"({{"alg":"RS256","kid":"k{}"}})", i), "RS256", Claims())),
              "ann of acme");
  }
  EXPECT_EQ(fetches_, 2);
}

TEST_F(WebIdentityTest, SignaturesAreCheckedSoOftenForAnIssuer) {
  const std::string good = Rsa().Token("RS256", Claims());
  const std::string forged = TokenSigner::Rsa("another").Token("RS256", Claims());
  const std::string strange = Rsa().Token("RS256", Claims("acme", "https://evil.example"));
  for (int i = 0; i < 1000; ++i) EXPECT_NE(Outcome(strange), "ann of acme");
  EXPECT_EQ(Outcome(good), "ann of acme") << "tokens of nobody's cost it nothing";
  for (int i = 0; i < 499; ++i) EXPECT_TRUE(Outcome(forged).starts_with("InvalidIdentityToken")) << i;
  EXPECT_EQ(Outcome(forged), "ThrottlingException: Rate exceeded");
  EXPECT_EQ(Outcome(good), "ThrottlingException: Rate exceeded");
  clock_.Advance(std::chrono::milliseconds(10));
  EXPECT_EQ(Outcome(good), "ann of acme");
}

TEST_F(WebIdentityTest, AnIssuerThatIsAwayIsSaidToBe) {
  reachable_ = false;
  EXPECT_EQ(Outcome(Rsa().Token("RS256", Claims())),
            "IDPCommunicationError: Couldn't retrieve verification key from your identity provider, please reference "
            "AssumeRoleWithWebIdentity documentation for requirements")
      << "and nothing of where it was looked for";
}

}  // namespace
}  // namespace insula::federation
