// The catalog as the operations see it: contexts, tables by name, and what the three models have in common.
#include "tenancy/catalog/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tenancy/faces/backup_catalog.h"
#include "tenancy/faces/backup_intents.h"
#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using testing::Await;
using testing::Definition;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Must;
using testing::Names;
using testing::WithIndex;
using testing::World;

constexpr PartitionModel kModels[] = {PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex};

class UnderEachModel : public ::testing::TestWithParam<PartitionModel> {};
INSTANTIATE_TEST_SUITE_P(Models, UnderEachModel, ::testing::ValuesIn(kModels),
                         [](const auto& each) { return std::string(NameOf(each.param)); });

TEST_P(UnderEachModel, TemplateTablesAreThereOncePlaced) {
  World world;
  world.Service("prod", "catalog", GetParam());
  world.Template("prod", "catalog", Definition("Products"));
  world.Template("prod", "catalog", Definition("Orders"));
  const Context acme = world.Tenant("prod", "catalog", "acme");

  const TablePtr creating = Must(world.catalog->Find(acme, "Products"));
  EXPECT_EQ(creating->definition.status, TableStatus::kCreating);
  EXPECT_EQ(creating->arn, "arn:aws:dynamodb:us-east-1:" + AccountOf(acme).value() + ":table/Products");
  EXPECT_FALSE(creating->definition.id.empty());

  world.Provision();
  EXPECT_EQ(Must(world.catalog->Find(acme, "Products"))->definition.status, TableStatus::kActive);
  EXPECT_THAT(world.catalog->List(acme, "", 10).names, ElementsAre("Orders", "Products"));
  EXPECT_EQ(Must(world.catalog->Find(acme, creating->arn))->definition.id, creating->definition.id);
}

TEST_P(UnderEachModel, ThePlaceOfItemsIsTheModels) {
  World world;
  world.Service("prod", "catalog", GetParam());
  world.Template("prod", "catalog", Definition("Products"));
  const TableRef acme = Must(world.catalog->Find(world.Tenant("prod", "catalog", "acme"), "Products"))->ref;
  const TableRef other = Must(world.catalog->Find(world.Tenant("prod", "catalog", "other"), "Products"))->ref;
  EXPECT_NE(acme.incarnation(), other.incarnation());
  switch (GetParam()) {
    case PartitionModel::kAccount:
      EXPECT_EQ(acme.physical_name(), "prod.catalog.Products");
      EXPECT_NE(acme.store(), StoreId(0));
      EXPECT_NE(acme.store(), other.store());
      EXPECT_EQ(acme.tenant(), TenantNumber(0));
      break;
    case PartitionModel::kTable:
      EXPECT_EQ(acme.physical_name(), "prod.catalog.acme.Products");
      EXPECT_EQ(acme.store(), StoreId(0));
      EXPECT_NE(acme.table(), other.table());
      EXPECT_EQ(acme.tenant(), TenantNumber(0));
      break;
    case PartitionModel::kIndex:
      EXPECT_EQ(acme.physical_name(), "prod.catalog._pool.Products");
      EXPECT_EQ(acme.store(), StoreId(0));
      EXPECT_EQ(acme.table(), other.table());
      EXPECT_NE(acme.tenant(), other.tenant());
      EXPECT_NE(acme.tenant(), TenantNumber(0));
      EXPECT_EQ(acme.pooled_tenant(), TenantId("acme"));
      break;
  }
}

TEST_P(UnderEachModel, TablesOfATemplateAreNotTheTenantsToChange) {
  World world;
  world.Service("prod", "catalog", GetParam());
  world.Template("prod", "catalog", Definition("Products"));
  const Context acme = world.Tenant("prod", "catalog", "acme");
  world.Provision();
  const std::string account = AccountOf(acme).value();
  const auto denied = [&](const std::string& operation, const std::string& table) {
    return "User: arn:aws:iam::" + account + ":user/acme is not authorized to perform: dynamodb:" + operation +
           " on resource: arn:aws:dynamodb:us-east-1:" + account + ":table/" + table +
           " because no identity-based policy allows the dynamodb:" + operation + " action";
  };
  const auto created = Await(world.catalog->CreateTable(acme, Definition("Mine")));
  ASSERT_FALSE(created.ok());
  EXPECT_EQ(created.error().code(), ErrorCode::kAccessDenied);
  EXPECT_EQ(created.error().message(), denied("CreateTable", "Mine"));
  EXPECT_EQ(Await(world.catalog->DeleteTable(acme, "Products")).error().message(), denied("DeleteTable", "Products"));
  const auto nothing = [](TableDefinition&) { return Result<void>{}; };
  EXPECT_EQ(Await(world.catalog->UpdateTable(acme, "Products", nothing)).error().message(),
            denied("UpdateTable", "Products"));
}

