// Where a session comes to act: every way that a role, its tags and its caller can name a context, and none that leads
// out of one.
#include "api/sts/session_place.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tenancy/testing/world.h"

namespace insula::api::sts {
namespace {

using tenancy::testing::Names;
using tenancy::testing::World;

struct Asked {
  std::string known;  // "environment/service/tenant", of which parts may be missing
  access::Scope scope;
  std::string account{};  // of the role
  iam::Tags role_tags{};
  std::vector<access::SessionTag> tags{};
};

class SessionPlaceTest : public ::testing::Test {
 protected:
  SessionPlaceTest() {
    for (const char* environment : {"prod", "dev"}) {
      world_.Service(environment, "shop", tenancy::PartitionModel::kIndex);
      world_.Service(environment, "wiki", tenancy::PartitionModel::kIndex);
    }
    for (const char* tenant : {"acme", "globex"}) world_.Tenant("prod", "shop", tenant);
    world_.Tenant("prod", "wiki", "globex");
    world_.Tenant("dev", "shop", "acme");
  }

  AccountId AccountOf(const std::string& environment, const std::string& service, const std::string& tenant) {
    return tenancy::AccountOf(tenancy::testing::Must(world_.catalog->ContextOf(Names(environment, service, tenant))));
  }
  AccountId Payer() {
    return tenancy::AccountOf(tenancy::testing::Must(world_.catalog->OperatorContextOf(AccountId())));
  }

  // "prod/shop/acme", with the tenant's account where there is one; "no" where it is refused.
  std::string Place(Asked asked) {
    ContextParts known;
    std::vector<std::string> parts;
    for (std::string rest = asked.known + "/"; !rest.empty(); rest.erase(0, rest.find('/') + 1)) {
      parts.push_back(rest.substr(0, rest.find('/')));
    }
    if (!parts.empty() && !parts[0].empty()) known.environment.emplace(parts[0]);
    if (parts.size() > 1 && !parts[1].empty()) known.service.emplace(parts[1]);
    if (parts.size() > 2 && !parts[2].empty()) known.tenant.emplace(parts[2]);
    iam::Role role;
    role.tags = std::move(asked.role_tags);
    const Result<SessionPlace> place =
        PlaceSession(*world_.catalog, known, {asked.scope, AccountId(asked.account)}, role, asked.tags);
    if (!place.ok()) {
      EXPECT_EQ(place.error().code(), ErrorCode::kAccessDenied);
      return "no";
    }
    const auto& names = std::get<ContextNames>(place->scope);
    const std::string text =
        fmt::format("{}/{}/{}", names.environment.value(), names.service.value(), TextOf(names.tenant));
    const AccountId expected =
        names.tenant ? AccountOf(names.environment.value(), names.service.value(), names.tenant->value()) : AccountId();
    EXPECT_EQ(place->tenant_account, expected) << text;
    return text;
  }

  World world_;
};

TEST_F(SessionPlaceTest, ARoleOfAContextActsInIt) {
  EXPECT_EQ(Place({"", Names("prod", "shop", "acme")}), "prod/shop/acme");
  EXPECT_EQ(Place({"prod/shop/acme", Names("prod", "shop", "acme")}), "prod/shop/acme");
  EXPECT_EQ(Place({"prod/shop", Names("prod", "shop", "")}), "prod/shop/");
}

TEST_F(SessionPlaceTest, TagsSayWhichTenant) {
  const access::Scope service = Names("prod", "shop", "");
  EXPECT_EQ(Place({"prod/shop", service, "", {}, {{"tenant", "acme"}}}), "prod/shop/acme");
  EXPECT_EQ(Place({"prod/shop", service, "", {}, {{"Tenant", "acme"}}}), "prod/shop/acme");
  EXPECT_EQ(Place({"prod/shop", service, "", {}, {{"team", "acme"}}}), "prod/shop/");
  const iam::Tags setting = {{"insula:TenantTag", "TenantID"}};
  EXPECT_EQ(Place({"prod/shop", service, "", setting, {{"TenantID", "globex"}}}), "prod/shop/globex");
  EXPECT_EQ(Place({"prod/shop", service, "", setting, {{"tenant", "globex"}}}), "prod/shop/");
}

TEST_F(SessionPlaceTest, NothingLeadsOutOfAContext) {
  const access::Scope service = Names("prod", "shop", "");
  const access::Scope acme = Names("prod", "shop", "acme");
  // Through the caller, who stays where it is.
  EXPECT_EQ(Place({"prod/shop/acme", service}), "prod/shop/acme");
  EXPECT_EQ(Place({"prod/shop/acme", service, "", {}, {{"tenant", "globex"}}}), "no");
  EXPECT_EQ(Place({"prod/shop/globex", acme}), "no");
  EXPECT_EQ(Place({"prod/wiki/globex", service}), "no");
  EXPECT_EQ(Place({"dev/shop/acme", acme}), "no");
  // Through tags.
  EXPECT_EQ(Place({"", acme, "", {}, {{"tenant", "globex"}}}), "no");
  EXPECT_EQ(Place({"", acme, "", {}, {{"service", "wiki"}}}), "no");
  EXPECT_EQ(Place({"", service, "", {}, {{"environment", "dev"}, {"tenant", "acme"}}}), "no");
}

TEST_F(SessionPlaceTest, WhoIsNotPlacedGetsNoSession) {
  const access::Scope service = Names("prod", "wiki", "");
  for (const std::string tenant : {"acme", "nobody", "", "a/b", "ACME"}) {
    EXPECT_EQ(Place({"", service, "", {}, {{"tenant", tenant}}}), "no") << tenant;
  }
  EXPECT_EQ(Place({"", Names("prod", "nothing", "")}), "no");
}

TEST_F(SessionPlaceTest, TheOperatorsRolesLeaveThingsOpen) {
  const AccountId payer = Payer();
  const auto place = [&](const AccountId& account, std::vector<access::SessionTag> tags) {
    return Place({"", account, account.value(), {}, std::move(tags)});
  };
  EXPECT_EQ(place(payer, {}), "no");
  EXPECT_EQ(place(payer, {{"tenant", "acme"}}), "no");
  EXPECT_EQ(place(payer, {{"environment", "prod"}, {"tenant", "acme"}}), "no");
  EXPECT_EQ(place(payer, {{"environment", "prod"}, {"service", "shop"}}), "prod/shop/");
  EXPECT_EQ(place(payer, {{"environment", "prod"}, {"service", "shop"}, {"tenant", "acme"}}), "prod/shop/acme");
  // In a tenant's account the environment and the tenant are settled.
  const AccountId globex = AccountOf("prod", "shop", "globex");
  EXPECT_EQ(place(globex, {{"service", "wiki"}}), "prod/wiki/globex");
  EXPECT_EQ(place(globex, {{"service", "shop"}, {"tenant", "acme"}}), "no");
  EXPECT_EQ(place(globex, {{"service", "shop"}, {"environment", "dev"}}), "no");
  EXPECT_EQ(place(AccountId("999999999999"), {{"environment", "prod"}, {"service", "shop"}}), "no");
}

}  // namespace
}  // namespace insula::api::sts
