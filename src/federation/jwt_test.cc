// What is taken for a token at all, before anything of it is believed.
#include "federation/jwt.h"

#include <gtest/gtest.h>

#include "federation/testing/token_signer.h"

namespace insula::federation {
namespace {

using testing::Base64Url;

std::string Token(std::string_view header, std::string_view claims = R"({"iss":"x"})") {
  return Base64Url(header) + "." + Base64Url(claims) + ".c2ln";
}

TEST(Jwt, IsThreePartsOfBase64Url) {
  const std::string good = Token(R"({"alg":"ES384","kid":"k1","typ":"JWT"})");
  const Result<Jwt> jwt = ParseJwt(good);
  ASSERT_TRUE(jwt.ok()) << jwt.error().message();
  EXPECT_EQ(jwt->algorithm, SignatureAlgorithm::kES384);
  EXPECT_EQ(jwt->key_id, "k1");
  EXPECT_EQ(jwt->claims, R"({"iss":"x"})");
  EXPECT_EQ(jwt->compact, good);
  EXPECT_EQ(ParseJwt(Token(R"({"alg":"RS256"})"))->key_id, "");
  for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::kRS256, SignatureAlgorithm::kES512}) {
    EXPECT_EQ(ParseJwt(Token(fmt::format(R"({{"alg":"{}"}})", NameOf(algorithm))))->algorithm, algorithm);
  }
}

TEST(Jwt, WhatIsNoneIsRefused) {
  const std::string good = Token(R"({"alg":"RS256"})");
  const std::string deep = std::string(3000, '[') + std::string(3000, ']');
  const std::string cases[] = {
      "",
      "a",
      ".",
      "..",
      "...",
      good + ".",
      good + ".c2ln",
      good + "=",
      good + "\n",
      " " + good,
      good.substr(0, good.rfind('.')),
      good.substr(0, good.rfind('.') + 1),
      Token("7"),
      Token("[]"),
      Token("{}"),
      Token(R"({"alg":256})"),
      Token(R"({"alg":"none"})"),
      Token(R"({"alg":"HS256"})"),
      Token(R"({"alg":"rs256"})"),
      Token(R"({"alg":"RS256 "})"),
      Token(R"({"alg":"EdDSA"})"),
      Token(R"({"alg":"RS256","alg":"RS256"})"),
      Token(R"({"alg":"RS256","kid":7})"),
      Token(R"({"alg":"RS256","kid":")" + std::string(513, 'k') + "\"}"),
      Token(R"({"alg":"RS256","crit":["b64"],"b64":false})"),
      Token(R"({"alg":"RS256","b64":false})"),
      Token(R"({"alg":"RS256","zip":"DEF"})"),
      Token(R"({"alg":"RS256"})", ""),
      Token(R"({"alg":"RS256"})", "7"),
      Token(R"({"alg":"RS256"})", R"({"iss":"x")"),
      Token(R"({"alg":"RS256"})", R"({"iss":"x","iss":"y"})"),
      Token(R"({"alg":"RS256"})", "{\"iss\":\"\xff\"}"),
      Token(R"({"alg":"RS256"})", R"({"iss":"x","deep":)" + deep + "}"),
      Token(R"({"alg":"RS256"})", R"({"iss":")" + std::string(kJwtMax, 'x') + "\"}"),
  };
  for (const std::string& token : cases) {
    const Result<Jwt> jwt = ParseJwt(token);
    ASSERT_FALSE(jwt.ok()) << token.substr(0, 200);
    EXPECT_EQ(jwt.error().code(), ErrorCode::kInvalidIdentityToken);
    EXPECT_EQ(jwt.error().message(),
              "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  }
}

}  // namespace
}  // namespace insula::federation