TEST_P(UnderEachModel, TheLifeOfATableThatATenantDefines) {
  World world;
  world.Service("prod", "catalog", GetParam(), true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  Catalog& catalog = *world.catalog;
  const auto nothing = [](TableDefinition&) { return Result<void>{}; };

  EXPECT_EQ(catalog.Find(acme, "Music").error().message(), "Requested resource not found");
  EXPECT_EQ(Await(catalog.DeleteTable(acme, "Music")).error().message(),
            "Requested resource not found: Table: Music not found");
  EXPECT_EQ(Await(catalog.UpdateTable(acme, "Music", nothing)).error().message(),
            "Requested resource not found: Table: Music not found");

  const TablePtr first = Must(Await(catalog.CreateTable(acme, Definition("Music"))));
  EXPECT_EQ(first->definition.status, TableStatus::kCreating);
  const auto again = Await(catalog.CreateTable(acme, Definition("Music")));
  EXPECT_EQ(again.error().code(), ErrorCode::kResourceInUse);
  EXPECT_EQ(again.error().message(), "Table already exists: Music");
  EXPECT_EQ(Await(catalog.DeleteTable(acme, "Music")).error().message(),
            "Attempt to change a resource which is still in use: Table is being created: Music");
  EXPECT_EQ(Await(catalog.UpdateTable(acme, "Music", nothing)).error().message(),
            "Attempt to change a resource which is still in use: Table is being created: Music");

  world.Provision();
  const auto protect = [](TableDefinition& definition) {
    definition.deletion_protection = true;
    return Result<void>{};
  };
  EXPECT_EQ(Must(Await(catalog.UpdateTable(acme, "Music", protect)))->definition.status, TableStatus::kActive);
  const auto refused = Await(catalog.DeleteTable(acme, "Music"));
  EXPECT_EQ(refused.error().code(), ErrorCode::kValidation);
  EXPECT_EQ(refused.error().message(),
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first.");
  const auto unprotect = [](TableDefinition& definition) {
    definition.deletion_protection = false;
    return Result<void>{};
  };
  Must(Await(catalog.UpdateTable(acme, "Music", unprotect)));

  EXPECT_EQ(Must(Await(catalog.DeleteTable(acme, "Music")))->definition.status, TableStatus::kDeleting);
  EXPECT_EQ(Await(catalog.CreateTable(acme, Definition("Music"))).error().message(), "Table already exists: Music");
  EXPECT_EQ(Await(catalog.UpdateTable(acme, "Music", nothing)).error().message(),
            "Attempt to change a resource which is still in use: Table is being deleted: Music");
  EXPECT_EQ(Must(catalog.Find(acme, "Music"))->definition.status, TableStatus::kDeleting);
  world.Provision();
  EXPECT_FALSE(catalog.Find(acme, "Music").ok());

  // The second life is another incarnation with another id.
  const TablePtr second = Must(Await(catalog.CreateTable(acme, Definition("Music"))));
  EXPECT_GT(second->ref.incarnation(), first->ref.incarnation());
  EXPECT_NE(second->definition.id, first->definition.id);
}

TEST_P(UnderEachModel, AnIndexComesAndGoesOnline) {
  World world;
  world.Service("prod", "catalog", GetParam(), true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  Catalog& catalog = *world.catalog;
  Must(Await(catalog.CreateTable(acme, WithIndex(Definition("Music"), "by-artist", "artist"))));
  const TablePtr born = Must(catalog.Find(acme, "Music"));
  EXPECT_EQ(born->definition.index_settings.at("by-artist").status, IndexStatus::kCreating);
  EXPECT_FALSE(born->ref.schema().FindIndex("by-artist")->backfilling);
  EXPECT_EQ(born->ref.schema().FindIndex("by-artist")->id, 1);
  world.Provision();

  Must(Await(catalog.UpdateTable(acme, "Music", [](TableDefinition& definition) {
    definition = WithIndex(definition, "by-year", "year");
    return Result<void>{};
  })));
  const TablePtr adding = Must(catalog.Find(acme, "Music"));
  EXPECT_EQ(adding->definition.status, TableStatus::kUpdating);
  EXPECT_EQ(adding->definition.index_settings.at("by-year").status, IndexStatus::kCreating);
  EXPECT_TRUE(adding->ref.schema().FindIndex("by-year")->backfilling);
  EXPECT_EQ(adding->ref.schema().FindIndex("by-year")->id, 2);
  EXPECT_GT(adding->ref.schema().epoch, born->ref.schema().epoch);
  EXPECT_EQ(Await(catalog.DeleteTable(acme, "Music")).error().message(),
            "Attempt to change a resource which is still in use: Table is being updated: Music");
  world.Provision();
  const TablePtr added = Must(catalog.Find(acme, "Music"));
  EXPECT_EQ(added->definition.index_settings.at("by-year").status, IndexStatus::kActive);
  EXPECT_FALSE(added->ref.schema().FindIndex("by-year")->backfilling);
  EXPECT_GT(added->ref.schema().epoch, adding->ref.schema().epoch);

  Must(Await(catalog.UpdateTable(acme, "Music", [](TableDefinition& definition) {
    auto schema = std::make_shared<TableSchema>(*definition.schema);
    std::erase_if(schema->indexes, [](const IndexSchema& index) { return index.name == "by-artist"; });
    definition.schema = schema;
    definition.index_settings.erase("by-artist");
    return Result<void>{};
  })));
  const TablePtr removing = Must(catalog.Find(acme, "Music"));
  EXPECT_EQ(removing->definition.index_settings.at("by-artist").status, IndexStatus::kDeleting);
  EXPECT_NE(removing->definition.schema->FindIndex("by-artist"), nullptr) << "DescribeTable still shows it";
  EXPECT_EQ(removing->ref.schema().FindIndex("by-artist"), nullptr) << "the engine no longer has it";
  world.Provision();
  const TablePtr removed = Must(catalog.Find(acme, "Music"));
  EXPECT_EQ(removed->definition.schema->FindIndex("by-artist"), nullptr);
  EXPECT_FALSE(removed->definition.index_settings.contains("by-artist"));
  EXPECT_THAT(removed->definition.attribute_definitions,
              ElementsAre(KeyAttribute{"pk", AttributeType::kS}, KeyAttribute{"year", AttributeType::kS}));

  // The storage identity of an index is never used again.
  Must(Await(catalog.UpdateTable(acme, "Music", [](TableDefinition& definition) {
    definition = WithIndex(definition, "by-artist", "artist");
    return Result<void>{};
  })));
  EXPECT_EQ(Must(catalog.Find(acme, "Music"))->ref.schema().FindIndex("by-artist")->id, 3);
}

// A change of throughput has two times, as DynamoDB shows it: asked for while UPDATING, done once ACTIVE.
TEST_P(UnderEachModel, AChangeOfThroughputEndsWhenItHasTakenEffect) {
  World world;
  world.Service("prod", "catalog", GetParam(), true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  Catalog& catalog = *world.catalog;
  Must(Await(catalog.CreateTable(acme, WithIndex(Definition("Music"), "by-artist", "artist"))));
  world.Provision();
  EXPECT_FALSE(Must(catalog.Find(acme, "Music"))->definition.last_increase_at);

  const WallTime asked = world.clock.Now();
  Must(Await(catalog.UpdateTable(acme, "Music", [asked](TableDefinition& definition) {
    definition.throughput.read += 5;
    definition.last_increase_at = asked;
    IndexSettings& index = definition.index_settings["by-artist"];
    index.throughput.write += 1;
    index.last_decrease_at = asked;
    return Result<void>{};
  })));
  const TablePtr updating = Must(catalog.Find(acme, "Music"));
  EXPECT_EQ(updating->definition.status, TableStatus::kUpdating);
  EXPECT_EQ(updating->definition.last_increase_at, asked);
  world.clock.Advance(std::chrono::seconds(3));
  world.Provision();
  const TableDefinition changed = Must(catalog.Find(acme, "Music"))->definition;
  EXPECT_EQ(changed.last_increase_at, asked + std::chrono::seconds(3));
  EXPECT_FALSE(changed.last_decrease_at);
  EXPECT_EQ(changed.index_settings.at("by-artist").last_decrease_at, asked + std::chrono::seconds(3));
  EXPECT_FALSE(changed.index_settings.at("by-artist").last_increase_at);

  // Another change leaves those times alone.
  Must(Await(catalog.UpdateTable(acme, "Music", [](TableDefinition& definition) {
    definition.table_class = "STANDARD_INFREQUENT_ACCESS";
    return Result<void>{};
  })));
  world.clock.Advance(std::chrono::seconds(3));
  world.Provision();
  EXPECT_EQ(Must(catalog.Find(acme, "Music"))->definition.last_increase_at, changed.last_increase_at);
}

TEST_P(UnderEachModel, EverythingIsTheSameAfterARestart) {
  World world;
  world.Service("prod", "catalog", GetParam(), true);
  world.Template("prod", "catalog", WithIndex(Definition("Products"), "by-maker", "maker"));
  const Context acme = world.Tenant("prod", "catalog", "acme");
  Must(Await(world.catalog->CreateTable(acme, Definition("Mine"))));
  world.Provision();
  const TablePtr before = Must(world.catalog->Find(acme, "Products"));
  world.Reopen();
  const Context again = Must(world.catalog->ContextOf(Names("prod", "catalog", "acme")));
  EXPECT_EQ(AccountOf(again), AccountOf(acme));
  const TablePtr after = Must(world.catalog->Find(again, "Products"));
  EXPECT_EQ(after->definition.id, before->definition.id);
  EXPECT_EQ(after->definition.created_at, before->definition.created_at);
  EXPECT_EQ(after->definition.status, TableStatus::kActive);
  EXPECT_EQ(after->arn, before->arn);
  EXPECT_EQ(after->ref.incarnation(), before->ref.incarnation());
  EXPECT_EQ(after->ref.table(), before->ref.table());
  EXPECT_EQ(after->ref.tenant(), before->ref.tenant());
  EXPECT_EQ(after->ref.store(), before->ref.store());
  EXPECT_EQ(after->ref.physical_name(), before->ref.physical_name());
  EXPECT_EQ(after->ref.schema().indexes, before->ref.schema().indexes);
  EXPECT_THAT(world.catalog->List(again, "", 10).names, ElementsAre("Mine", "Products"));
}

TEST(CatalogTest, TheStableAccountIsOneModelOrAnother) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex);
  world.Service("prod", "orders", PartitionModel::kAccount);
  world.Service("dev", "catalog", PartitionModel::kIndex);
  const Context pooled = world.Tenant("prod", "catalog", "acme");
  const Context own = world.Tenant("prod", "orders", "acme");
  const Context dev = world.Tenant("dev", "catalog", "acme");
  EXPECT_EQ(AccountOf(pooled), AccountOf(own));
  EXPECT_NE(AccountOf(pooled), AccountOf(dev));
  EXPECT_EQ(AccountOf(pooled).value().size(), 12u);
}

TEST(CatalogTest, TwoServicesWithOneTableNameNeverMeet) {
  for (const PartitionModel model : kModels) {
    World world;
    world.Service("prod", "catalog", model);
    world.Service("prod", "orders", model);
    world.Template("prod", "catalog", Definition("Items"));
    world.Template("prod", "orders", Definition("Items"));
    const TablePtr one = Must(world.catalog->Find(world.Tenant("prod", "catalog", "acme"), "Items"));
    const TablePtr two = Must(world.catalog->Find(world.Tenant("prod", "orders", "acme"), "Items"));
    EXPECT_NE(one->ref.physical_name(), two->ref.physical_name());
    EXPECT_NE(one->ref.table(), two->ref.table());
    EXPECT_EQ(one->arn, two->arn);
  }
}

// Of another region: aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-011.
TEST(CatalogTest, AnArnOfAnotherAccountOrRegionIsRefused) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex);
  world.Template("prod", "catalog", Definition("Products"));
  const Context acme = world.Tenant("prod", "catalog", "acme");
  const Context other = world.Tenant("prod", "catalog", "other");
  const std::string foreign = Must(world.catalog->Find(other, "Products"))->arn;
  EXPECT_EQ(world.catalog->Find(acme, foreign).error().code(), ErrorCode::kAccessDenied);
  const std::string elsewhere = "arn:aws:dynamodb:eu-west-1:" + AccountOf(acme).value() + ":table/Products";
  EXPECT_EQ(world.catalog->Find(acme, elsewhere).error().message(),
            "1 validation error detected: Invalid AWS region in '" + elsewhere + "'");
  EXPECT_EQ(world.catalog->Find(acme, "prod.catalog._pool.Products").error().code(), ErrorCode::kResourceNotFound);
  EXPECT_EQ(world.catalog->Find(acme, "arn:aws:s3:::bucket").error().code(), ErrorCode::kValidation);
}

