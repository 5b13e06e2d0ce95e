// What the operator may do to environments, services and tenants, and every way in which it is refused.
#include "tenancy/faces/organization.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using testing::Await;
using testing::Definition;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Must;
using testing::Names;
using testing::WithIndex;
using testing::World;

class OrganizationTest : public ::testing::Test {
 protected:
  Organization& organization() { return *world_.organization; }
  template <class T>
  static std::string Refusal(const Result<T>& result, ErrorCode code) {
    if (result.ok()) return "accepted";
    EXPECT_EQ(result.error().code(), code) << result.error().message();
    return result.error().message();
  }
  World world_;
};

const EnvironmentName kProd("prod");
const ServiceName kCatalog("catalog");

TEST_F(OrganizationTest, IsMadeOnce) {
  EXPECT_TRUE(organization().initialized());
  EXPECT_EQ(Refusal(Await(organization().Init()), ErrorCode::kFailedPrecondition), "There is an organization already");
  const auto accounts = organization().Accounts();
  ASSERT_EQ(accounts.size(), 1u);
  EXPECT_EQ(accounts[0].kind, AccountKind::kPayer);
  EXPECT_EQ(accounts[0].id.value().size(), 12u);
}

TEST_F(OrganizationTest, NamesFollowTheirRules) {
  const auto environment = [&](const char* name) {
    return Refusal(Await(organization().CreateEnvironment(EnvironmentName(name))), ErrorCode::kInvalidArgument);
  };
  for (const char* bad : {"", "a.b", "-a", "_a", "a b", "ä", "a/b", "{a}"}) {
    EXPECT_EQ(environment(bad),
              "Environment name '" + std::string(bad) + "' is invalid: it must match [A-Za-z0-9][A-Za-z0-9_-]{0,62}");
  }
  EXPECT_NE(environment(std::string(64, 'a').c_str()), "accepted");
  EXPECT_EQ(environment(std::string(63, 'a').c_str()), "accepted");
  EXPECT_EQ(environment("Prod_2-x"), "accepted");
  const auto tenant = [&](const char* id) {
    return Refusal(Await(organization().CreateTenant(TenantId(id), "standard")), ErrorCode::kInvalidArgument);
  };
  for (const char* bad : {"", "Acme", "a.b", "-a", "_pool", "a_b"}) {
    EXPECT_EQ(tenant(bad), "Tenant id '" + std::string(bad) + "' is invalid: it must match [a-z0-9][a-z0-9-]{0,62}");
  }
  EXPECT_EQ(tenant("0-acme"), "accepted");
  EXPECT_THAT(Refusal(Await(organization().CreateTenant(TenantId("b"), "Gold!")), ErrorCode::kInvalidArgument),
              HasSubstr("Tier 'Gold!' is invalid"));
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  EXPECT_THAT(Refusal(Await(organization().CreateService(kProd, ServiceName("a.b"), PartitionModel::kIndex, false)),
                      ErrorCode::kInvalidArgument),
              HasSubstr("Service name 'a.b' is invalid"));
}

