// The provisioner against an engine that only takes notes: what it is told, in which order, and that an engine or a
// record store that fails at any step only delays.
#include "control/provisioner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/testing/log_capture.h"
#include "storage/testing/noting_engine.h"
#include "tenancy/testing/world.h"

namespace insula::control {
namespace {

using storage::testing::NotingEngine;
using tenancy::PartitionModel;
using tenancy::testing::Await;
using tenancy::testing::Definition;
using tenancy::testing::Must;
using tenancy::testing::Names;
using tenancy::testing::WithIndex;
using tenancy::testing::World;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class ProvisionerTest : public ::testing::Test {
 protected:
  ProvisionerTest() { StartOver(); }
  ~ProvisionerTest() override { provisioner_->Stop(); }
  void StartOver() {
    if (provisioner_) provisioner_->Stop();
    provisioner_.reset();
    world_.Reopen();
    provisioner_ = std::make_unique<Provisioner>(*world_.catalog, engine_);
    provisioner_->Start();
  }
  TableStatus StatusOf(const tenancy::Context& context, const std::string& table) {
    return Must(world_.catalog->Find(context, table))->definition.status;
  }

  World world_;
  NotingEngine engine_;
  std::unique_ptr<Provisioner> provisioner_;
};

TEST_F(ProvisionerTest, ATableIsMadeBeforeItIsActive) {
  world_.Service("prod", "catalog", PartitionModel::kIndex, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  provisioner_->WaitIdle();
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
  EXPECT_THAT(engine_.Notes(), ElementsAre("create prod.catalog._pool.Music@acme in store 0"));
}

TEST_F(ProvisionerTest, ATableMayBeMadeToWait) {
  provisioner_->Stop();
  provisioner_ = std::make_unique<Provisioner>(*world_.catalog, engine_, std::chrono::milliseconds(50));
  provisioner_->Start();
  world_.Service("prod", "catalog", PartitionModel::kTable, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  const auto started = std::chrono::steady_clock::now();
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kCreating);
  provisioner_->WaitIdle();
  EXPECT_GE(std::chrono::steady_clock::now() - started, std::chrono::milliseconds(50));
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
  // Stopping doesn't wait for it.
  provisioner_->Stop();
  provisioner_ = std::make_unique<Provisioner>(*world_.catalog, engine_, std::chrono::hours(1));
  provisioner_->Start();
  Must(Await(world_.catalog->DeleteTable(acme, "Music")));
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kDeleting);
}

TEST_F(ProvisionerTest, AnAccountsStoreGoesAfterItsTables) {
  world_.Service("prod", "catalog", PartitionModel::kAccount);
  world_.Template("prod", "catalog", Definition("Products"));
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  provisioner_->WaitIdle();
  EXPECT_THAT(engine_.Notes(), ElementsAre("create prod.catalog.Products in store 1"));
  Must(Await(world_.organization->Delete(TenantId("acme"))));
  EXPECT_FALSE(world_.catalog->ContextOf(Names("prod", "catalog", "acme")).ok()) << "at once";
  provisioner_->WaitIdle();
  EXPECT_THAT(engine_.Notes(), ElementsAre("drop prod.catalog.Products", "drop store 1"));
  EXPECT_FALSE(world_.organization->ShowTenant(TenantId("acme")).ok());
  for (const auto& account : world_.organization->Accounts()) {
    EXPECT_EQ(account.closed, account.id == AccountOf(acme));
  }
  // Its second life has another account, another store and other incarnations.
  const auto again = world_.Tenant("prod", "catalog", "acme");
  provisioner_->WaitIdle();
  EXPECT_NE(AccountOf(again), AccountOf(acme));
  EXPECT_THAT(engine_.Notes(), ElementsAre("create prod.catalog.Products in store 2"));
}

TEST_F(ProvisionerTest, ADroppedTablesChangesStayUntilItsTenantGoes) {
  world_.Service("prod", "catalog", PartitionModel::kIndex, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  TableDefinition definition = Definition("Music");
  definition.stream.enabled = true;
  Must(Await(world_.catalog->CreateTable(acme, definition)));
  Must(Await(world_.catalog->CreateTable(acme, Definition("Quiet"))));
  provisioner_->WaitIdle();
  engine_.Notes();
  Must(Await(world_.catalog->DeleteTable(acme, "Music")));
  Must(Await(world_.catalog->DeleteTable(acme, "Quiet")));
  provisioner_->WaitIdle();
  EXPECT_THAT(engine_.Notes(), UnorderedElementsAre("drop prod.catalog._pool.Music@acme but its changes",
                                                    "drop prod.catalog._pool.Quiet@acme"));
  StartOver();
  provisioner_->WaitIdle();
  EXPECT_THAT(engine_.Notes(), IsEmpty()) << "its stream can still be read";
  engine_.FailNext(1);
  Must(Await(world_.organization->Delete(TenantId("acme"))));
  provisioner_->WaitIdle();
  EXPECT_THAT(engine_.Notes(), ElementsAre("drop prod.catalog._pool.Music@acme"));
  EXPECT_FALSE(world_.organization->ShowTenant(TenantId("acme")).ok());
}

TEST_F(ProvisionerTest, AnIndexIsMaintainedThenFilledThenReadable) {
  world_.Service("prod", "catalog", PartitionModel::kTable, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  provisioner_->WaitIdle();
  engine_.Notes();
  Must(Await(world_.catalog->UpdateTable(acme, "Music", [](TableDefinition& definition) {
    definition = WithIndex(definition, "by-year", "year");
    return Result<void>{};
  })));
  provisioner_->WaitIdle();
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
  const std::string music = "prod.catalog.acme.Music";
  EXPECT_THAT(engine_.Notes(), ElementsAre("open " + music, "schema " + music + " 2", "backfill " + music + " 1",
                                           "schema " + music + " 3"));
}

TEST_F(ProvisionerTest, AnIndexThatIsGivenUpIsntFilledAnyFurther) {
  world_.Service("prod", "catalog", PartitionModel::kTable, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  provisioner_->WaitIdle();
  engine_.Notes();
  engine_.MakeBackfillsEndless();
  const auto add = [&](const std::string& index) {
    return Await(world_.catalog->UpdateTable(acme, "Music", [&](TableDefinition& definition) {
      definition = WithIndex(definition, index, index);
      return Result<void>{};
    }));
  };
  const auto remove = [&](std::string_view index) {
    return Await(world_.catalog->UpdateTable(acme, "Music", [&](TableDefinition& definition) {
      auto schema = std::make_shared<TableSchema>(*definition.schema);
      std::erase_if(schema->indexes, [&](const IndexSchema& each) { return each.name == index; });
      definition.schema = std::move(schema);
      return Result<void>{};
    }));
  };
  Must(add("by-year"));
  std::vector<std::string> notes;
  while (notes.empty() || !notes.back().starts_with("backfill")) {
    for (std::string& note : engine_.Notes()) notes.push_back(std::move(note));
    std::this_thread::yield();
  }
  EXPECT_EQ(add("by-label").error().code(), ErrorCode::kResourceInUse);

  const auto given_up = Must(remove("by-year"));
  EXPECT_EQ(given_up->definition.status, TableStatus::kUpdating);
  EXPECT_EQ(given_up->definition.index_settings.at("by-year").status, IndexStatus::kDeleting);
  EXPECT_EQ(given_up->ref.schema().FindIndex("by-year"), nullptr) << "what writers follow";
  provisioner_->WaitIdle();
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
  EXPECT_TRUE(Must(world_.catalog->Find(acme, "Music"))->definition.schema->indexes.empty());
  const std::string music = "prod.catalog.acme.Music";
  EXPECT_THAT(engine_.Notes(), ElementsAre("open " + music, "schema " + music + " 3", "schema " + music + " 4"));

  // Interrupted between, it goes when the server is started again.
  Must(add("by-year"));
  provisioner_->Stop();
  Must(remove("by-year"));
  StartOver();
  provisioner_->WaitIdle();
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
  EXPECT_TRUE(Must(world_.catalog->Find(acme, "Music"))->definition.schema->indexes.empty());
}

TEST_F(ProvisionerTest, TimeToLiveIsFollowedWhileTheTableIsActive) {
  world_.Service("prod", "catalog", PartitionModel::kTable, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  provisioner_->WaitIdle();
  engine_.Notes();
  const auto set = [&](bool enabled, std::string attribute) {
    const auto changed = Must(Await(world_.catalog->UpdateTable(acme, "Music", [&](TableDefinition& definition) {
      definition.ttl.enabled = enabled;
      definition.ttl.attribute_name = attribute;
      return Result<void>{};
    })));
    EXPECT_EQ(changed->definition.status, TableStatus::kActive);
    const std::string_view at_first = insula::StatusOf(changed->definition.ttl);
    provisioner_->WaitIdle();
    const auto settled = Must(world_.catalog->Find(acme, "Music"));
    return fmt::format("{} {}", at_first, insula::StatusOf(settled->definition.ttl));
  };
  const std::string music = "prod.catalog.acme.Music";
  EXPECT_EQ(set(true, "ttl"), "ENABLING ENABLED");
  EXPECT_THAT(engine_.Notes(), ElementsAre("schema " + music + " 2", "expiry " + music + " ttl"));
  EXPECT_EQ(set(false, "ttl"), "DISABLING DISABLED");
  EXPECT_THAT(engine_.Notes(), ElementsAre("schema " + music + " 3", "expiry " + music + " "));

  // Interrupted, it is taken up again.
  provisioner_->Stop();
  EXPECT_EQ(set(true, "other"), "ENABLING ENABLING");
  StartOver();
  provisioner_->WaitIdle();
  EXPECT_EQ(insula::StatusOf(Must(world_.catalog->Find(acme, "Music"))->definition.ttl), "ENABLED");
  EXPECT_THAT(engine_.Notes(), ElementsAre("schema " + music + " 4", "expiry " + music + " other"));
}

TEST_F(ProvisionerTest, AnEngineThatFailsIsAskedAgain) {
  world_.Service("prod", "catalog", PartitionModel::kIndex, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  engine_.FailNext(2);
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  provisioner_->WaitIdle();
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
}

TEST_F(ProvisionerTest, WhatFailsIsInTheLogAndKnownUntilItSucceeds) {
  LogCapture log;
  world_.Service("prod", "catalog", PartitionModel::kIndex, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  engine_.FailNext(1'000'000);
  Must(Await(world_.catalog->CreateTable(acme, Definition("Music"))));
  while (provisioner_->Stuck().empty() || provisioner_->Stuck()[0].failures < 2) std::this_thread::yield();
  const StuckWork stuck = provisioner_->Stuck().at(0);
  EXPECT_EQ(stuck.owner, Names("prod", "catalog", "acme"));
  EXPECT_EQ(stuck.table, "Music");
  EXPECT_THAT(ReasonOf(stuck), StartsWith("making the table fails: not now (2 times in "));
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kCreating);
  engine_.FailNext(0);
  provisioner_->WaitIdle();
  EXPECT_THAT(provisioner_->Stuck(), IsEmpty());
  EXPECT_EQ(StatusOf(acme, "Music"), TableStatus::kActive);
  const std::vector<std::string> lines = log.Take();
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines[0],
            "warn making the table failed and is tried again; room=control, context=prod/catalog/acme, table=Music, "
            "cause=not now, failures=1, not_logged_before=0");
}

TEST_F(ProvisionerTest, WhatWasLeftIsTakenUpAtStartAndNothingElse) {
  world_.Service("prod", "catalog", PartitionModel::kTable, true);
  const auto acme = world_.Tenant("prod", "catalog", "acme");
  for (const char* name : {"kept", "dropped"}) Must(Await(world_.catalog->CreateTable(acme, Definition(name))));
  provisioner_->WaitIdle();
  provisioner_->Stop();
  Must(Await(world_.catalog->DeleteTable(acme, "dropped")));
  Must(Await(world_.catalog->CreateTable(acme, Definition("made"))));
  engine_.Notes();
  StartOver();
  provisioner_->WaitIdle();
  EXPECT_THAT(engine_.Notes(),
              UnorderedElementsAre("drop prod.catalog.acme.dropped", "create prod.catalog.acme.made in store 0"));
}

TEST_F(ProvisionerTest, ATemplatesNewTableComesToEveryTenant) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  std::vector<tenancy::Context> tenants;
  for (int i = 0; i < 50; ++i) tenants.push_back(world_.Tenant("prod", "catalog", "t" + std::to_string(i)));
  world_.Template("prod", "catalog", Definition("Late"));
  provisioner_->WaitIdle();
  for (const auto& tenant : tenants) EXPECT_EQ(StatusOf(tenant, "Late"), TableStatus::kActive);
  world_.Template("prod", "catalog", WithIndex(Definition("Late"), "by-year", "year"));
  provisioner_->WaitIdle();
  for (const auto& tenant : tenants) {
    EXPECT_NE(Must(world_.catalog->Find(tenant, "Late"))->ref.schema().FindIndex("by-year"), nullptr);
  }
}

// The whole life of a tenant and its tables, with the record store failing for good at the Nth commit from any point
// on, before or after it has kept that commit; then a new start. In the end it is as if nothing had happened.
TEST(ProvisionerCrashTest, WhateverIsInterruptedIsTakenUpAgain) {
  using Failure = MemoryRecordStore::Failure;
  for (const PartitionModel model : {PartitionModel::kAccount, PartitionModel::kIndex}) {
    for (const Failure failure : {Failure::kBefore, Failure::kAfter}) {
      bool clean = false;
      for (std::size_t nth = 1; !clean; ++nth) {
        ASSERT_LT(nth, 100u);
        SCOPED_TRACE("commit " + std::to_string(nth));
        World world;
        NotingEngine engine;
        world.Service("prod", "catalog", model, true);
        world.Template("prod", "catalog", Definition("Products"));
        const auto live = [&](bool must) {
          // Each step may have happened before the crash: then it says so, and that is as good.
          const auto check = [&](const auto& result) { EXPECT_TRUE(!must || result.ok()) << result.error().message(); };
          Provisioner provisioner(*world.catalog, engine);
          provisioner.Start();
          const auto settle = [&] {
            if (must) provisioner.WaitIdle();
            for (int i = 0; !must && i < 200 && !world.intents->Pending().empty(); ++i) {
              std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
          };
          if (!world.organization->ShowTenant(TenantId("acme")).ok()) {
            check(Await(world.organization->CreateTenant(TenantId("acme"), "standard")));
          }
          const auto names = Names("prod", "catalog", "acme");
          if (!world.catalog->ContextOf(names).ok()) check(Await(world.organization->Place(names, std::nullopt)));
          settle();
          if (const auto context = world.catalog->ContextOf(names); context.ok()) {
            const auto found = world.catalog->Find(*context, "Mine");
            if (!found.ok()) check(Await(world.catalog->CreateTable(*context, Definition("Mine"))));
            settle();
            const auto mine = world.catalog->Find(*context, "Mine");
            if (mine.ok() && mine.value()->definition.schema->FindIndex("by-year") == nullptr) {
              check(Await(world.catalog->UpdateTable(*context, "Mine", [](TableDefinition& definition) {
                definition = WithIndex(definition, "by-year", "year");
                return Result<void>{};
              })));
            }
            settle();
          } else {
            EXPECT_FALSE(must) << context.error().message();
          }
          provisioner.Stop();
        };
        const std::size_t before = world.store.commits();
        world.store.FailFrom(nth, failure);
        live(false);
        clean = world.store.commits() < before + nth;
        world.store.Heal();
        world.Reopen();
        live(true);

        const auto acme = Must(world.catalog->ContextOf(Names("prod", "catalog", "acme")));
        EXPECT_THAT(world.catalog->List(acme, "", 10).names, ElementsAre("Mine", "Products"));
        const auto mine = Must(world.catalog->Find(acme, "Mine"));
        EXPECT_EQ(mine->definition.status, TableStatus::kActive);
        ASSERT_NE(mine->ref.schema().FindIndex("by-year"), nullptr);
        EXPECT_FALSE(mine->ref.schema().FindIndex("by-year")->backfilling);
        EXPECT_EQ(Must(world.catalog->Find(acme, "Products"))->definition.status, TableStatus::kActive);
        EXPECT_THAT(world.intents->Pending(), IsEmpty());

        // And the end of it, interrupted in the same way.
        const auto die = [&](bool must) {
          Provisioner provisioner(*world.catalog, engine);
          provisioner.Start();
          const auto deleted = Await(world.organization->Delete(TenantId("acme")));
          EXPECT_TRUE(!must || deleted.ok() || deleted.error().code() == ErrorCode::kNotFound);
          if (must) provisioner.WaitIdle();
          for (int i = 0; !must && i < 20 && !world.intents->Pending().empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          }
          provisioner.Stop();
        };
        world.store.FailFrom(nth, failure);
        die(false);
        world.store.Heal();
        world.Reopen();
        die(true);
        EXPECT_FALSE(world.organization->ShowTenant(TenantId("acme")).ok());
        EXPECT_THAT(world.organization->Tables(Names("", "", "acme")), IsEmpty());
        EXPECT_THAT(world.intents->Pending(), IsEmpty());
      }
    }
  }
}

}  // namespace
}  // namespace insula::control