TEST(CatalogTest, UnknownAndInactiveContextsAreDeniedAlike) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  Must(Await(world.organization->Suspend(TenantId("acme"))));
  std::set<std::string> messages;
  for (const ContextNames& names : {Names("prod", "catalog", "acme"), Names("prod", "catalog", "nobody"),
                                    Names("prod", "nothing", "acme"), Names("nowhere", "catalog", "acme")}) {
    const auto context = world.catalog->ContextOf(names);
    ASSERT_FALSE(context.ok());
    EXPECT_EQ(context.error().code(), ErrorCode::kAccessDenied);
    messages.insert(context.error().message());
  }
  EXPECT_EQ(messages.size(), 1u);
  EXPECT_EQ(world.catalog->Find(acme, "Products").error().code(), ErrorCode::kAccessDenied)
      << "a context kept too long";
  Must(Await(world.organization->Resume(TenantId("acme"))));
  EXPECT_TRUE(world.catalog->ContextOf(Names("prod", "catalog", "acme")).ok());
}

TEST(CatalogTest, ListsInPages) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex, true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  for (const char* name : {"ddd", "aaa", "ccc", "bbb"}) Must(Await(world.catalog->CreateTable(acme, Definition(name))));
  const TableNames first = world.catalog->List(acme, "", 3);
  EXPECT_THAT(first.names, ElementsAre("aaa", "bbb", "ccc"));
  EXPECT_EQ(first.last_evaluated, "ccc");
  const TableNames rest = world.catalog->List(acme, "ccc", 3);
  EXPECT_THAT(rest.names, ElementsAre("ddd"));
  EXPECT_FALSE(rest.last_evaluated.has_value());
  EXPECT_FALSE(world.catalog->List(acme, "", 4).last_evaluated.has_value());
}