TEST_F(OrganizationTest, NothingIsMadeTwiceAndNothingIsFoundThatIsNotThere) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  Must(Await(organization().CreateTenant(TenantId("acme"), "standard")));
  EXPECT_EQ(Refusal(Await(organization().CreateEnvironment(kProd)), ErrorCode::kAlreadyExists),
            "Environment 'prod' already exists");
  EXPECT_EQ(Refusal(Await(organization().CreateService(kProd, kCatalog, PartitionModel::kIndex, false)),
                    ErrorCode::kAlreadyExists),
            "Service 'catalog' already exists in environment 'prod'");
  EXPECT_EQ(Refusal(Await(organization().CreateTenant(TenantId("acme"), "standard")), ErrorCode::kAlreadyExists),
            "Tenant 'acme' already exists (ACTIVE)");
  EXPECT_EQ(Refusal(Await(organization().CreateService(EnvironmentName("qa"), kCatalog, PartitionModel::kIndex, false)),
                    ErrorCode::kNotFound),
            "There is no environment 'qa'");
  const auto place = [&](const char* environment, const char* service, const char* tenant) {
    return Await(organization().Place(Names(environment, service, tenant), std::nullopt));
  };
  EXPECT_EQ(Refusal(place("qa", "catalog", "acme"), ErrorCode::kNotFound), "There is no environment 'qa'");
  EXPECT_EQ(Refusal(place("prod", "orders", "acme"), ErrorCode::kNotFound),
            "There is no service 'orders' in environment 'prod'");
  EXPECT_EQ(Refusal(place("prod", "catalog", "nobody"), ErrorCode::kNotFound), "There is no tenant 'nobody'");
  Must(place("prod", "catalog", "acme"));
  EXPECT_EQ(Refusal(place("prod", "catalog", "acme"), ErrorCode::kAlreadyExists),
            "Tenant 'acme' is already placed in 'prod/catalog' by the index model");
  EXPECT_EQ(Refusal(Await(organization().Suspend(TenantId("nobody"))), ErrorCode::kNotFound),
            "There is no tenant 'nobody'");
  EXPECT_EQ(Refusal(organization().ShowTenant(TenantId("nobody")), ErrorCode::kNotFound),
            "There is no tenant 'nobody'");
  EXPECT_EQ(Refusal(Await(organization().ShareTable(kProd, kCatalog, "Nothing", true)), ErrorCode::kNotFound),
            "The service has no table 'Nothing' of its own");
  EXPECT_EQ(Refusal(Await(organization().RemoveTemplateTable(kProd, kCatalog, "Nothing")), ErrorCode::kNotFound),
            "The template has no table 'Nothing'");
  EXPECT_THAT(Refusal(ParsePartitionModel("pool"), ErrorCode::kInvalidArgument),
              HasSubstr("'pool' is not a partition model: there are account, table and index"));
}

TEST_F(OrganizationTest, APlacementSaysWhereAndWhether) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  world_.Template("prod", "catalog", Definition("Products"));
  Must(Await(organization().CreateTenant(TenantId("acme"), "premium")));
  const AccountId shared = organization().Environments().front().shared_account;
  const PlacementInfo placing = Must(Await(organization().Place(Names("prod", "catalog", "acme"), std::nullopt)));
  EXPECT_EQ(placing.status, "PLACING");
  EXPECT_EQ(placing.record.model, PartitionModel::kIndex);
  EXPECT_EQ(placing.record.account, shared);
  EXPECT_NE(placing.tenant_account, shared);
  world_.Provision();
  TenantInfo shown = Must(organization().ShowTenant(TenantId("acme")));
  EXPECT_EQ(shown.record.tier, "premium");
  ASSERT_EQ(shown.placements.size(), 1u);
  EXPECT_EQ(shown.placements[0].status, "ACTIVE");
  EXPECT_EQ(Must(Await(organization().Suspend(TenantId("acme")))).placements[0].status, "SUSPENDED");
  EXPECT_EQ(Must(Await(organization().Suspend(TenantId("acme")))).placements[0].status, "SUSPENDED") << "idempotent";
  EXPECT_EQ(Refusal(Await(organization().Place(Names("prod", "catalog", "acme"), std::nullopt)),
                    ErrorCode::kFailedPrecondition),
            "Tenant 'acme' is SUSPENDED");
  EXPECT_EQ(Must(Await(organization().Resume(TenantId("acme")))).placements[0].status, "ACTIVE");
  EXPECT_EQ(Must(organization().ShowService(kProd, kCatalog)).tenant_count, 1u);
}

