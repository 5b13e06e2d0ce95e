// UpdateTable: what is refused, in which order, and what a change leaves behind.
#include "operations/tables/table_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operations/testing/definitions.h"

namespace insula::operations {
namespace {

using testing::Created;
using testing::InvalidParameters;
using testing::kNoon;
using testing::Verdict;

constexpr std::string_view kProvisionedTable =
    R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},
        {"AttributeName":"b","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],
        "LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"a","KeyType":"HASH"},
          {"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}],
        "GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
          "Projection":{"ProjectionType":"ALL"},"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}}],
        "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}})";
constexpr std::string_view kOnDemandTable =
    R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},
        {"AttributeName":"g","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],
        "GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
          "Projection":{"ProjectionType":"ALL"}}],"BillingMode":"PAY_PER_REQUEST"})";

UpdateTableInput Input(std::string_view rest) {
  std::string body = fmt::format(R"({{"TableName":"abc"{}{}}})", rest.empty() ? "" : ",", rest);
  auto request = wire::DecodeRequest(body, wire::shapes::UpdateTable());
  EXPECT_TRUE(request.ok()) << Verdict(request) << rest;
  return ReadUpdateTable(request->root());
}
std::string Check(std::string_view rest) { return Verdict(CheckUpdateTable(Input(rest))); }
std::string Apply(TableDefinition* definition, std::string_view rest, WallTime now = kNoon) {
  UpdateTableInput input = Input(rest);
  if (auto checked = CheckUpdateTable(input); !checked.ok()) return Verdict(checked);
  TableDefinition changed = *definition;
  std::string verdict = Verdict(ApplyUpdate(input, "us-east-1", now, &changed));
  if (verdict == "ok") *definition = changed;
  return verdict;
}
std::string ApplyTo(std::string_view table, std::string_view rest) {
  TableDefinition definition = Created(table);
  return Apply(&definition, rest);
}

std::string Units(std::int64_t read, std::int64_t write) {
  return fmt::format(R"("ProvisionedThroughput":{{"ReadCapacityUnits":{},"WriteCapacityUnits":{}}})", read, write);
}
std::string CreateIndex(std::string_view name, std::string_view attribute, std::string_view more = "") {
  return fmt::format(R"({{"Create":{{"IndexName":"{}","KeySchema":[{{"AttributeName":"{}","KeyType":"HASH"}}],)"
                     R"("Projection":{{"ProjectionType":"ALL"}}{}{}}}}})",
                     name, attribute, more.empty() ? "" : ",", more);
}
std::string Updates(std::initializer_list<std::string> updates) {
  return fmt::format(R"("GlobalSecondaryIndexUpdates":[{}])", fmt::join(updates, ","));
}
std::string OnlyUpdates(std::string_view index) {
  return InvalidParameters(
      fmt::format("The only Updates for index: {} when TableThroughputMode is PAY_PER_REQUEST can be to "
                  "OnDemandThroughput, WarmThroughput",
                  index));
}
constexpr std::string_view kDefineX = R"("AttributeDefinitions":[{"AttributeName":"x","AttributeType":"N"}])";

