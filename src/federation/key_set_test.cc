// A token is an issuer's where one of its keys says so: for every algorithm, and for no other key, header or type.
#include "federation/key_set.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "federation/testing/token_signer.h"

namespace insula::federation {
namespace {

using testing::Base64Url;
using testing::TokenSigner;

constexpr char kClaims[] = R"({"iss":"https://issuer.example","sub":"ann"})";

std::string SetOf(const std::vector<std::string>& keys) {
  return fmt::format(R"({{"keys":[{}]}})", fmt::join(keys, ","));
}

// "right", "wrong", "unknown key", or "no JWT".
std::string Verdict(const std::string& set, const std::string& token) {
  const Result<KeySet> keys = KeySet::Parse(set);
  if (!keys.ok()) return "no set";
  const Result<Jwt> jwt = ParseJwt(token);
  if (!jwt.ok()) return "no JWT";
  switch (keys->Verify(*jwt)) {
    case SignatureVerdict::kRight:
      return "right";
    case SignatureVerdict::kWrong:
      return "wrong";
    case SignatureVerdict::kUnknownKey:
      return "unknown key";
  }
  return "";
}

// Keys take their time to make.
const TokenSigner& Rsa() {
  static const TokenSigner signer = TokenSigner::Rsa("rsa");
  return signer;
}
const TokenSigner& Ec() {
  static const TokenSigner signer = TokenSigner::Ec("ec", "P-256");
  return signer;
}

TEST(KeySet, VerifiesEachAlgorithm) {
  const TokenSigner ec384 = TokenSigner::Ec("ec384", "P-384"), ec521 = TokenSigner::Ec("ec521", "P-521");
  const std::string set = SetOf({Rsa().Jwk(), Ec().Jwk(), ec384.Jwk(), ec521.Jwk()});
  for (const char* algorithm : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
    EXPECT_EQ(Verdict(set, Rsa().Token(algorithm, kClaims)), "right") << algorithm;
  }
  EXPECT_EQ(Verdict(set, Ec().Token("ES256", kClaims)), "right");
  EXPECT_EQ(Verdict(set, ec384.Token("ES384", kClaims)), "right");
  EXPECT_EQ(Verdict(set, ec521.Token("ES512", kClaims)), "right");
}

TEST(KeySet, NoChangedTokenVerifies) {
  const std::string set = SetOf({Rsa().Jwk(), Ec().Jwk()});
  for (const std::string& token : {Rsa().Token("RS256", kClaims), Ec().Token("ES256", kClaims)}) {
    for (std::size_t at = 0; at < token.size(); ++at) {
      std::string changed = token;
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      if (changed != token) EXPECT_NE(Verdict(set, changed), "right") << at;
      EXPECT_NE(Verdict(set, token.substr(0, at)), "right") << at;
    }
  }
}

TEST(KeySet, AnotherKeyIsNone) {
  const TokenSigner same_id = TokenSigner::Rsa("rsa");
  EXPECT_EQ(Verdict(SetOf({Rsa().Jwk()}), same_id.Token("RS256", kClaims)), "wrong");
  EXPECT_EQ(Verdict(SetOf({Ec().Jwk()}), Rsa().Token("RS256", kClaims)), "unknown key");
  EXPECT_EQ(Verdict(SetOf({}), Rsa().Token("RS256", kClaims)), "unknown key");
}

TEST(KeySet, AHeaderDecidesNothingThatItMayNot) {
  const std::string set = SetOf({Rsa().Jwk(), Ec().Jwk()});
  const auto with = [&](std::string_view header) { return Verdict(set, Rsa().TokenOf(header, "RS256", kClaims)); };
  EXPECT_EQ(with(R"({"alg":"RS256","kid":"rsa"})"), "right");
  EXPECT_EQ(with(R"({"alg":"RS256"})"), "right") << "the only one that fits";
  EXPECT_EQ(with(R"({"alg":"RS256","kid":"../rsa"})"), "unknown key");
  EXPECT_EQ(with(R"({"alg":"RS256","kid":"/etc/passwd\u0000rsa"})"), "unknown key");
  EXPECT_EQ(with(R"({"alg":"RS256","kid":"ec"})"), "unknown key");
  EXPECT_EQ(with(R"({"alg":"ES256","kid":"ec"})"), "wrong");
  EXPECT_EQ(with(R"({"alg":"ES256","kid":"rsa"})"), "unknown key");
  EXPECT_EQ(with(R"({"alg":"PS256","kid":"rsa"})"), "wrong");
  EXPECT_EQ(with(R"({"alg":"RS512","kid":"rsa"})"), "wrong");
  // A key of its own, or the address of one.
  EXPECT_EQ(Verdict(SetOf({Ec().Jwk()}),
                    Rsa().TokenOf(R"({"alg":"RS256","kid":"rsa","jku":"https://x","jwk":)" + Rsa().Jwk() + "}", "RS256",
                                  kClaims)),
            "unknown key");
}

// The oldest of forgeries: no signature at all, or an HMAC under what everybody knows.
TEST(KeySet, NoneAndHmacsAreNoAlgorithms) {
  const std::string set = SetOf({Rsa().Jwk(), R"({"kty":"oct","kid":"oct","k":"c2VjcmV0"})"});
  const std::string claims = Base64Url(kClaims);
  for (const char* name : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = Base64Url(fmt::format(R"({{"alg":"{}","kid":"rsa"}})", name));
    EXPECT_EQ(Verdict(set, header + "." + claims + "."), "no JWT") << name;
    EXPECT_EQ(Verdict(set, header + "." + claims + ".AAAA"), "no JWT") << name;
  }
  for (const char* id : {"rsa", "oct"}) {
    const std::string input = Base64Url(fmt::format(R"({{"alg":"HS256","kid":"{}"}})", id)) + "." + claims;
    for (const std::string& secret : {std::string("secret"), Rsa().Jwk()}) {
      const Sha256Digest digest = HmacSha256Key(secret).Sign(input);
      EXPECT_EQ(Verdict(set, input + "." + Base64Url(AsText(digest))), "no JWT");
    }
  }
  // A header with both: whoever reads the other one mustn't find it.
  const std::string input = Base64Url(R"({"alg":"RS256","alg":"HS256","kid":"rsa"})") + "." + claims;
  EXPECT_EQ(Verdict(set, input + "." + Base64Url(AsText(HmacSha256Key(Rsa().Jwk()).Sign(input)))), "no JWT");
}

TEST(KeySet, PassesOverWhatIsNoKeyForSignatures) {
  const auto taken = [](const std::string& key) {
    const Result<KeySet> keys = KeySet::Parse(SetOf({key}));
    return keys.ok() ? keys->size() : 99U;
  };
  const std::string rsa = Rsa().Jwk(), ec = Ec().Jwk();
  const auto replaced = [](std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  EXPECT_EQ(taken(rsa), 1U);
  EXPECT_EQ(taken(Rsa().Jwk(R"(,"use":"sig","alg":"RS256","key_ops":["verify"],"x5c":["x"],"d":"!","p":7)")), 1U);
  EXPECT_EQ(taken(Rsa().Jwk(R"(,"use":"enc")")), 0U);
  EXPECT_EQ(taken(Rsa().Jwk(R"(,"key_ops":["encrypt"])")), 0U);
  // What lies about its type.
  EXPECT_EQ(taken(replaced(rsa, R"("kty":"RSA")", R"("kty":"EC")")), 0U);
  EXPECT_EQ(taken(replaced(ec, R"("kty":"EC")", R"("kty":"RSA")")), 0U);
  EXPECT_EQ(taken(replaced(rsa, R"("kty":"RSA")", R"("kty":"oct","k":"c2VjcmV0")")), 0U);
  EXPECT_EQ(taken(replaced(ec, "P-256", "P-384")), 0U);
  EXPECT_EQ(taken(replaced(ec, "P-256", "secp256k1")), 0U);
  EXPECT_EQ(taken(replaced(ec, R"("y":")", R"("y":"A)")), 0U) << "not on the curve";
  EXPECT_EQ(taken(replaced(rsa, R"("n":")", R"("n":"*)")), 0U);
  EXPECT_EQ(taken(replaced(rsa, R"("n":")", R"("n":"\",\"d\":\")")), 0U);
  EXPECT_EQ(taken(replaced(rsa, R"("e":")", R"("e":"AAAAAAAAAAAAAAAA)")), 0U);
  EXPECT_EQ(taken(R"({"kty":"RSA","kid":"rsa"})"), 0U);
  EXPECT_EQ(taken(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"), 0U);
  EXPECT_EQ(taken(TokenSigner::Rsa("weak", 1024).Jwk()), 0U);
  for (const char* other : {"7", "null", "[]", "{}", R"("key")"}) EXPECT_EQ(taken(other), 0U) << other;
}

TEST(KeySet, KeysOfOneIdAreToldApartOrNotTaken) {
  const TokenSigner twin = TokenSigner::Rsa("rsa");
  EXPECT_EQ(Verdict(SetOf({Rsa().Jwk(), twin.Jwk()}), Rsa().Token("RS256", kClaims)), "unknown key");
  EXPECT_EQ(Verdict(SetOf({Rsa().Jwk(), Rsa().Jwk()}), Rsa().Token("RS256", kClaims)), "unknown key");
  EXPECT_EQ(Verdict(SetOf({Rsa().Jwk(), twin.Jwk(), Ec().Jwk()}), Ec().Token("ES256", kClaims)), "right");
  // Of another type, or for another algorithm, it is another key.
  const TokenSigner ec = TokenSigner::Ec("rsa", "P-256");
  EXPECT_EQ(Verdict(SetOf({Rsa().Jwk(), ec.Jwk()}), Rsa().Token("RS256", kClaims)), "right");
  const std::string by_algorithm = SetOf({Rsa().Jwk(R"(,"alg":"RS256")"), twin.Jwk(R"(,"alg":"PS256")")});
  EXPECT_EQ(Verdict(by_algorithm, Rsa().Token("RS256", kClaims)), "right");
  EXPECT_EQ(Verdict(by_algorithm, twin.Token("PS256", kClaims)), "right");
  EXPECT_EQ(Verdict(by_algorithm, twin.Token("RS256", kClaims)), "wrong");
  EXPECT_EQ(Verdict(by_algorithm, Rsa().Token("RS512", kClaims)), "unknown key");
  // Two that fit, and a token that doesn't say which.
  const TokenSigner other = TokenSigner::Rsa("other");
  EXPECT_EQ(Verdict(SetOf({Rsa().Jwk(), other.Jwk()}), Rsa().TokenOf(R"({"alg":"RS256"})", "RS256", kClaims)),
            "unknown key");
}

TEST(KeySet, IsAnObjectWithKeys) {
  std::vector<std::string> many(101, "{}");
  for (const std::string& text : {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
                                  std::string("{\"keys\":["), SetOf(many)}) {
    EXPECT_FALSE(KeySet::Parse(text).ok()) << text;
  }
  EXPECT_EQ(KeySet::Parse(R"({"keys":[],"more":1})")->size(), 0U);
}

}  // namespace
}  // namespace insula::federation