TEST_F(OrganizationTest, ATenantMayBeSuspendedInOnePlaceAlone) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  world_.Service("prod", "orders", PartitionModel::kIndex);
  world_.Tenant("prod", "catalog", "acme");
  world_.Tenant("prod", "orders", "acme");
  const auto works = [&](const char* service) {
    return world_.catalog->ContextOf(Names("prod", service, "acme")).ok();
  };
  Must(Await(organization().Suspend(TenantId("acme"), kProd, ServiceName("orders"))));
  EXPECT_TRUE(works("catalog"));
  EXPECT_FALSE(works("orders"));
  world_.Reopen();
  EXPECT_TRUE(works("catalog"));
  EXPECT_FALSE(works("orders"));
  EXPECT_EQ(Must(organization().ShowTenant(TenantId("acme"))).placements[1].status, "SUSPENDED");
  Must(Await(organization().Suspend(TenantId("acme"))));
  EXPECT_FALSE(works("catalog"));
  Must(Await(organization().Resume(TenantId("acme"), kProd)));
  EXPECT_FALSE(works("orders")) << "the tenant itself is suspended";
  Must(Await(organization().Suspend(TenantId("acme"), std::nullopt, ServiceName("orders"))));
  Must(Await(organization().Resume(TenantId("acme"))));
  EXPECT_TRUE(works("catalog"));
  EXPECT_TRUE(works("orders"));
  EXPECT_EQ(Refusal(Await(organization().Suspend(TenantId("acme"), EnvironmentName("qa"))), ErrorCode::kNotFound),
            "Tenant 'acme' has no such placement");
}

TEST_F(OrganizationTest, PuttingTheSameTemplateAgainChangesNothing) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  world_.Template("prod", "catalog", Definition("Products"));
  world_.Tenant("prod", "catalog", "acme");
  world_.Provision();
  const std::size_t commits = world_.store.commits();
  world_.Template("prod", "catalog", Definition("Products"));
  EXPECT_EQ(world_.store.commits(), commits);
  EXPECT_THAT(world_.intents->Pending(), IsEmpty());
}

TEST_F(OrganizationTest, ADeletedTenantLeavesNothingButItsClosedAccount) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  world_.Template("prod", "catalog", Definition("Products"));
  const AccountId account = AccountOf(world_.Tenant("prod", "catalog", "acme"));
  const TableRef before =
      Must(world_.catalog->Find(Must(world_.catalog->ContextOf(Names("prod", "catalog", "acme"))), "Products"))->ref;
  world_.Provision();
  Must(Await(organization().Delete(TenantId("acme"))));
  EXPECT_EQ(Refusal(Await(organization().Resume(TenantId("acme"))), ErrorCode::kFailedPrecondition),
            "Tenant 'acme' is being deleted");
  EXPECT_EQ(Refusal(Await(organization().CreateTenant(TenantId("acme"), "standard")), ErrorCode::kAlreadyExists),
            "Tenant 'acme' already exists (DELETING)");
  EXPECT_FALSE(world_.catalog->ContextOf(Names("prod", "catalog", "acme")).ok());
  world_.Reopen();
  EXPECT_FALSE(world_.catalog->ContextOf(Names("prod", "catalog", "acme")).ok());
  world_.Provision();
  EXPECT_THAT(organization().Tenants("", 10), IsEmpty());
  EXPECT_THAT(organization().Tables(Names("", "", "acme")), IsEmpty());
  for (const auto& [key, value] : world_.store.records()) {
    if (key.first == "account") continue;
    EXPECT_THAT(value, ::testing::Not(HasSubstr("acme"))) << key.first;
  }

  // Its second life shares no number with the first.
  const Context again = world_.Tenant("prod", "catalog", "acme");
  EXPECT_NE(AccountOf(again), account);
  const TableRef after = Must(world_.catalog->Find(again, "Products"))->ref;
  EXPECT_NE(after.tenant(), before.tenant());
  EXPECT_GT(after.incarnation(), before.incarnation());
}