TEST(CatalogTest, ATenantHasAsManyTablesAsAnAccountMay) {
  CatalogOptions options;
  options.tables_per_context_max = 2;
  World world(options);
  world.Service("prod", "catalog", PartitionModel::kIndex, true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  Must(Await(world.catalog->CreateTable(acme, Definition("aaa"))));
  Must(Await(world.catalog->CreateTable(acme, Definition("bbb"))));
  const auto third = Await(world.catalog->CreateTable(acme, Definition("ccc")));
  EXPECT_EQ(third.error().code(), ErrorCode::kLimitExceeded);
}

TEST(CatalogTest, ATenantChangesSoManyTablesAtATime) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex, true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  const Context globex = world.Tenant("prod", "catalog", "globex");
  const auto create = [&](const Context& context, const std::string& name) {
    return Await(world.catalog->CreateTable(context, Definition(name)));
  };
  Must(create(acme, "before"));
  world.Provision();
  for (int i = 0; i < 500; ++i) Must(create(acme, "table-" + std::to_string(i)));
  const auto refused = create(acme, "one-more");
  EXPECT_EQ(refused.error().code(), ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused.error().message(),
            "Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted simultaneously");
  Must(create(globex, "another-tenants"));
  const auto update = [&](auto change) {
    return Await(world.catalog->UpdateTable(acme, "before", [change](TableDefinition& definition) -> Result<void> {
      change(&definition);
      return {};
    }));
  };
  EXPECT_EQ(update([](TableDefinition* definition) { definition->table_class = "STANDARD_INFREQUENT_ACCESS"; })
                .error()
                .code(),
            ErrorCode::kLimitExceeded);
  Must(update([](TableDefinition* definition) { definition->tags["no"] = "work"; }));
  Must(Await(world.catalog->DeleteTable(acme, "before")));  // which is what helps
  world.Reopen();
  EXPECT_FALSE(create(acme, "one-more").ok()) << "counted again at start";
  world.Provision();
  Must(create(acme, "one-more"));
}

