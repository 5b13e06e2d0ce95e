// No two tables of an account ever have one name: the proof, and the property that it stands for.
#include "tenancy/identity/naming.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <tuple>

#include "tenancy/identity/naming_proof.h"

namespace insula::tenancy {
namespace {

using ::testing::HasSubstr;

NameTemplates Defaults() {
  return {"{environment}.{service}.{table}", "{environment}.{service}.{tenant}.{table}",
          "{environment}.{service}._pool.{table}", "{environment}.{service}._service.{table}"};
}

std::string RefusalOf(const NameTemplates& templates) {
  const auto naming = Naming::Make(templates);
  return naming.ok() ? "" : naming.error().message();
}

TEST(NamingTest, TheDefaultsAreProved) { EXPECT_EQ(RefusalOf(Defaults()), ""); }

TEST(NamingTest, TemplatesThatNeedNoDotsAreProvedToo) {
  NameTemplates templates = Defaults();
  templates.account = "{service}.{table}";
  templates.table = "t.{service}.{tenant}.{table}";
  templates.pool = "p.{service}.{table}";
  templates.service = "s.{service}.{table}";
  EXPECT_EQ(RefusalOf(templates), "");
}

TEST(NamingTest, ATemplateWithoutASeparatorIsRefusedWithAnExample) {
  NameTemplates templates = Defaults();
  templates.table = "{environment}.{service}{tenant}.{table}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("Name templates are ambiguous"));
  templates.table = "{environment}.{service}-{tenant}.{table}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("would be the name of table ('{environment}.{service}-{tenant}.{table}') "
                                              "with environment"));
}

TEST(NamingTest, TemplatesThatMeetEachOtherAreRefused) {
  NameTemplates templates = Defaults();
  templates.pool = "{environment}.{service}.pool.{table}";  // "pool" may be a tenant
  EXPECT_THAT(RefusalOf(templates), HasSubstr("tenant 'pool'"));
  templates = Defaults();
  templates.service = templates.pool;
  EXPECT_THAT(RefusalOf(templates), HasSubstr("ambiguous"));
}

TEST(NamingTest, AnAccountsOwnTemplateMayBeLikeASharedOne) {
  NameTemplates templates = Defaults();
  templates.account = "{environment}.{service}._pool.{table}";
  EXPECT_EQ(RefusalOf(templates), "") << "they never share an account";
}

TEST(NamingTest, PlaceholdersAreCheckedOneByOne) {
  NameTemplates templates = Defaults();
  templates.table = "{environment}.{service}.{table}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("must contain {tenant}: without it two tenants would share a name"));
  templates = Defaults();
  templates.pool = "{service}.{tenant}.{table}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("can't contain {tenant}"));
  templates = Defaults();
  templates.account = "{service}.{tabel}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("unknown placeholder {tabel}"));
  templates.account = "{service}.{table}.{table}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("{table} appears twice"));
  templates.account = "{service}.{table";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("a '{' has no '}'"));
  templates.account = "{service}/{table}";
  EXPECT_THAT(RefusalOf(templates), HasSubstr("'/' can't be part of a table name"));
}

TEST(NamingTest, LongNamesAreShortenedToExactly255) {
  const Naming naming = *Naming::Make(Defaults());
  const ContextNames names{EnvironmentName("prod"), ServiceName("catalog"), TenantId("acme")};
  const std::string natural = naming.PhysicalName(PartitionModel::kTable, names, std::string(254 - 18, 'x'));
  EXPECT_EQ(natural, "prod.catalog.acme." + std::string(254 - 18, 'x'));
  const std::string longer = naming.PhysicalName(PartitionModel::kTable, names, std::string(255 - 18, 'x'));
  EXPECT_EQ(longer.size(), 255u);
  EXPECT_NE(longer, natural + "x");
  const std::string longest = naming.PhysicalName(PartitionModel::kTable, names, std::string(255, 'x'));
  EXPECT_EQ(longest.size(), 255u);
  EXPECT_NE(longest, longer);
  EXPECT_EQ(longest, naming.PhysicalName(PartitionModel::kTable, names, std::string(255, 'x'))) << "the same each time";
}

// --- properties ---

std::string Word(std::string_view first, std::string_view rest, std::size_t least, std::size_t most) {
  const auto size = *rc::gen::inRange(least, most + 1);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    const std::string_view from = i == 0 ? first : rest;
    text.push_back(from[*rc::gen::inRange<std::size_t>(0, from.size())]);
  }
  return text;
}