TEST_F(OrganizationTest, ATemplateGrowsForThoseAlreadyThere) {
  world_.Service("prod", "catalog", PartitionModel::kTable);
  world_.Template("prod", "catalog", Definition("Products"));
  const Context acme = world_.Tenant("prod", "catalog", "acme");
  world_.Provision();
  world_.Template("prod", "catalog", Definition("Orders"));
  world_.Template("prod", "catalog", WithIndex(Definition("Products"), "by-maker", "maker"));
  world_.Provision();
  EXPECT_THAT(world_.catalog->List(acme, "", 10).names, ElementsAre("Orders", "Products"));
  const TablePtr products = Must(world_.catalog->Find(acme, "Products"));
  EXPECT_EQ(products->definition.status, TableStatus::kActive);
  ASSERT_NE(products->ref.schema().FindIndex("by-maker"), nullptr);

  // The same name with another key: one goes, then the other comes.
  world_.Template("prod", "catalog", WithIndex(Definition("Products"), "by-maker", "manufacturer"));
  world_.Provision();
  const IndexSchema* index = Must(world_.catalog->Find(acme, "Products"))->ref.schema().FindIndex("by-maker");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->key.hash.front().name, "manufacturer");
  EXPECT_FALSE(index->backfilling);
  EXPECT_THAT(world_.intents->Pending(), IsEmpty());

  TableDefinition other_keys = Definition("Products");
  auto schema = std::make_shared<TableSchema>(*other_keys.schema);
  schema->key.range = {{"sk", AttributeType::kN}};
  other_keys.schema = schema;
  EXPECT_THAT(
      Refusal(Await(organization().PutTemplateTable(kProd, kCatalog, other_keys)), ErrorCode::kFailedPrecondition),
      HasSubstr("The keys and local indexes of 'Products' can't change"));

  // What leaves the template stays with those who have it.
  Must(Await(organization().RemoveTemplateTable(kProd, kCatalog, "Orders")));
  world_.Provision();
  EXPECT_TRUE(world_.catalog->Find(acme, "Orders").ok());
  const Context later = world_.Tenant("prod", "catalog", "later");
  EXPECT_THAT(world_.catalog->List(later, "", 10).names, ElementsAre("Products"));
}

TEST_F(OrganizationTest, ATemplateLeavesAloneWhatTenantsMayDefine) {
  world_.Service("prod", "catalog", PartitionModel::kIndex, true);
  world_.Template("prod", "catalog", Definition("Products"));
  const Context acme = world_.Tenant("prod", "catalog", "acme");
  world_.Provision();
  Must(Await(world_.catalog->DeleteTable(acme, "Products")));
  world_.Provision();
  world_.Template("prod", "catalog", Definition("Orders"));
  world_.Provision();
  EXPECT_THAT(world_.catalog->List(acme, "", 10).names, ElementsAre("Orders")) << "what it dropped doesn't come back";
  world_.Template("prod", "catalog", WithIndex(Definition("Orders"), "by-day", "day"));
  world_.Provision();
  EXPECT_EQ(Must(world_.catalog->Find(acme, "Orders"))->ref.schema().FindIndex("by-day"), nullptr);
}

TEST_F(OrganizationTest, ATemplateMayBeLargerThanOneCommit) {
  world_.Service("prod", "catalog", PartitionModel::kIndex);
  for (int i = 0; i < 150; ++i) world_.Template("prod", "catalog", Definition("table-" + std::to_string(i)));
  const Context acme = world_.Tenant("prod", "catalog", "acme");
  EXPECT_EQ(world_.catalog->List(acme, "", 1000).names.size(), 150u);
  world_.Provision();
  // Interrupted between two of the commits: the rest comes after the next start.
  Must(Await(organization().CreateTenant(TenantId("other"), "standard")));
  world_.store.FailFrom(3, MemoryRecordStore::Failure::kBefore);
  EXPECT_FALSE(Await(organization().Place(Names("prod", "catalog", "other"), std::nullopt)).ok());
  world_.store.Heal();
  world_.Reopen();
  world_.Provision();
  const Context other = Must(world_.catalog->ContextOf(Names("prod", "catalog", "other")));
  EXPECT_EQ(world_.catalog->List(other, "", 1000).names.size(), 150u);
}