// A backup that nobody can remove is a promise: what leaves one is refused in time, and never the deletion.
TEST(CatalogTest, PointInTimeRecoveryIsRefusedWhereItsLastBackupHasNoRoom) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex, true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  BackupIntents copies(*world.catalog);
  const auto turn = [&](const std::string& table, bool on) {
    return Await(world.catalog->UpdateTable(acme, table, [on](TableDefinition& definition) -> Result<void> {
      definition.point_in_time_days = on ? std::optional<std::int64_t>(35) : std::nullopt;
      return {};
    }));
  };
  for (const char* name : {"stays", "later"}) Must(Await(world.catalog->CreateTable(acme, Definition(name))));
  world.Provision();
  Must(turn("stays", true));
  const auto leave_backups = [&](std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back("goes-" + std::to_string(i));
    for (const std::string& name : names) Must(Await(world.catalog->CreateTable(acme, Definition(name))));
    world.Provision();
    for (const std::string& name : names) {
      Must(turn(name, true));
      Must(Await(world.catalog->DeleteTable(acme, name)));
      world.clock.Advance(std::chrono::milliseconds(1));  // ids are of times: of one time each is looked for in turn
    }
    for (const CopyTask& task : copies.Pending()) Must(Await(copies.Made(std::get<BackupTask>(task), {})));
    world.Provision();
  };
  for (int round = 0; round < 20; ++round) leave_backups(kSystemBackupsPerContextMax / 20 - 1);
  leave_backups(19);
  const auto refused = turn("later", true);
  EXPECT_EQ(refused.error().code(), ErrorCode::kLimitExceeded);
  EXPECT_THAT(refused.error().message(), HasSubstr("There is a limit of 10000 SYSTEM backups per subscriber"));
  Must(turn("stays", true));  // as it was
  Must(turn("stays", false));
  world.Provision();
  Must(turn("later", true));
  EXPECT_FALSE(turn("stays", true).ok());
  Must(Await(world.catalog->DeleteTable(acme, "later")));
  world.clock.Advance(kSystemBackupKept);
  for (const CopyTask& task : copies.Pending()) Must(Await(copies.Gone(std::get<BackupTask>(task))));
  Must(turn("stays", true));
}

