// Issuers as an operator registers them: what is asked for is what is kept, and what can't be is said with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/admin_api.h"
#include "base/run_task.h"
#include "base/testing/memory_record_store.h"
#include "storage/testing/noting_engine.h"
#include "tenancy/testing/world.h"

namespace insula::admin {
namespace {

using ::testing::HasSubstr;

class NothingMetered : public metering::UsageMeter {
 public:
  UsageCells* CellsOf(std::string_view, std::string_view) override { return nullptr; }
  std::vector<metering::Usage> Snapshot() const override { return {}; }
};

constexpr char kLogin[] = R"("Issuer":"https://login.example.com/saas")";

class IssuerOperationsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.Service("prod", "catalog", tenancy::PartitionModel::kIndex);
    for (const char* tenant : {"acme", "globex"}) world_.Tenant("prod", "catalog", tenant);
  }
  // The answer's body; `more`: parameters beside the issuer, after a comma.
  std::string Ask(std::string operation, std::string_view more = "") {
    return RunTask(api_.Handle(std::move(operation), "{" + std::string(kLogin) + std::string(more) + "}")).body;
  }
  static std::string Refused(std::string_view type, std::string_view message) {
    return R"({"__type":"insula#)" + std::string(type) + R"(Exception","message":")" + std::string(message) + R"("})";
  }

  tenancy::testing::World world_;
  storage::testing::NotingEngine engine_;
  MemoryRecordStore records_;
  NothingMetered meter_;
  std::unique_ptr<access::CredentialStore> credentials_ = std::move(*RunTask(
      access::CredentialStore::Open(records_, world_.clock, access::Keyring{access::MasterKey::Generate(), {}})));
  std::unique_ptr<iam::Identities> identities_ =
      std::move(*RunTask(iam::Identities::Open(&records_, credentials_.get(), &world_.clock, nullptr)));
  std::unique_ptr<federation::IssuerStore> issuers_ =
      std::move(*RunTask(federation::IssuerStore::Open(records_, world_.clock)));
  AdminApi api_{Services{.catalog = *world_.catalog,
                         .engine = engine_,
                         .credentials = *credentials_,
                         .issuers = *issuers_,
                         .identities = *identities_,
                         .usage = meter_,
                         .clock = world_.clock}};
};

TEST_F(IssuerOperationsTest, AnIssuerIsWhatIsSaidOfIt) {
  const std::string bare =
      R"({"Issuer":"https://login.example.com/saas","Audiences":["web"],"AnyTenant":true,"Algorithms":["RS256"],)"
      R"("CreateDate":"2023-11-14T22:13:20Z"})";
  EXPECT_EQ(Ask("CreateIdentityIssuer", R"(,"Audiences":["web"])"), R"({"Issuer":)" + bare + "}");
  EXPECT_EQ(Ask("DescribeIdentityIssuer"), R"({"Issuer":)" + bare + "}");
  EXPECT_EQ(RunTask(api_.Handle("ListIdentityIssuers", "{}")).body, R"({"Issuers":[)" + bare + "]}");
  EXPECT_EQ(Ask("DeleteIdentityIssuer"), R"({"Issuer":)" + bare + "}");
  EXPECT_EQ(RunTask(api_.Handle("ListIdentityIssuers", "{}")).body, R"({"Issuers":[]})");
  const std::string whole =
      R"("Audiences":["web","cli"],"EnvironmentClaim":"env","ServiceClaim":"svc","TenantClaim":"org",)"
      R"("Tenants":["acme","globex"],"Algorithms":["ES256","PS512"],"Keys":"file:/etc/insula/keys.json")";
  EXPECT_EQ(Ask("CreateIdentityIssuer", "," + whole), R"({"Issuer":{"Issuer":"https://login.example.com/saas",)" +
                                                          whole + R"(,"CreateDate":"2023-11-14T22:13:20Z"}})");
}

TEST_F(IssuerOperationsTest, AnUpdateLeavesWhatItDoesNotName) {
  Ask("CreateIdentityIssuer", R"(,"Audiences":["web"],"TenantClaim":"org","Tenants":["acme"],"Keys":"https://x/keys")");
  const std::string changed = Ask("UpdateIdentityIssuer", R"(,"Audiences":["app"],"Unset":["Keys"])");
  EXPECT_EQ(changed, R"({"Issuer":{"Issuer":"https://login.example.com/saas","Audiences":["app"],"TenantClaim":"org",)"
                     R"("Tenants":["acme"],"Algorithms":["RS256"],"CreateDate":"2023-11-14T22:13:20Z"}})");
  EXPECT_THAT(Ask("UpdateIdentityIssuer", R"(,"Tenants":["globex"])"), HasSubstr(R"("Tenants":["globex"])"));
  EXPECT_THAT(Ask("UpdateIdentityIssuer", R"(,"Unset":["Tenants","TenantClaim"])"), HasSubstr(R"("AnyTenant":true)"));
}

TEST_F(IssuerOperationsTest, WhatCanNotBeIsRefusedWithItsPlace) {
  struct Case {
    std::string_view more, type, message;
  };
  const Case cases[] = {
      {"", "InvalidArgument", "an issuer has from 1 to 100 audiences"},
      {R"(,"Audiences":"web")", "InvalidArgument", "Audiences must be a list with something in it"},
      {R"(,"Audiences":[])", "InvalidArgument", "Audiences must be a list with something in it"},
      {R"(,"Audiences":["web",""])", "InvalidArgument", "Audiences[1] must be a text that isn't empty"},
      {R"(,"Audiences":["web"],"Algorithms":["RS256","HS256"])", "InvalidArgument",
       "Algorithms[1] is one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, not 'HS256'"},
      {R"(,"Audiences":["web"],"Keys":"keys.json")", "InvalidArgument",
       "an issuer's keys are at file:/PATH or at a URL, or found by OpenID discovery"},
      {R"(,"Audiences":["web"],"Tenants":["acme","nobody"])", "NotFound", "There is no tenant 'nobody'"},
      {R"(,"Audiences":["web"],"Unset":["Keys"])", "InvalidArgument", "CreateIdentityIssuer has no parameter Unset"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(Ask("CreateIdentityIssuer", each.more), Refused(each.type, each.message)) << each.more;
  const std::string none = Refused("NotFound", "there is no issuer https://login.example.com/saas");
  for (const char* operation : {"UpdateIdentityIssuer", "DescribeIdentityIssuer", "DeleteIdentityIssuer"})
    EXPECT_EQ(Ask(operation), none);

  Ask("CreateIdentityIssuer", R"(,"Audiences":["web"])");
  EXPECT_EQ(Ask("CreateIdentityIssuer", R"(,"Audiences":["web"])"),
            Refused("AlreadyExists", "issuer https://login.example.com/saas exists already"));
  EXPECT_EQ(Ask("UpdateIdentityIssuer", R"(,"Unset":["Audiences"])"),
            Refused("InvalidArgument",
                    "Unset takes EnvironmentClaim, ServiceClaim, TenantClaim, Tenants, Algorithms, Keys, not "
                    "'Audiences'"));
  EXPECT_EQ(Ask("UpdateIdentityIssuer", R"(,"Tenants":["acme"],"Unset":["Tenants"])"),
            Refused("InvalidArgument", "Tenants is both given and unset"));
}

}  // namespace
}  // namespace insula::admin