TEST(UpdateTableRules, BeforeTheTableIsLookedUp) {
  const std::string nothing =
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
      "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
      "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required";
  struct Case {
    std::string request, expected;
  };
  const Case cases[] = {
      {"", nothing},
      {R"("GlobalSecondaryIndexUpdates":[])", nothing},
      {R"("BillingMode":"PROVISIONED")",
       InvalidParameters("ProvisionedThroughput must be specified when BillingMode is "
                         "PROVISIONED")},
      // aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-056.
      {R"("BillingMode":"PAY_PER_REQUEST",)" + Units(1, 1),
       InvalidParameters("ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST")},
      {Units(1000000000001, 1), "Given value 1000000000001 for ReadCapacityUnits is out of bounds"},
      {Updates({"{}"}),
       InvalidParameters("One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                         "GlobalSecondaryIndexUpdate.Delete must not be null")},
      {Updates({R"({"Delete":{"IndexName":"abc"},"Update":{"IndexName":"abc"}})"}),
       InvalidParameters("Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object")},
      {Updates({R"({"Delete":{"IndexName":"abc"}})", R"({"Delete":{"IndexName":"abc"}})"}),
       InvalidParameters("Only one global secondary index update per index is allowed simultaneously. Index: abc")},
      {Updates({CreateIndex("abc", "x")}), InvalidParameters("AttributeDefinitions is not specified for index: abc")},
      {fmt::format("{},{}", kDefineX, Updates({CreateIndex("abc", "y")})),
       InvalidParameters(
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [y], AttributeDefinitions: "
           "[x]")},
      {R"("SSESpecification":{"Enabled":true},"DeletionProtectionEnabled":true)",
       InvalidParameters("Server-Side Encryption modification must be the only operation in the request")},
      {R"("TableClass":"STANDARD","DeletionProtectionEnabled":true)",
       InvalidParameters("TableClass modification must be the only operation in the request")},
      {R"("DeletionProtectionEnabled":true,)" + Units(1, 1),
       InvalidParameters("DeletionProtection modification must be the only operation in the request")},
      {R"("StreamSpecification":{"StreamEnabled":false},)" + Units(1, 1),
       InvalidParameters("You cannot modify stream status while updating table IOPS")},
      {Updates({R"({"Delete":{"IndexName":"abc"}})"}) + "," + Units(1, 1),
       InvalidParameters("You cannot create or delete index while updating table IOPS")},
      {R"("StreamSpecification":{"StreamEnabled":true})",
       InvalidParameters("If stream is being enabled then UpdateViewType is required")},
      {R"("StreamSpecification":{"StreamEnabled":false,"StreamViewType":"KEYS_ONLY"})",
       InvalidParameters("If stream is being disabled, then UpdateViewType must not be specified")},
      {Units(1, 1), "ok"},
  };
  for (const Case& each : cases) EXPECT_EQ(Check(each.request), each.expected) << each.request;
}

TEST(UpdateTableRules, AgainstTheTable) {
  struct Case {
    std::string_view table;
    std::string request, expected;
  };
  const Case cases[] = {
      {kOnDemandTable, Units(1, 1),
       InvalidParameters("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                         "PAY_PER_REQUEST")},
      {kProvisionedTable, Units(5, 5),
       "The provisioned throughput for the table will not change. The requested value equals the current value. "
       "Current "
       "ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits "
       "provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide "
       "for "
       "current limits and how to request higher limits."},
      {kOnDemandTable, R"("BillingMode":"PAY_PER_REQUEST")", "ok"},
      {kOnDemandTable, R"("BillingMode":"PROVISIONED",)" + Units(1, 1),
       InvalidParameters("ProvisionedThroughput must be specified for index: byG")},
      {kProvisionedTable, Updates({R"({"Delete":{"IndexName":"byG"}})", R"({"Delete":{"IndexName":"abd"}})"}),
       "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted "
       "simultaneously "
       "per table"},
      {kProvisionedTable, Updates({R"({"Delete":{"IndexName":"none"}})"}),
       "ResourceNotFoundException: Requested resource not found: Index none for table abc"},
      {kProvisionedTable, Updates({R"({"Delete":{"IndexName":"local"}})"}),
       "Cannot delete an index that is not a GlobalSecondaryIndex: local"},
      {kProvisionedTable, Updates({R"({"Update":{"IndexName":"none",)" + Units(1, 1) + "}}"}),
       "ResourceNotFoundException: Requested resource not found: Index none for table abc"},
      {kProvisionedTable, Updates({R"({"Update":{"IndexName":"none",)" + Units(1000000000001, 1) + "}}"}),
       "This operation cannot be performed with given input values. Please contact DynamoDB service team for more "
       "info: "
       "Action Blocked: IndexUpdate"},
      {kProvisionedTable, fmt::format("{},{}", kDefineX, Updates({CreateIndex("byG", "x", Units(1, 1))})),
       "Attempting to create an index which already exists"},
      {kProvisionedTable, fmt::format("{},{}", kDefineX, Updates({CreateIndex("byX", "x")})),
       InvalidParameters("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: byX")},
      {kOnDemandTable, fmt::format("{},{}", kDefineX, Updates({CreateIndex("byX", "x", Units(1, 1))})),
       InvalidParameters(
           "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: byX when BillingMode is "
           "PAY_PER_REQUEST")},
      // aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-152, -359, -456.
      {kOnDemandTable, Updates({R"({"Update":{"IndexName":"byG"}})"}), OnlyUpdates("byG")},
      {kOnDemandTable, Updates({R"({"Update":{"IndexName":"byG","OnDemandThroughput":{}}})"}), OnlyUpdates("byG")},
      {kOnDemandTable, Updates({R"({"Update":{"IndexName":"byG",)" + Units(1, 1) + "}}"}), OnlyUpdates("byG")},
      {kOnDemandTable, Updates({R"({"Update":{"IndexName":"none","WarmThroughput":{}}})"}),
       InvalidParameters("WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified "
                         "for index: none")},
      {kOnDemandTable, R"("GlobalSecondaryIndexUpdates":[],"DeletionProtectionEnabled":true)",
       InvalidParameters("List of GlobalSecondaryIndexUpdates is empty")},
      {kOnDemandTable,
       R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"N"}],)" + Updates({CreateIndex("byA", "a")}),
       InvalidParameters(
           "Attributes cannot be redefined. Please check that your attribute has the same type as previously "
           "defined. Existing schema: Schema:[SchemaElement: key{a:S:HASH}] New schema: Schema:[SchemaElement: "
           "key{a:N:HASH}]")},
      {kOnDemandTable, R"("StreamSpecification":{"StreamEnabled":false})",
       "Table has no stream to disable: TableName: "
       "abc"},
      {kOnDemandTable, R"("SSESpecification":{"Enabled":false})",
       InvalidParameters("Table is already encrypted by default")},
      {kOnDemandTable, R"("WarmThroughput":{"ReadUnitsPerSecond":11999})",
       InvalidParameters(
           "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, "
           "decreasing WarmThroughput is not supported")},
  };
  for (const Case& each : cases) EXPECT_EQ(ApplyTo(each.table, each.request), each.expected) << each.request;
}

TEST(UpdateTableRules, WhatIsUnderWayIsInTheWay) {
  TableDefinition definition = Created(kOnDemandTable);
  definition.status = TableStatus::kCreating;
  EXPECT_EQ(Apply(&definition, R"("DeletionProtectionEnabled":true)"),
            "ResourceInUseException: Attempt to change a resource which is still in use: Table is being created: abc");
  definition.status = TableStatus::kUpdating;
  definition.index_settings["byG"].status = IndexStatus::kCreating;
  EXPECT_EQ(Apply(&definition, R"("BillingMode":"PAY_PER_REQUEST")"),
            "ResourceInUseException: Attempt to change a resource which is still in use: Can't change table IOPS when "
            "an index is being created. Table: abc Indexes: [byG]");
  EXPECT_EQ(Apply(&definition, fmt::format("{},{}", kDefineX, Updates({CreateIndex("byX", "x")}))),
            "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted "
            "simultaneously per table");
  definition.index_settings["byG"].status = IndexStatus::kDeleting;
  EXPECT_EQ(Apply(&definition, Updates({R"({"Delete":{"IndexName":"byG"}})"})),
            "ResourceInUseException: Attempt to change a resource which is still in use: Index is being deleted.  "
            "Table: abc Index: byG");
}

TEST(UpdateTableRules, ThroughputGoesUpFreelyAndDownFourTimesADay) {
  TableDefinition definition = Created(kProvisionedTable);
  WallTime now = kNoon;
  EXPECT_EQ(Apply(&definition, Units(9, 9), now), "ok");
  EXPECT_EQ(definition.last_increase_at, now);
  EXPECT_EQ(definition.warm, (Throughput{9, 9}));
  for (int units = 8; units > 4; --units) {
    now += std::chrono::minutes(1);
    EXPECT_EQ(Apply(&definition, Units(units, units), now), "ok");
  }
  EXPECT_EQ(definition.decreases_today, 4);
  EXPECT_EQ(definition.warm, (Throughput{9, 9}));
  EXPECT_EQ(
      Apply(&definition, Units(9, 3), now + std::chrono::minutes(1)),
      "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited within a "
      "given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed "
      "at most once every 3600 seconds. Number of decreases today: 4. Last decrease at Tuesday, November 14, 2023 "
      "at 12:04:00 PM Coordinated Universal Time. Next decrease can be made at Tuesday, November 14, 2023 at "
      "1:04:00 PM Coordinated Universal Time");
  EXPECT_EQ(Apply(&definition, Units(3, 3), now + std::chrono::hours(1)), "ok");
  EXPECT_EQ(definition.decreases_today, 5);
  now += std::chrono::hours(12);  // past midnight
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Apply(&definition, Units(2 - i, 3), now), "ok");
  EXPECT_EQ(definition.decreases_today, 2);
}