TEST(CatalogTest, TheOperatorSeesPhysicalTables) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex);
  world.Template("prod", "catalog", Definition("Products"));
  world.Tenant("prod", "catalog", "pooled-b");
  world.Tenant("prod", "catalog", "pooled-a");
  world.Tenant("prod", "catalog", "bridge", PartitionModel::kTable);
  const Context silo = world.Tenant("prod", "catalog", "silo", PartitionModel::kAccount);
  world.Provision();

  const AccountId shared = world.organization->Environments().front().shared_account;
  const Context in_shared = Must(world.catalog->OperatorContextOf(shared));
  EXPECT_THAT(world.catalog->List(in_shared, "", 10).names,
              ElementsAre("prod.catalog._pool.Products", "prod.catalog.bridge.Products"));
  const TablePtr pool = Must(world.catalog->Find(in_shared, "prod.catalog._pool.Products"));
  EXPECT_TRUE(pool->pooled);
  EXPECT_TRUE(pool->read_only);
  EXPECT_EQ(pool->definition.schema->hash(), (KeyAttribute{"insula:tenant", AttributeType::kS}));
  EXPECT_EQ(*pool->definition.schema->range(), (KeyAttribute{"insula:key", AttributeType::kB}));
  const auto parts = Must(world.catalog->PartsOf(std::get<OperatorContext>(in_shared), "prod.catalog._pool.Products"));
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].tenant, TenantId("pooled-a"));
  EXPECT_EQ(parts[1].tenant, TenantId("pooled-b"));

  const TablePtr bridge = Must(world.catalog->Find(in_shared, "prod.catalog.bridge.Products"));
  EXPECT_FALSE(bridge->read_only);
  EXPECT_EQ(bridge->definition.name, "prod.catalog.bridge.Products");
  EXPECT_EQ(bridge->arn, "arn:aws:dynamodb:us-east-1:" + shared.value() + ":table/prod.catalog.bridge.Products");

  const Context in_silo = Must(world.catalog->OperatorContextOf(AccountOf(silo)));
  EXPECT_THAT(world.catalog->List(in_silo, "", 10).names, ElementsAre("prod.catalog.Products"));
  EXPECT_EQ(Await(world.catalog->DeleteTable(in_silo, "prod.catalog.Products")).error().code(),
            ErrorCode::kAccessDenied);
  EXPECT_FALSE(world.catalog->OperatorContextOf(AccountId("123")).ok());
  EXPECT_TRUE(world.catalog->OperatorContextOf(AccountId()).ok()) << "the payer's";
}

