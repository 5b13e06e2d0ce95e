// What a token that is its issuer's may say, and what is refused of it: each claim, in STS's words where they are
// known.
#include "federation/claims.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace insula::federation {
namespace {

constexpr char kUrl[] = "https://login.example.com/saas";

class ClaimsTest : public ::testing::Test {
 protected:
  ClaimsTest() {
    issuer_.url = kUrl;
    issuer_.audiences = {"saas-web", "saas-app"};
    issuer_.algorithms = {SignatureAlgorithm::kRS256};
  }

  // The claims every token needs, with others behind them.
  static std::string With(std::string_view more, std::string_view audience = R"("saas-web")") {
    return fmt::format(R"({{"iss":"{}","sub":"ann","aud":{},"exp":2000,"iat":1000{}}})", kUrl, audience, more);
  }
  Result<WebIdentityClaims> Read(const std::string& claims, int now = 1500) const {
    return ReadClaims(claims, std::make_shared<const Issuer>(issuer_), WallTime(std::chrono::seconds(now)));
  }
  // "CODE: message", or "read".
  std::string Outcome(const std::string& claims, int now = 1500) const {
    const auto read = Read(claims, now);
    if (read.ok()) return "read";
    return std::string(TraitsOf(read.error().code()).name) + ": " + read.error().message();
  }
  // "key=value" of each tag, transitive ones with a star.
  std::string Tags(std::string_view more) const {
    const auto read = Read(With(more));
    if (!read.ok()) return std::string(TraitsOf(read.error().code()).name);
    std::string text;
    for (const auto& tag : read->tags) {
      text += fmt::format("{}{}={}{}", text.empty() ? "" : " ", tag.key, tag.value, tag.transitive ? "*" : "");
    }
    return text;
  }

  Issuer issuer_;
};

TEST_F(ClaimsTest, ATokenSaysWhoItIsOf) {
  const auto read = Read(With(""));
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->identity, (access::WebIdentity{kUrl, "ann", "saas-web"}));
  EXPECT_EQ(read->expires, WallTime(std::chrono::seconds(2000)));
  EXPECT_FALSE(read->tenant || read->service || read->environment);
  EXPECT_TRUE(read->tags.empty());
  EXPECT_EQ(read->source_identity, "");
  EXPECT_EQ(read->issuer->url, kUrl);
}

TEST_F(ClaimsTest, SomeClaimsAreRequired) {
  const auto without = [&](std::string_view claim) {
    std::string claims = With("");
    claims.replace(claims.find(claim), claim.size(), "other");
    return Outcome(claims);
  };
  for (const char* claim : {"iss", "sub", "aud", "exp", "iat"}) {
    EXPECT_EQ(without(claim), fmt::format("InvalidIdentityToken: Missing a required claim: {}", claim));
  }
  const auto of_another_type = [&](std::string_view from, std::string_view to) {
    std::string claims = With("");
    claims.replace(claims.find(from), from.size(), to);
    return Outcome(claims);
  };
  const std::string missing = "InvalidIdentityToken: Missing a required claim: ";
  EXPECT_EQ(of_another_type(R"("ann")", "7"), missing + "sub");
  EXPECT_EQ(of_another_type(R"("ann")", R"("")"), missing + "sub");
  EXPECT_EQ(of_another_type("ann", std::string(256, 'a')), missing + "sub");
  EXPECT_EQ(of_another_type("ann", R"(a\u0000b)"), missing + "sub");
  EXPECT_EQ(of_another_type("ann", R"(a\nb)"), missing + "sub");
  EXPECT_EQ(of_another_type("2000", R"("2000")"), missing + "exp");
  EXPECT_EQ(of_another_type("2000", "-1"), missing + "exp");
  EXPECT_EQ(of_another_type("2000", "1e300"), missing + "exp");
  EXPECT_EQ(of_another_type("1000", "null"), missing + "iat");
  EXPECT_EQ(of_another_type(kUrl, "https://other.example.com"), missing + "iss");
  EXPECT_EQ(of_another_type("2000", "2000.5"), "read");
  EXPECT_EQ(Outcome("7"), missing + "iss");
}

TEST_F(ClaimsTest, ATokenIsForItsTime) {
  EXPECT_EQ(Outcome(With(""), 1999), "read");
  EXPECT_EQ(
      Outcome(With(""), 2000),
      "ExpiredTokenException: Token expired: current date/time 2000 must be before the expiration date/time 2000");
  EXPECT_EQ(
      Outcome(With(""), 9000),
      "ExpiredTokenException: Token expired: current date/time 9000 must be before the expiration date/time 2000");
  EXPECT_EQ(Outcome(With(""), 700), "read") << "the issuer's clock may be five minutes ahead";
  EXPECT_EQ(Outcome(With(""), 699),
            "InvalidIdentityToken: Token is not valid yet: current date/time 699 must not be before 1000");
  EXPECT_EQ(Outcome(With(R"(,"nbf":1800)"), 1500), "read");
  EXPECT_EQ(Outcome(With(R"(,"nbf":1801)"), 1500),
            "InvalidIdentityToken: Token is not valid yet: current date/time 1500 must not be before 1801");
  EXPECT_EQ(Outcome(With(R"(,"nbf":"x")")), "InvalidIdentityToken: Missing a required claim: nbf");
}