// Few letters and short words, so that what can collide does.
using Identity = std::tuple<int, std::string, std::string, std::string>;
Identity AnyIdentity(bool may_be_long) {
  Identity id;
  std::get<0>(id) = *rc::gen::inRange(0, 3);
  std::get<1>(id) = Word("ab", "ab-_", 1, 3);
  std::get<2>(id) = std::get<0>(id) == 0 ? Word("ab", "ab-", 1, 3) : "";
  std::get<3>(id) = Word("ab_-.", "ab_-.", 3, 8);
  if (may_be_long && *rc::gen::inRange(0, 3) == 0)
    std::get<3>(id) += std::string(*rc::gen::inRange<std::size_t>(0, 247), 'a');
  return id;
}
std::string NameIn(const Naming& naming, const Identity& id) {
  const auto& [kind, service, tenant, table] = id;
  const ContextNames names{EnvironmentName("e"), ServiceName(service), TenantId(tenant)};
  if (kind == 0) return naming.PhysicalName(PartitionModel::kTable, names, table);
  if (kind == 1) return naming.PhysicalName(PartitionModel::kIndex, names, table);
  return naming.ServiceTableName(names, table);
}

TEST(NamingProperty, TwoTablesOfASharedAccountNeverHaveOneName) {
  const Naming naming = *Naming::Make(Defaults());
  EXPECT_TRUE(rc::check([&] {
    std::map<std::string, Identity> seen;
    for (int i = 0; i < 60; ++i) {
      const Identity id = AnyIdentity(true);
      const std::string name = NameIn(naming, id);
      RC_ASSERT(name.size() <= 255u);
      const auto [at, added] = seen.emplace(name, id);
      RC_ASSERT(at->second == id);
    }
  }));
}

TEST(NamingProperty, WhatTheProofAcceptsDoesNotCollide) {
  // Random templates: if the proof lets them pass, no two of many small identities may meet.
  EXPECT_TRUE(rc::check([] {
    const auto any_template = [](bool tenant, const std::string& prefix) {
      std::vector<std::string> parts = {"{service}", "{table}"};
      if (tenant) parts.insert(parts.begin() + 1, "{tenant}");
      std::string text = *rc::gen::inRange(0, 4) == 0 ? Word("ab._", "ab._", 0, 2) : prefix;
      while (!parts.empty()) {
        // Mostly in order and with a dot between, so that a good part passes.
        const bool any = *rc::gen::inRange(0, 4) == 0;
        const auto at = any ? *rc::gen::inRange<std::size_t>(0, parts.size()) : 0;
        text += parts[at] + (any || parts.size() == 1 ? "" : ".") + Word("ab._", "ab._", 0, 2);
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
      }
      return text;
    };
    const NameTemplates templates{"{service}.{table}", any_template(true, "a."), any_template(false, "_."),
                                  any_template(false, "b.")};
    const auto naming = Naming::Make(templates);
    RC_CLASSIFY(naming.ok());
    if (!naming.ok()) return;
    std::map<std::string, Identity> seen;
    for (int i = 0; i < 60; ++i) {
      const Identity id = AnyIdentity(false);
      const auto [at, added] = seen.emplace(NameIn(*naming, id), id);
      RC_ASSERT(at->second == id);
    }
  }));
}

TEST(NamingProperty, WhatTheProofRefusesReallyCollides) {
  // The error's example is a proof of its own: both readings expand to the same text.
  const auto a = *NameTemplate::Parse("{service}-{table}");
  const TemplateInProof only{"only", &a};
  const auto refused = ProveInjective({&only, 1});
  ASSERT_FALSE(refused.ok());
  const std::string& message = refused.error().message();
  std::vector<std::string> quoted;
  for (std::size_t at = message.find('\''); at != std::string::npos;) {
    const std::size_t end = message.find('\'', at + 1);
    quoted.push_back(message.substr(at + 1, end - at - 1));
    at = message.find('\'', end + 1);
  }
  // word, template, service, table, template, service, table
  ASSERT_EQ(quoted.size(), 7u) << message;
  EXPECT_EQ(a.Expand({"", quoted[2], "", quoted[3]}), quoted[0]);
  EXPECT_EQ(a.Expand({"", quoted[5], "", quoted[6]}), quoted[0]);
  EXPECT_NE(quoted[2], quoted[5]);
}

}  // namespace
}  // namespace insula::tenancy