TEST_F(OrganizationTest, NumbersAreNeverGivenTwiceWhateverFails) {
  world_.Service("prod", "catalog", PartitionModel::kTable, true);
  const Context acme = world_.Tenant("prod", "catalog", "acme");
  std::set<std::uint64_t> incarnations;
  std::set<std::uint32_t> tables;
  for (int i = 0; i < 20; ++i) {
    const auto failure = i % 3 == 1   ? MemoryRecordStore::Failure::kBefore
                         : i % 3 == 2 ? MemoryRecordStore::Failure::kAfter
                                      : MemoryRecordStore::Failure::kBefore;
    if (i % 3 != 0) world_.store.FailFrom(1, failure);
    (void)Await(world_.catalog->CreateTable(acme, Definition("table-" + std::to_string(i))));
    world_.store.Heal();
    if (i % 5 == 0) world_.Reopen();
  }
  world_.Reopen();
  for (const TableInfo& info : organization().Tables(Names("", "", "acme"))) {
    EXPECT_TRUE(incarnations.insert(info.table->ref.incarnation().value()).second);
    EXPECT_TRUE(tables.insert(info.table->ref.table().value()).second);
  }
  EXPECT_GE(incarnations.size(), 7u);
}

// --- engines ---

TableDefinition WithLocalIndex(TableDefinition definition) {
  definition = WithIndex(std::move(definition), "local", "other");
  auto schema = std::make_shared<TableSchema>(*definition.schema);
  schema->indexes.back().kind = IndexKind::kLocal;
  definition.schema = schema;
  definition.index_settings.clear();
  return definition;
}

TableDefinition WithStream(TableDefinition definition) {
  definition.stream.enabled = true;
  return definition;
}

// The first engine has all; "plain" has neither local indexes nor streams.
class EnginesTest : public ::testing::Test {
 protected:
  EnginesTest() : world_(Options()) { world_.Service("prod", "catalog", PartitionModel::kIndex, true); }

  CatalogOptions Options() {
    CatalogOptions options;
    options.engines.push_back({.name = "plain", .local_indexes = false, .streams = false});
    options.store_is_on = [this](StoreId store, const std::string& engine) -> Result<void> {
      stores_[store] = engine;
      return {};
    };
    return options;
  }
  Result<PlacementInfo> Place(const std::string& tenant, PartitionModel model, std::optional<std::string> engine) {
    (void)Await(world_.organization->CreateTenant(TenantId(tenant), "standard"));
    return Await(world_.organization->Place(Names("prod", "catalog", tenant), model, std::move(engine)));
  }
  template <class T>
  static std::string Refusal(const Result<T>& result, ErrorCode code) {
    if (result.ok()) return "accepted";
    EXPECT_EQ(result.error().code(), code) << result.error().message();
    return result.error().message();
  }

  std::map<StoreId, std::string> stores_;
  World world_;
};

TEST_F(EnginesTest, ATenantsAccountIsOnTheEngineThatItIsPlacedOn) {
  EXPECT_EQ(Must(Place("first", PartitionModel::kAccount, std::nullopt)).record.engine, "embedded");
  EXPECT_TRUE(stores_.empty());
  EXPECT_EQ(Must(Place("second", PartitionModel::kAccount, "plain")).record.engine, "plain");
  ASSERT_EQ(stores_.size(), 1u);
  EXPECT_EQ(stores_.begin()->second, "plain");
  const Context second = Must(world_.catalog->ContextOf(Names("prod", "catalog", "second")));
  const TablePtr table = Must(Await(world_.catalog->CreateTable(second, Definition("orders"))));
  EXPECT_EQ(table->ref.store(), stores_.begin()->first);
  // It is told again at start, and what else is placed in that account is there, too.
  stores_.clear();
  world_.Reopen();
  EXPECT_EQ(stores_.size(), 1u);
  world_.Service("prod", "shop", PartitionModel::kAccount, true);
  EXPECT_EQ(Must(Await(world_.organization->Place(Names("prod", "shop", "second"), std::nullopt))).record.engine,
            "plain");
}