TEST(UpdateTableRules, BillingSwitchesCarryIndexesAlong) {
  TableDefinition definition = Created(kProvisionedTable);
  EXPECT_EQ(Apply(&definition, R"("BillingMode":"PAY_PER_REQUEST")"), "ok");
  EXPECT_EQ(definition.throughput, Throughput());
  EXPECT_EQ(definition.index_settings["byG"].throughput, Throughput());
  EXPECT_EQ(definition.last_on_demand_at, kNoon);
  EXPECT_EQ(definition.warm, (Throughput{12000, 4000}));
  EXPECT_EQ(Apply(&definition, R"("BillingMode":"PROVISIONED",)" + Units(1, 2) + "," +
                                   Updates({R"({"Update":{"IndexName":"byG",)" + Units(3, 4) + "}}"})),
            "ok");
  EXPECT_EQ(definition.throughput, (Throughput{1, 2}));
  EXPECT_EQ(definition.index_settings["byG"].throughput, (Throughput{3, 4}));
}

TEST(UpdateTableRules, IndexesComeAndGo) {
  TableDefinition definition = Created(kOnDemandTable);
  EXPECT_EQ(Apply(&definition, fmt::format("{},{}", kDefineX, Updates({CreateIndex("byX", "x")}))), "ok");
  const IndexSchema* added = definition.schema->FindIndex("byX");
  ASSERT_NE(added, nullptr);
  EXPECT_TRUE(added->backfilling);
  EXPECT_EQ(added->key.hash[0].type, AttributeType::kN);
  EXPECT_THAT(definition.attribute_definitions, ::testing::Contains(KeyAttribute{"x", AttributeType::kN}));

  TableDefinition before = Created(kOnDemandTable);
  TableDefinition after = before;
  const std::string removal = Updates({R"({"Delete":{"IndexName":"byG"}})"});
  EXPECT_EQ(Apply(&after, removal), "ok");
  EXPECT_EQ(after.schema->FindIndex("byG"), nullptr);
  TableDefinition shown = DuringUpdate(Input(removal), before, after);
  EXPECT_EQ(shown.status, TableStatus::kUpdating);
  ASSERT_NE(shown.schema->FindIndex("byG"), nullptr);
  EXPECT_EQ(shown.index_settings["byG"].status, IndexStatus::kDeleting);
}

