// Items that expire, through the API: what their owner sees of it, under each partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/expirer.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using testing::Await;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;

class ItemsExpire : public ::testing::TestWithParam<PartitionModel> {
 protected:
  ItemsExpire() : server(GetParam()) {
    options.items_per_second = 1'000'000;
    TableSchema schema;
    schema.key.hash = {{"pk", AttributeType::kS}};
    IndexSchema index;
    index.name = "by-user";
    index.kind = IndexKind::kGlobal;
    index.key.hash = {{"user", AttributeType::kS}};
    schema.indexes.push_back(index);
    server.CreateTable("Sessions", schema);
  }
  void Set(bool enable, std::string_view attribute = "ttl") {
    const std::string answer = server.Call(
        "UpdateTimeToLive",
        fmt::format(R"({{"TableName":"Sessions","TimeToLiveSpecification":{{"Enabled":{},"AttributeName":"{}"}}}})",
                    enable, attribute));
    EXPECT_THAT(answer, HasSubstr("200 "));
    server.provisioner->WaitIdle();
  }
  void Put(std::string_view name, std::int64_t seconds_from_now) {
    const std::int64_t now =
        std::chrono::duration_cast<std::chrono::seconds>(server.world.clock.Now().time_since_epoch()).count();
    EXPECT_EQ(server.Call("PutItem", fmt::format(R"({{"TableName":"Sessions","Item":{{"pk":{{"S":"{}"}},)"
                                                 R"("user":{{"S":"u"}},"ttl":{{"N":"{}"}}}}}})",
                                                 name, now + seconds_from_now)),
              "200 {}");
  }
  std::uint64_t Round() {
    return Await(control::Expirer(*server.world.catalog, *server.engine, server.world.clock, options).Round());
  }
  std::string Count(std::string_view from = R"("TableName":"Sessions")") {
    return server.Call("Scan", fmt::format(R"({{{},"Select":"COUNT"}})", from));
  }

  control::ExpirerOptions options;
  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, ItemsExpire,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

TEST_P(ItemsExpire, ThoseThatAreThereAndThoseThatCome) {
  Put("before", 10);
  Set(true);
  Put("after", 20);
  Put("much later", 2'000'000);
  EXPECT_EQ(Round(), 0u);
  server.world.clock.Advance(std::chrono::seconds(20));
  EXPECT_EQ(Count(), R"(200 {"Count":3,"ScannedCount":3})") << "until it is gone, it is read";
  server.meter.Take("Sessions");
  EXPECT_EQ(Round(), 2u);
  EXPECT_EQ(server.meter.Take("Sessions"), "0/0") << "nobody pays for it";
  EXPECT_EQ(Count(), R"(200 {"Count":1,"ScannedCount":1})");
  EXPECT_EQ(Count(R"("TableName":"Sessions","IndexName":"by-user")"), R"(200 {"Count":1,"ScannedCount":1})");
  EXPECT_THAT(server.Call("DescribeTable", R"({"TableName":"Sessions"})"), HasSubstr(R"("ItemCount":1,)"));
}

TEST_P(ItemsExpire, NotWhereItIsOffAndNotByAnotherAttribute) {
  Put("a", -10);
  EXPECT_EQ(Round(), 0u);
  Set(true, "expires");
  EXPECT_EQ(Round(), 0u);
  server.world.clock.Advance(std::chrono::hours(1));
  Set(false, "expires");
  server.world.clock.Advance(std::chrono::hours(1));
  Set(true);
  server.world.clock.Advance(std::chrono::hours(1));
  Set(false);
  EXPECT_EQ(Round(), 0u);
  EXPECT_EQ(Count(), R"(200 {"Count":1,"ScannedCount":1})");
}

TEST_P(ItemsExpire, OfNobodyElse) {
  Set(true);
  Put("a", -10);
  const tenancy::Context other = server.world.Tenant("prod", "shop", "globex");
  TableSchema schema;
  schema.key.hash = {{"pk", AttributeType::kS}};
  server.CreateTableAs(other, "Sessions", schema);
  EXPECT_EQ(
      server.CallAs(other, "PutItem", R"({"TableName":"Sessions","Item":{"pk":{"S":"a"},"ttl":{"N":"1600000000"}}})"),
      "200 {}");
  EXPECT_EQ(Round(), 1u);
  EXPECT_EQ(server.CallAs(other, "Scan", R"({"TableName":"Sessions","Select":"COUNT"})"),
            R"(200 {"Count":1,"ScannedCount":1})");
}

}  // namespace
}  // namespace insula::operations