TEST(CatalogTest, SharedTablesAreReadOnlyUnderTheirLogicalName) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex, true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  const Context service = Must(world.catalog->ContextOf(Names("prod", "catalog", "")));
  Must(Await(world.catalog->CreateTable(service, Definition("Currencies"))));
  Must(Await(world.catalog->CreateTable(service, Definition("Secrets"))));
  world.Provision();
  EXPECT_FALSE(world.catalog->Find(acme, "Currencies").ok());
  const auto share = [&](const char* table, bool shared) {
    return Await(world.organization->ShareTable(EnvironmentName("prod"), ServiceName("catalog"), table, shared));
  };
  Must(share("Currencies", true));

  const TablePtr seen = Must(world.catalog->Find(acme, "Currencies"));
  EXPECT_TRUE(seen->read_only);
  EXPECT_EQ(seen->arn, "arn:aws:dynamodb:us-east-1:" + AccountOf(acme).value() + ":table/Currencies");
  EXPECT_EQ(seen->ref.physical_name(), "prod.catalog._service.Currencies");
  EXPECT_EQ(Must(world.catalog->Find(acme, "Currencies")), seen) << "made once";
  EXPECT_FALSE(world.catalog->Find(acme, "Secrets").ok());
  EXPECT_THAT(world.catalog->List(acme, "", 10).names, ElementsAre("Currencies"));
  EXPECT_FALSE(Must(world.catalog->Find(service, "Currencies"))->read_only);

  EXPECT_EQ(Await(world.catalog->CreateTable(acme, Definition("Currencies"))).error().message(),
            "Table already exists: Currencies");
  EXPECT_EQ(Await(world.catalog->DeleteTable(acme, "Currencies")).error().code(), ErrorCode::kAccessDenied);
  Must(Await(world.catalog->CreateTable(acme, Definition("Secrets"))));
  EXPECT_EQ(share("Secrets", true).error().code(), ErrorCode::kFailedPrecondition);

  // A change of the original is what tenants see next.
  Must(Await(world.catalog->UpdateTable(service, "Currencies", [](TableDefinition& definition) {
    definition.ttl.attribute_name = "expires";
    return Result<void>{};
  })));
  EXPECT_EQ(Must(world.catalog->Find(acme, "Currencies"))->definition.ttl.attribute_name, "expires");
  world.Reopen();
  EXPECT_TRUE(Must(world.catalog->Find(acme, "Currencies"))->read_only);
  Must(share("Currencies", false));
  EXPECT_FALSE(world.catalog->Find(acme, "Currencies").ok());
}

}  // namespace
}  // namespace insula::tenancy