TEST(UpdateTableRules, TheAnswerShowsTheOldThroughput) {
  TableDefinition before = Created(kProvisionedTable);
  TableDefinition after = before;
  EXPECT_EQ(Apply(&after, Units(7, 7)), "ok");
  TableDefinition shown = DuringUpdate(Input(Units(7, 7)), before, after);
  EXPECT_EQ(shown.status, TableStatus::kUpdating);
  EXPECT_EQ(shown.throughput, (Throughput{5, 5}));
  EXPECT_EQ(shown.last_increase_at, kNoon);
}

// aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-135, -165, -178, -179, -182, -284.
TEST(UpdateTableRules, TheAnswerShowsWhatIsThereAndOnlySomeChangesAsUpdating) {
  const TableDefinition before = Created(kOnDemandTable);
  const auto shown = [&](const std::string& request) {
    TableDefinition after = before;
    EXPECT_EQ(Apply(&after, request), "ok") << request;
    after.status = TableStatus::kUpdating;
    return DuringUpdate(Input(request), before, after);
  };
  const TableDefinition limited = shown(R"("OnDemandThroughput":{"MaxReadRequestUnits":-1,"MaxWriteRequestUnits":5})");
  EXPECT_EQ(limited.status, before.status);
  EXPECT_EQ(limited.on_demand->max_read, -1);
  EXPECT_EQ(limited.on_demand->max_write, 5);
  const TableDefinition warmed = shown(R"("WarmThroughput":{"ReadUnitsPerSecond":13000})");
  EXPECT_EQ(warmed.status, before.status);
  EXPECT_EQ(warmed.warm, before.warm);
  EXPECT_EQ(shown(Updates({R"({"Update":{"IndexName":"byG","OnDemandThroughput":{"MaxReadRequestUnits":7}}})"})).status,
            before.status);
  const TableDefinition classed = shown(R"("TableClass":"STANDARD_INFREQUENT_ACCESS")");
  EXPECT_EQ(classed.status, TableStatus::kUpdating);
  EXPECT_EQ(classed.table_class, before.table_class);
}

// aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-174, -433.
TEST(UpdateTableRules, AStreamOrAnIndexMayComeWithTheSwitchToPayPerRequest) {
  TableDefinition definition = Created(kProvisionedTable);
  EXPECT_EQ(Apply(&definition, fmt::format(R"({},{},"BillingMode":"PAY_PER_REQUEST")", kDefineX,
                                           Updates({CreateIndex("byX", "x")}))),
            "ok");
  EXPECT_NE(definition.schema->FindIndex("byX"), nullptr);
  definition = Created(kProvisionedTable);
  EXPECT_EQ(Apply(&definition, R"("BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true,)"
                               R"("StreamViewType":"KEYS_ONLY"})"),
            "ok");
  EXPECT_TRUE(definition.stream.enabled);
}

TEST(UpdateTableRules, AStreamIsOnOrOff) {
  TableDefinition definition = Created(kOnDemandTable);
  const std::string on = R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"})";
  EXPECT_EQ(Apply(&definition, on), "ok");
  EXPECT_TRUE(definition.schema->log_changes);
  EXPECT_EQ(Apply(&definition, on), "Table already has an enabled stream: TableName: abc");
  EXPECT_EQ(definition.stream.view, StreamViewType::kKeysOnly);
  EXPECT_EQ(Apply(&definition, R"("StreamSpecification":{"StreamEnabled":false})"), "ok");
  EXPECT_FALSE(definition.schema->log_changes);
  EXPECT_FALSE(definition.stream.enabled);
}

TEST(UpdateTableRules, OnDemandMaximumsMergeAndClear) {
  TableDefinition definition = Created(kOnDemandTable);
  EXPECT_EQ(Apply(&definition, R"("OnDemandThroughput":{"MaxReadRequestUnits":10})"), "ok");
  EXPECT_EQ(Apply(&definition, R"("OnDemandThroughput":{"MaxWriteRequestUnits":20})"), "ok");
  EXPECT_EQ(definition.on_demand, (OnDemandThroughput{10, 20}));
  EXPECT_EQ(Apply(&definition, R"("OnDemandThroughput":{"MaxReadRequestUnits":-1,"MaxWriteRequestUnits":-1})"), "ok");
  EXPECT_EQ(definition.on_demand, std::nullopt);
}

}  // namespace
}  // namespace insula::operations