TEST_F(ClaimsTest, ATokenIsForUs) {
  const auto audience = [&](std::string_view aud, std::string_view more = "") {
    const auto read = Read(With(more, aud));
    return read.ok() ? read->identity.audience : read.error().message();
  };
  const std::string incorrect = "Incorrect token audience";
  EXPECT_EQ(audience(R"("saas-app")"), "saas-app");
  EXPECT_EQ(audience(R"(["account","saas-app"])"), "saas-app");
  EXPECT_EQ(audience(R"("account")", R"(,"azp":"saas-web")"), "saas-web") << "the client that it was issued to";
  EXPECT_EQ(audience(R"("saas-web")", R"(,"azp":"account")"), incorrect);
  EXPECT_EQ(audience(R"("saas-web")", R"(,"azp":7)"), incorrect);
  for (const char* other : {R"("account")", R"("SAAS-WEB")", R"("saas-web ")", "[]", R"(["account"])", "7", "null",
                            "{}", R"([["saas-web"]])", R"("")"}) {
    EXPECT_EQ(audience(other), incorrect) << other;
  }
}

// --- the context ---

TEST_F(ClaimsTest, ClaimsNameTheContext) {
  issuer_.environment_claim = "env";
  issuer_.service_claim = "https://example.com/service";
  issuer_.tenant_claim = "custom:tenant";
  const std::string whole = R"(,"env":"prod","https://example.com/service":"catalog","custom:tenant":"acme")";
  const auto read = Read(With(whole));
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->environment, EnvironmentName("prod"));
  EXPECT_EQ(read->service, ServiceName("catalog"));
  EXPECT_EQ(read->tenant, TenantId("acme"));
  EXPECT_EQ(Outcome(With(R"(,"env":"prod","https://example.com/service":"catalog")")),
            "IDPRejectedClaim: The claim custom:tenant names nothing")
      << "and is no service's own";
  for (const std::string& tenant : {std::string("7"), std::string(R"("")"), std::string("null"), std::string("[]"),
                                    std::string(R"(["acme"])"), "\"" + std::string(64, 'a') + "\""}) {
    EXPECT_EQ(Outcome(With(R"(,"env":"prod","https://example.com/service":"catalog","custom:tenant":)" + tenant)),
              "IDPRejectedClaim: The claim custom:tenant names nothing");
  }
}

TEST_F(ClaimsTest, AnIssuerNamesItsOwnTenants) {
  issuer_.tenant_claim = "tenant";
  issuer_.tenants = std::vector<TenantId>{TenantId("acme"), TenantId("globex")};
  EXPECT_EQ(Outcome(With(R"(,"tenant":"globex")")), "read");
  EXPECT_EQ(Outcome(With(R"(,"tenant":"initech")")),
            "IDPRejectedClaim: The identity provider may not name the tenant initech");
  EXPECT_TRUE(MayName(issuer_, TenantId("acme")));
  EXPECT_FALSE(MayName(issuer_, TenantId("initech")));
  issuer_.tenants = std::vector<TenantId>{};
  EXPECT_FALSE(MayName(issuer_, TenantId("acme")));
  issuer_.tenants.reset();
  EXPECT_EQ(Outcome(With(R"(,"tenant":"initech")")), "read");
}

// --- tags ---

TEST_F(ClaimsTest, TagsComeInEitherOfAwsForms) {
  EXPECT_EQ(Tags(R"(,"https://aws.amazon.com/tags":{"principal_tags":{"TenantID":["acme"],"plan":["gold"]},)"
                 R"("transitive_tag_keys":["TenantID"]})"),
            "TenantID=acme* plan=gold");
  EXPECT_EQ(Tags(R"(,"https://aws.amazon.com/tags/principal_tags/TenantID":"acme",)"
                 R"("https://aws.amazon.com/tags/principal_tags/plan":["gold"],)"
                 R"("https://aws.amazon.com/tags/transitive_tag_keys":["plan"])"),
            "TenantID=acme plan=gold*");
  EXPECT_EQ(Tags(R"(,"https://aws.amazon.com/tags":{"principal_tags":{"empty":[""]}})"), "empty=");
  EXPECT_EQ(Tags(R"(,"https://aws.amazon.com/tags":{})"), "");
}

TEST_F(ClaimsTest, OtherFormsOfTagsAreRefused) {
  for (const char* tags :
       {R"("x")", "[]", R"({"principal_tags":[]})", R"({"principal_tags":{"a":7}})", R"({"principal_tags":{"a":[]}})",
        R"({"principal_tags":{"a":["x","y"]}})", R"({"principal_tags":{"a":[7]}})",
        R"({"principal_tags":{"a":{"b":"c"}}})", R"({"transitive_tag_keys":"a"})", R"({"transitive_tag_keys":[7]})",
        R"({"principal_tags":{"a":["x"]},"transitive_tag_keys":["b"]})"}) {
    EXPECT_EQ(Tags(fmt::format(R"(,"https://aws.amazon.com/tags":{})", tags)), "IDPRejectedClaim") << tags;
  }
}

TEST_F(ClaimsTest, ASourceIdentityIsAName) {
  EXPECT_EQ(Read(With(R"(,"https://aws.amazon.com/source_identity":"ann@example.com")"))->source_identity,
            "ann@example.com");
  for (const std::string& other : {std::string("7"), std::string(R"("")"), "\"" + std::string(256, 'a') + "\""}) {
    EXPECT_EQ(Outcome(With(R"(,"https://aws.amazon.com/source_identity":)" + other)),
              "IDPRejectedClaim: The claim https://aws.amazon.com/source_identity names nobody");
  }
}

TEST_F(ClaimsTest, TheIssuerIsReadBeforeAnythingIsProved) {
  EXPECT_EQ(*IssuerOf(With("")), kUrl);
  for (const std::string& claims : {std::string("7"), std::string("{}"), std::string(R"({"iss":7})"),
                                    R"({"iss":")" + std::string(256, 'x') + "\"}"}) {
    EXPECT_EQ(IssuerOf(claims).error().code(), ErrorCode::kInvalidIdentityToken);
  }
}

}  // namespace
}  // namespace insula::federation
