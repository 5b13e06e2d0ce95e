// Time to live in the catalog: its own life beside the table's, and which tables the expirer goes round.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tenancy/faces/expiring.h"
#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using testing::Await;
using testing::Definition;
using testing::Must;
using testing::Names;
using testing::WithIndex;
using testing::World;

class TimeToLiveInTheCatalog : public ::testing::TestWithParam<PartitionModel> {
 protected:
  TimeToLiveInTheCatalog() {
    world.Service("prod", "shop", GetParam(), true);
    acme = world.Tenant("prod", "shop", "acme");
    Must(Await(world.catalog->CreateTable(acme, Definition("Sessions"))));
    world.Provision();
  }
  TablePtr Set(bool enabled, std::string attribute = "ttl") {
    return Must(Await(world.catalog->UpdateTable(acme, "Sessions", [&](TableDefinition& definition) {
      definition.ttl.enabled = enabled;
      definition.ttl.attribute_name = attribute;
      return Result<void>{};
    })));
  }
  TablePtr Table() { return Must(world.catalog->Find(acme, "Sessions")); }
  std::string_view Status() { return StatusOf(Table()->definition.ttl); }
  std::size_t Expiring() { return ExpiringTables(*world.catalog).size(); }
  TableIntent Intent() const { return {Names("prod", "shop", "acme"), "Sessions"}; }

  World world;
  Context acme = testing::Nobody();
};
INSTANTIATE_TEST_SUITE_P(Models, TimeToLiveInTheCatalog,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(NameOf(each.param)); });

TEST_P(TimeToLiveInTheCatalog, ComesAndGoesWhileTheTableIsActive) {
  EXPECT_EQ(Status(), "DISABLED");
  Set(true);
  EXPECT_EQ(Status(), "ENABLING");
  EXPECT_EQ(Table()->definition.status, TableStatus::kActive);
  EXPECT_EQ(Table()->ref.schema().ttl_attribute, "ttl");
  EXPECT_EQ(Table()->ref.schema().epoch, 2u);
  EXPECT_EQ(Expiring(), 0u) << "not before the engine knows what is due";
  world.Reopen();
  EXPECT_EQ(Status(), "ENABLING");
  EXPECT_EQ(Table()->ref.schema().ttl_attribute, "ttl");
  world.Provision();
  EXPECT_EQ(Status(), "ENABLED");
  EXPECT_EQ(Expiring(), 1u);
  world.Reopen();
  EXPECT_EQ(Status(), "ENABLED");
  EXPECT_EQ(Expiring(), 1u);
  EXPECT_TRUE(world.intents->Pending().empty());

  Set(false);
  EXPECT_EQ(Status(), "DISABLING");
  EXPECT_EQ(Table()->ref.schema().ttl_attribute, "");
  EXPECT_EQ(Expiring(), 0u);
  world.Provision();
  EXPECT_EQ(Status(), "DISABLED");
}

TEST_P(TimeToLiveInTheCatalog, ADeletedTableIsNoLongerAmongThem) {
  Set(true);
  world.Provision();
  Must(Await(world.catalog->DeleteTable(acme, "Sessions")));
  EXPECT_EQ(Expiring(), 0u);
  world.Provision();
  EXPECT_EQ(Expiring(), 0u);
}

// Whoever has followed one schema has done nothing for the next.
TEST_P(TimeToLiveInTheCatalog, WhatTheEngineHasDoneCountsForTheSchemaItFollowed) {
  Set(true);
  const auto work = world.intents->WorkOf(Intent());
  const TableRef followed = work->table->ref;
  Must(Await(world.catalog->UpdateTable(acme, "Sessions", [](TableDefinition& definition) {
    definition = WithIndex(definition, "by-user", "user");
    return Result<void>{};
  })));
  Must(Await(world.intents->Settle(Intent(), followed.incarnation(), followed.schema().epoch)));
  EXPECT_EQ(Table()->definition.status, TableStatus::kUpdating);
  EXPECT_EQ(Status(), "ENABLING");
  EXPECT_TRUE(Table()->ref.schema().FindIndex("by-user")->backfilling);
  world.Provision();
  EXPECT_EQ(Table()->definition.status, TableStatus::kActive);
  EXPECT_EQ(Status(), "ENABLED");
}

TEST_P(TimeToLiveInTheCatalog, ItMayChangeWhileAnIndexIsFilled) {
  Must(Await(world.catalog->UpdateTable(acme, "Sessions", [](TableDefinition& definition) {
    definition = WithIndex(definition, "by-user", "user");
    return Result<void>{};
  })));
  const TablePtr changed = Set(true);
  EXPECT_EQ(changed->definition.status, TableStatus::kUpdating);
  EXPECT_EQ(changed->ref.schema().ttl_attribute, "ttl");
  world.Provision();
  EXPECT_EQ(Table()->definition.status, TableStatus::kActive);
  EXPECT_EQ(Status(), "ENABLED");
}

TEST(TimeToLiveOfTemplates, TablesAreBornWithItAndFollowIt) {
  World world;
  world.Service("prod", "shop", PartitionModel::kIndex);
  TableDefinition wanted = Definition("Sessions");
  wanted.ttl.attribute_name = "ttl";
  wanted.ttl.enabled = true;
  world.Template("prod", "shop", wanted);
  const Context acme = world.Tenant("prod", "shop", "acme");
  const auto table = [&] { return Must(world.catalog->Find(acme, "Sessions")); };
  EXPECT_EQ(StatusOf(table()->definition.ttl), "ENABLED") << "there is nothing to follow yet";
  EXPECT_EQ(table()->ref.schema().ttl_attribute, "ttl");
  world.Provision();
  EXPECT_EQ(ExpiringTables(*world.catalog).size(), 1u);

  const auto roll_out = [&](bool enabled, std::string attribute) {
    wanted.ttl.enabled = enabled;
    wanted.ttl.attribute_name = std::move(attribute);
    world.Template("prod", "shop", wanted);
    for (const Intent& intent : world.intents->Pending()) Must(world.ProvisionOne(intent));
    const TablePtr changed = table();
    world.Provision();
    return std::string(StatusOf(changed->definition.ttl)) + " " + std::string(StatusOf(table()->definition.ttl)) + " " +
           table()->ref.schema().ttl_attribute;
  };
  EXPECT_EQ(roll_out(true, "expires"), "ENABLING ENABLED expires");
  EXPECT_EQ(roll_out(true, "expires"), "ENABLED ENABLED expires");
  EXPECT_EQ(roll_out(false, "expires"), "DISABLING DISABLED ");
}

}  // namespace
}  // namespace insula::tenancy