TEST_F(EnginesTest, AnAccountIsOnOneEngine) {
  EXPECT_EQ(Refusal(Place("acme", PartitionModel::kAccount, "other"), ErrorCode::kNotFound),
            "There is no engine 'other'");
  EXPECT_THAT(Refusal(Place("acme", PartitionModel::kIndex, "plain"), ErrorCode::kFailedPrecondition),
              HasSubstr("is on the engine 'embedded'"));
  Must(Place("acme", PartitionModel::kAccount, "plain"));
  world_.Service("prod", "shop", PartitionModel::kAccount, true);
  EXPECT_THAT(Refusal(Await(world_.organization->Place(Names("prod", "shop", "acme"), std::nullopt, "embedded")),
                      ErrorCode::kFailedPrecondition),
              HasSubstr("is on the engine 'plain'"));
}

TEST_F(EnginesTest, ATenantIsNotPlacedWhereItsTemplateDoesNotFit) {
  world_.Template("prod", "catalog", WithLocalIndex(Definition("orders")));
  EXPECT_EQ(
      Refusal(Place("acme", PartitionModel::kAccount, "plain"), ErrorCode::kFailedPrecondition),
      "One or more parameter values were invalid: Table 'orders' is kept by the engine 'plain', which has no local "
      "secondary indexes");
  Must(Place("acme", PartitionModel::kAccount, std::nullopt));
}

TEST_F(EnginesTest, ATemplateGetsNoTableThatATenantsEngineCanNotHave) {
  Must(Place("acme", PartitionModel::kAccount, "plain"));
  EXPECT_EQ(
      Refusal(Await(world_.organization->PutTemplateTable(EnvironmentName("prod"), ServiceName("catalog"),
                                                          WithStream(Definition("orders")))),
              ErrorCode::kFailedPrecondition),
      "Tenant 'acme' can't have it: One or more parameter values were invalid: Table 'orders' is kept by the engine "
      "'plain', which has no streams");
}

TEST_F(EnginesTest, ATenantsOwnTablesFitItsEngine) {
  Must(Place("acme", PartitionModel::kAccount, "plain"));
  const Context acme = Must(world_.catalog->ContextOf(Names("prod", "catalog", "acme")));
  EXPECT_THAT(
      Refusal(Await(world_.catalog->CreateTable(acme, WithLocalIndex(Definition("orders")))), ErrorCode::kValidation),
      HasSubstr("which has no local secondary indexes"));
  Must(Await(world_.catalog->CreateTable(acme, Definition("orders"))));
  world_.Provision();
  const auto refused = Await(world_.catalog->UpdateTable(acme, "orders", [](TableDefinition& table) -> Result<void> {
    table.point_in_time_days = 35;
    return {};
  }));
  EXPECT_THAT(Refusal(refused, ErrorCode::kValidation), HasSubstr("which has no point-in-time recovery"));
}

// A program without the engine doesn't serve what others can't reach: it doesn't start.
TEST_F(EnginesTest, AnOrganizationIsNotOpenedWithoutItsEngines) {
  Must(Place("acme", PartitionModel::kAccount, "plain"));
  const auto opened = Await(Catalog::Open(world_.store, world_.clock, {}));
  EXPECT_THAT(Refusal(opened, ErrorCode::kFailedPrecondition),
              HasSubstr("is kept by the engine 'plain', which this server hasn't"));
}

}  // namespace
}  // namespace insula::tenancy
