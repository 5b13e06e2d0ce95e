// Backups, restoring and point-in-time recovery as an application sees them: the same under every partition model.
#include "operations/copies/backup_operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "control/backup_keeper.h"
#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Invalid;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;

constexpr std::string_view kTable =
    R"({"TableName":"Music","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
        "LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
          {"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}],
        "GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
          "Projection":{"ProjectionType":"KEYS_ONLY"}}],
        "BillingMode":"PAY_PER_REQUEST","Tags":[{"Key":"a","Value":"b"}],"DeletionProtectionEnabled":false})";

// The value of a string member, the first of its name.
std::string Member(const std::string& body, const std::string& name) {
  std::smatch found;
  std::regex_search(body, found, std::regex("\"" + name + "\":\"?([^\",}]*)"));
  return found.size() > 1 ? found[1].str() : "";
}

// Does what the operations leave to be done.
class Settling {
 public:
  explicit Settling(Server& server) : server_(server), keeper_(*server.world.catalog, *server.engine) {
    keeper_.Start();
  }
  void Settle() {
    for (int round = 0; round < 3; ++round) {  // each may leave something to the other
      server_.provisioner->WaitIdle();
      keeper_.WaitIdle();
    }
    server_.provisioner->WaitIdle();
  }

 private:
  Server& server_;
  control::BackupKeeper keeper_;
};

// "400 {…}" of DynamoDB's own errors.
std::string Failure(std::string_view name, std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#{}","message":"{}"}})", name, message);
}

// A table "Copy" that is being restored from a backup, and stays so.
class WhileRestoring : public ::testing::TestWithParam<PartitionModel> {
 protected:
  WhileRestoring() : server_(GetParam()) {
    EXPECT_THAT(server_.Call("CreateTable", kTable), HasSubstr("200 "));
    {
      Settling settling(server_);
      settling.Settle();
      arn_ = Member(server_.Call("CreateBackup", R"({"TableName":"Music","BackupName":"nightly"})"), "BackupArn");
      settling.Settle();
    }
    EXPECT_THAT(
        server_.Call("RestoreTableFromBackup", fmt::format(R"({{"TargetTableName":"Copy","BackupArn":"{}"}})", arn_)),
        HasSubstr("200 "));
    server_.provisioner->WaitIdle();
  }

  Server server_;
  std::string arn_;
};

class BackupOperations : public ::testing::TestWithParam<PartitionModel> {
 protected:
  BackupOperations() : server_(GetParam()), settling_(server_) {
    EXPECT_THAT(server_.Call("CreateTable", kTable), HasSubstr("200 "));
    Settle();
  }

  void Settle() { settling_.Settle(); }
  void Put(int sk, const std::string& g, const std::string& table = "Music") {
    const std::string body = fmt::format(
        R"({{"TableName":"{}","Item":{{"pk":{{"S":"p"}},"sk":{{"N":"{}"}},"g":{{"S":"{}"}}}}}})", table, sk, g);
    EXPECT_EQ(server_.Call("PutItem", body), "200 {}");
  }
  std::string Scan(const std::string& table, const std::string& more = "") {
    std::string body = server_.Call("Scan", fmt::format(R"({{"TableName":"{}"{}}})", table, more));
    return body;
  }
  // Made, and its ARN.
  std::string Backup(const std::string& name = "nightly") {
    const std::string made =
        server_.Call("CreateBackup", fmt::format(R"({{"TableName":"Music","BackupName":"{}"}})", name));
    EXPECT_THAT(made, HasSubstr("200 "));
    Settle();
    return Member(made, "BackupArn");
  }
  std::string Restore(const std::string& arn, const std::string& target, const std::string& more = "") {
    std::string answer = server_.Call(
        "RestoreTableFromBackup", fmt::format(R"({{"TargetTableName":"{}","BackupArn":"{}"{}}})", target, arn, more));
    Settle();
    return answer;
  }
  std::string Describe(const std::string& table) {
    return server_.Call("DescribeTable", fmt::format(R"({{"TableName":"{}"}})", table));
  }
  std::string PointInTime(bool on) {
    std::string answer = server_.Call(
        "UpdateContinuousBackups",
        fmt::format(R"({{"TableName":"Music","PointInTimeRecoverySpecification":{{"PointInTimeRecoveryEnabled":{}}}}})",
                    on));
    Settle();
    return answer;
  }
  std::int64_t Now() {
    return std::chrono::floor<std::chrono::seconds>(server_.world.clock.Now().time_since_epoch()).count();
  }

  Server server_;
  Settling settling_;
};

TEST_P(BackupOperations, ABackupIsMadeDescribedListedAndDeleted) {
  Put(1, "x");
  const std::string made = server_.Call("CreateBackup", R"({"TableName":"Music","BackupName":"nightly"})");
  const std::string account = tenancy::AccountOf(server_.tenant).value();
  EXPECT_TRUE(std::regex_match(
      made, std::regex(R"(200 \{"BackupDetails":\{"BackupArn":"arn:aws:dynamodb:us-east-1:)" + account +
                       R"(:table/Music/backup/\d{14}-[0-9a-f]{8}","BackupName":"nightly","BackupCreationDateTime":)"
                       R"(1700000000.000,"BackupStatus":"CREATING","BackupType":"USER","BackupSizeBytes":0\}\})")))
      << made;
  Settle();
  const std::string arn = Member(made, "BackupArn");
  const std::string by_arn = fmt::format(R"({{"BackupArn":"{}"}})", arn);
  const std::string described = server_.Call("DescribeBackup", by_arn);
  EXPECT_THAT(described, HasSubstr(R"("BackupStatus":"AVAILABLE","BackupType":"USER","BackupSizeBytes":9})"));
  EXPECT_THAT(described, HasSubstr(R"("SourceTableDetails":{"TableName":"Music")"));
  EXPECT_THAT(described, HasSubstr(R"("ItemCount":1,"BillingMode":"PAY_PER_REQUEST")"));
  EXPECT_THAT(described, HasSubstr(R"("GlobalSecondaryIndexes":[{"IndexName":"byG")"));
  const std::string listed = server_.Call("ListBackups", "{}");
  EXPECT_THAT(listed, HasSubstr(arn));
  EXPECT_THAT(listed, HasSubstr(R"("TableName":"Music")"));

  const std::string deleted = server_.Call("DeleteBackup", by_arn);
  EXPECT_THAT(deleted, HasSubstr(R"("BackupStatus":"DELETED")"));
  const std::string missing = fmt::format(
      R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#BackupNotFoundException","message":"Backup not found: {}"}})",
      arn);
  EXPECT_EQ(server_.Call("DescribeBackup", by_arn), missing);
  EXPECT_EQ(server_.Call("DeleteBackup", by_arn), missing);
  EXPECT_EQ(Restore(arn, "Copy"), missing);
  EXPECT_EQ(server_.Call("ListBackups", "{}"), R"(200 {"BackupSummaries":[]})");
  Settle();
}

TEST_P(BackupOperations, ARestoredTableHasTheItemsAndNotTheSettingsThatStay) {
  for (int i = 0; i < 20; ++i) Put(i, i % 2 == 0 ? "even" : "odd");
  const std::string before = Scan("Music");
  const std::string index_before = Scan("Music", R"(,"IndexName":"byG")");
  const std::string arn = Backup();
  for (int i = 0; i < 20; ++i) Put(i, "changed");
  PointInTime(true);
  const std::string answer = Restore(arn, "Copy");
  EXPECT_THAT(answer, HasSubstr(R"("TableName":"Copy")"));
  EXPECT_THAT(answer, HasSubstr(R"("TableStatus":"CREATING")"));
  EXPECT_THAT(answer, HasSubstr(R"("RestoreSummary":{"SourceBackupArn":")" + arn));
  EXPECT_THAT(answer, HasSubstr(R"("RestoreInProgress":true})"));
  EXPECT_EQ(Scan("Copy"), before);
  EXPECT_EQ(Scan("Copy", R"(,"IndexName":"byG")"), index_before);
  const std::string described = Describe("Copy");
  EXPECT_THAT(described, HasSubstr(R"("TableStatus":"ACTIVE")"));
  // aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-216.
  EXPECT_THAT(described, Not(HasSubstr("RestoreSummary")));
  EXPECT_THAT(described, HasSubstr(R"("ItemCount":20)"));
  EXPECT_THAT(described, HasSubstr(R"("IndexName":"local")"));
  EXPECT_EQ(server_.Call("ListTagsOfResource", fmt::format(R"({{"ResourceArn":"{}"}})", Member(described, "TableArn"))),
            R"(200 {"Tags":[]})");
  EXPECT_THAT(server_.Call("DescribeContinuousBackups", R"({"TableName":"Copy"})"),
              HasSubstr(R"("PointInTimeRecoveryStatus":"DISABLED")"));

  // The backup outlives its table.
  EXPECT_THAT(server_.Call("DeleteTable", R"({"TableName":"Music"})"), HasSubstr("200 "));
  Settle();
  EXPECT_THAT(Restore(arn, "Music"), HasSubstr("200 "));
  EXPECT_EQ(Scan("Music"), before);
}

// aws-controllers-k8s/dynamodb-controller, docs/api-quirks, for all of a restore's words: TABLE-217, -219, -273, -275,
// -280, -442, BACKUP-001, -010.
TEST_P(BackupOperations, OverridesOfARestore) {
  Put(1, "x");
  const std::string arn = Backup();
  EXPECT_THAT(Restore(arn, "Bare", R"(,"GlobalSecondaryIndexOverride":[],"LocalSecondaryIndexOverride":[])"),
              Not(HasSubstr("SecondaryIndexes")));
  EXPECT_THAT(Describe("Bare"), HasSubstr(R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"
                                          R"({"AttributeName":"sk","AttributeType":"N"}])"));
  const std::string units = R"({"ReadCapacityUnits":3,"WriteCapacityUnits":4})";
  const std::string index =
      R"({"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
          "Projection":{"ProjectionType":"KEYS_ONLY"},"ProvisionedThroughput":)" +
      units + "}";
  const std::string provisioned = Restore(arn, "Provisioned",
                                          R"(,"BillingModeOverride":"PROVISIONED","ProvisionedThroughputOverride":)" +
                                              units + R"(,"GlobalSecondaryIndexOverride":[)" + index + "]");
  EXPECT_THAT(provisioned, HasSubstr(R"("ReadCapacityUnits":3,"WriteCapacityUnits":4)"));
  EXPECT_THAT(Scan("Provisioned", R"(,"IndexName":"byG")"), HasSubstr(R"("Count":1)"));
  EXPECT_EQ(
      Restore(arn, "Other", R"(,"BillingModeOverride":"PROVISIONED")"),
      Invalid("Invalid Request: Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED"));
  EXPECT_EQ(Restore(arn, "Other", R"(,"ProvisionedThroughputOverride":)" + units),
            Invalid("Invalid Request: Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"));
  EXPECT_THAT(
      Restore(arn, "Other",
              R"(,"GlobalSecondaryIndexOverride":[{"IndexName":"byG","KeySchema":[{"AttributeName":"pk",
                          "KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}])"),
      HasSubstr("Invalid Request: Index byG does not match a secondary index that existed in the source table and "
                "cannot be created during the restore operation"));
  EXPECT_THAT(Restore(arn, "Capped",
                      R"(,"VectorIndexOverride":[],"OnDemandThroughputOverride":)"
                      R"({"MaxReadRequestUnits":40,"MaxWriteRequestUnits":20})"),
              HasSubstr("200 "));
  EXPECT_THAT(Describe("Capped"),
              HasSubstr(R"("OnDemandThroughput":{"MaxReadRequestUnits":40,"MaxWriteRequestUnits":20})"));
  EXPECT_THAT(Restore(arn, "Secret", R"(,"SSESpecificationOverride":{"Enabled":true,"SSEType":"KMS"})"),
              HasSubstr(R"("SSEDescription":{"Status":"ENABLED")"));
  EXPECT_THAT(Describe("Other"), HasSubstr("ResourceNotFoundException"));
}

TEST_P(BackupOperations, AnIndexIsFoundByItsKeysAndMayHaveAnotherName) {
  Put(1, "x");
  const std::string arn = Backup();
  EXPECT_THAT(Restore(arn, "Renamed",
                      R"(,"GlobalSecondaryIndexOverride":[{"IndexName":"new","KeySchema":[{"AttributeName":"g",
                          "KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}])"),
              HasSubstr("200 "));
  EXPECT_THAT(Scan("Renamed", R"(,"IndexName":"new")"), HasSubstr(R"("Count":1)"));
  EXPECT_THAT(Scan("Renamed", R"(,"IndexName":"local")"), HasSubstr(R"("Count":1)"));
  EXPECT_THAT(Scan("Renamed", R"(,"IndexName":"byG")"), HasSubstr("400 "));
}

// The provisioner alone is at work here: what is to be restored stays so.
TEST_P(WhileRestoring, NothingIsThereYet) {
  const auto call = [this](const char* operation, std::string_view more = "") {
    return server_.Call(operation, fmt::format(R"({{"TableName":"Copy"{}}})", more));
  };
  EXPECT_THAT(call("DescribeTable"), HasSubstr(R"("RestoreInProgress":true)"));
  const std::string resource =
      Failure("ResourceNotFoundException", "Requested resource not found: Table: Copy not found");
  EXPECT_EQ(call("UpdateTable", R"(,"DeletionProtectionEnabled":true)"), resource);
  EXPECT_EQ(call("DescribeTimeToLive"), resource);
  EXPECT_EQ(call("UpdateTimeToLive", R"(,"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"t"})"), resource);
  EXPECT_EQ(call("DescribeContributorInsights"), resource);
  const std::string table = Failure("TableNotFoundException", "Table not found: Copy");
  EXPECT_EQ(call("DescribeContinuousBackups"), table);
  EXPECT_EQ(
      call("UpdateContinuousBackups", R"(,"PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true})"),
      table);
  EXPECT_EQ(call("CreateBackup", R"(,"BackupName":"early")"), table);
  const std::string arn = Member(call("DescribeTable"), "TableArn");
  const std::string tagged =
      Failure("ResourceNotFoundException", fmt::format("Requested resource not found: ResourceArn: {} not found", arn));
  EXPECT_EQ(server_.Call("ListTagsOfResource", fmt::format(R"({{"ResourceArn":"{}"}})", arn)), tagged);
  EXPECT_EQ(
      server_.Call("TagResource", fmt::format(R"({{"ResourceArn":"{}","Tags":[{{"Key":"a","Value":"b"}}]}})", arn)),
      tagged);
  EXPECT_EQ(call("CreateTable", R"(,"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk",
      "AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}])"),
            Failure("ResourceInUseException", "Table is being used: Copy"));
}

TEST_P(WhileRestoring, TheBackupFeedsNoOther) {
  const auto restore = [this](std::string_view target) {
    return server_.Call("RestoreTableFromBackup",
                        fmt::format(R"({{"TargetTableName":"{}","BackupArn":"{}"}})", target, arn_));
  };
  EXPECT_EQ(restore("Other"),
            Failure("BackupInUseException", "Backup is being used to restore another table: " + arn_));
  EXPECT_EQ(restore("Copy"),
            Failure("TableInUseException", "Table: Copy is already being restored from backup: " + arn_));
  EXPECT_EQ(server_.Call("DeleteBackup", fmt::format(R"({{"BackupArn":"{}"}})", arn_)),
            Failure("BackupInUseException", "Backup is being used to restore table: " + arn_));
}

TEST_P(BackupOperations, Refusals) {
  const std::string arn = Backup();
  EXPECT_EQ(server_.Call("CreateBackup", R"({"TableName":"None","BackupName":"abc"})"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#TableNotFoundException","message":)"
            R"("Table not found: None"})");
  EXPECT_EQ(Restore(arn, "Music"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#TableAlreadyExistsException","message":)"
            R"("Table already exists: Music"})");
  // One that goes is there no more: aws-controllers-k8s/dynamodb-controller, docs/api-quirks, BACKUP-001, TABLE-454.
  EXPECT_THAT(server_.Call("DeleteTable", R"({"TableName":"Music"})"), HasSubstr("200 "));
  EXPECT_EQ(server_.Call("CreateBackup", R"({"TableName":"Music","BackupName":"late"})"),
            Failure("TableNotFoundException", "Table not found: Music"));
  EXPECT_THAT(server_.Call("CreateBackup", R"({"TableName":"Music","BackupName":"a"})"),
              HasSubstr("1 validation error detected: Value 'a' at 'backupName' failed to satisfy constraint"));
  EXPECT_THAT(server_.Call("ListBackups", R"({"Limit":101})"), HasSubstr("1 validation error detected"));
  EXPECT_THAT(Restore("arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/01700000000000-00000000", "Copy"),
              HasSubstr("AccessDeniedException"));
  EXPECT_THAT(Restore("arn:aws:dynamodb:us-east-1:123456789012:table/Music", "Copy"), HasSubstr("Invalid Backup ARN"));
  EXPECT_EQ(
      server_.Call("ListBackups", R"({"TimeRangeLowerBound":1700000001,"TimeRangeUpperBound":1700000000})"),
      Invalid("One or more parameter values were invalid: Time range lower bound must be less than or equal to upper "
              "bound"));
}

TEST_P(BackupOperations, AreListedByPagesTimesTablesAndTypes) {
  std::vector<std::string> arns;
  for (int i = 0; i < 5; ++i) {
    arns.push_back(Backup("backup" + std::to_string(i)));
    server_.world.clock.Advance(std::chrono::seconds(10));
  }
  std::vector<std::string> listed;
  std::string start;
  for (;;) {
    const std::string page = server_.Call("ListBackups", R"({"Limit":2)" + start + "}");
    std::string rest = page;
    std::smatch found;
    while (std::regex_search(rest, found, std::regex(R"("BackupArn":"([^"]*)\")"))) {
      listed.push_back(found[1]);
      rest = found.suffix();
    }
    const std::string last = Member(page, "LastEvaluatedBackupArn");
    if (last.empty()) break;
    start = R"(,"ExclusiveStartBackupArn":")" + last + "\"";
  }
  EXPECT_EQ(listed, arns);
  const auto count = [&](const std::string& filter) {
    const std::string page = server_.Call("ListBackups", filter);
    const std::regex arn("\"BackupArn\"");
    return std::distance(std::sregex_iterator(page.begin(), page.end(), arn), std::sregex_iterator());
  };
  EXPECT_EQ(count(R"({"TimeRangeLowerBound":1700000010})"), 4);
  EXPECT_EQ(count(R"({"TimeRangeUpperBound":1700000010})"), 1);
  EXPECT_EQ(count(R"({"TableName":"Other"})"), 0);
  EXPECT_EQ(count(R"({"TableName":"Music"})"), 5);
  EXPECT_EQ(count(R"({"BackupType":"SYSTEM"})"), 0);
  EXPECT_EQ(count(R"({"BackupType":"ALL"})"), 5);
}

TEST_P(BackupOperations, ATableIsRestoredToASecond) {
  EXPECT_EQ(server_.Call("RestoreTableToPointInTime",
                         R"({"SourceTableName":"Music","TargetTableName":"Copy","UseLatestRestorableTime":true})"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#PointInTimeRecoveryUnavailableException","message":)"
            R"("Point in time recovery is not enabled for table 'Music'"})");
  Put(0, "before");
  EXPECT_THAT(PointInTime(true), HasSubstr(R"("PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":35)"));
  const std::int64_t on = Now();
  EXPECT_THAT(server_.Call("DescribeContinuousBackups", R"({"TableName":"Music"})"),
              HasSubstr(fmt::format(R"("EarliestRestorableDateTime":{}.000)", on)));
  std::vector<std::string> states;
  for (int i = 0; i < 4; ++i) {
    states.push_back(Scan("Music"));
    server_.world.clock.Advance(std::chrono::seconds(1));
    Put(i, "round" + std::to_string(i));
  }
  server_.world.clock.Advance(std::chrono::milliseconds(300));
  for (int i = 0; i < 4; ++i) {
    const std::string target = "Copy" + std::to_string(i);
    const std::string answer = server_.Call(
        "RestoreTableToPointInTime",
        fmt::format(R"({{"SourceTableName":"Music","TargetTableName":"{}","RestoreDateTime":{}}})", target, on + i));
    EXPECT_THAT(answer, HasSubstr(fmt::format(R"("RestoreDateTime":{}.000,"RestoreInProgress":true)", on + i)));
    Settle();
    EXPECT_EQ(Scan(target), states[static_cast<std::size_t>(i)]) << i;
  }
  const std::string latest =
      server_.Call("RestoreTableToPointInTime",
                   fmt::format(R"({{"SourceTableArn":"{}","TargetTableName":"Latest","UseLatestRestorableTime":true}})",
                               Member(Describe("Music"), "TableArn")));
  EXPECT_THAT(latest, HasSubstr("200 "));
  Settle();
  EXPECT_EQ(Scan("Latest"), Scan("Music"));
  // What a restore needed in between is nobody's backup.
  EXPECT_EQ(server_.Call("ListBackups", R"({"BackupType":"ALL"})"), R"(200 {"BackupSummaries":[]})");

  for (const std::int64_t never : {on - 1, Now() + 2}) {
    EXPECT_THAT(
        server_.Call(
            "RestoreTableToPointInTime",
            fmt::format(R"({{"SourceTableName":"Music","TargetTableName":"Never","RestoreDateTime":{}}})", never)),
        HasSubstr("InvalidRestoreTimeException"));
  }
  // Off and on again, the window begins anew.
  PointInTime(false);
  server_.world.clock.Advance(std::chrono::seconds(60));
  PointInTime(true);
  EXPECT_THAT(
      server_.Call(
          "RestoreTableToPointInTime",
          fmt::format(R"({{"SourceTableName":"Music","TargetTableName":"Never","RestoreDateTime":{}}})", on + 1)),
      HasSubstr("InvalidRestoreTimeException"));
}

TEST_P(BackupOperations, ADeletedTableWithPointInTimeRecoveryLeavesASystemBackup) {
  for (int i = 0; i < 5; ++i) Put(i, "x");
  const std::string before = Scan("Music");
  PointInTime(true);
  EXPECT_THAT(server_.Call("DeleteTable", R"({"TableName":"Music"})"), HasSubstr("200 "));
  Settle();
  EXPECT_THAT(Describe("Music"), HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(server_.Call("ListBackups", "{}"), R"(200 {"BackupSummaries":[]})") << "USER ones unless asked";
  const std::string listed = server_.Call("ListBackups", R"({"BackupType":"SYSTEM"})");
  EXPECT_THAT(listed, HasSubstr(R"("BackupName":"Music$DeletedTableBackup")"));
  EXPECT_THAT(listed, HasSubstr(R"("BackupStatus":"AVAILABLE","BackupType":"SYSTEM")"));
  EXPECT_THAT(listed, HasSubstr(fmt::format(R"("BackupExpiryDateTime":{}.000)", Now() + 35 * 86400)));
  EXPECT_THAT(Restore(Member(listed, "BackupArn"), "Music"), HasSubstr("200 "));
  EXPECT_EQ(Scan("Music"), before);
}

// Measured by aws-controllers-k8s/dynamodb-controller, docs/api-quirks: DDB-BACKUP-015 (the ARN's end, the error), and
// the words in its catalogue of errors, DDB-TABLE-442.
TEST_P(BackupOperations, ASystemBackupCannotBeDeleted) {
  Put(1, "x");
  PointInTime(true);
  EXPECT_THAT(server_.Call("DeleteTable", R"({"TableName":"Music"})"), HasSubstr("200 "));
  const std::string deleting = server_.Call("ListBackups", R"({"BackupType":"SYSTEM"})");
  const std::string arn = Member(deleting, "BackupArn");
  EXPECT_THAT(arn, EndsWith("-00000000"));
  const std::string request = fmt::format(R"({{"BackupArn":"{}"}})", arn);
  const auto refused = HasSubstr(fmt::format(
      R"("message":"Invalid Request: User is not allowed to delete the system backup with arn {}. It will automatically expire on )",
      arn));
  EXPECT_THAT(server_.Call("DeleteBackup", request), refused) << "not even while it is being made";
  Settle();
  const std::string answer = server_.Call("DeleteBackup", request);
  EXPECT_THAT(answer, HasSubstr("ValidationException"));
  EXPECT_THAT(answer, refused);
  EXPECT_THAT(answer, ContainsRegex(R"(expire on [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")"));
  EXPECT_THAT(server_.Call("DescribeBackup", request), HasSubstr(R"("BackupStatus":"AVAILABLE")"));
}

TEST_P(BackupOperations, BelongToTheirContextAlone) {
  Put(1, "mine");
  const std::string arn = Backup();
  // Another tenant of the same service, and the same tenant in another service, with a table of the same name.
  const tenancy::Context globex = server_.world.Tenant("prod", "shop", "globex");
  server_.world.Service("prod", "billing", GetParam(), true);
  const tenancy::Context elsewhere = server_.world.Tenant("prod", "billing", "acme");
  for (const tenancy::Context& other : {globex, elsewhere}) {
    EXPECT_EQ(server_.CallAs(other, "ListBackups", R"({"BackupType":"ALL"})"), R"(200 {"BackupSummaries":[]})");
    for (const char* operation : {"DescribeBackup", "DeleteBackup"}) {
      EXPECT_THAT(server_.CallAs(other, operation, fmt::format(R"({{"BackupArn":"{}"}})", arn)), HasSubstr("400 "));
    }
    EXPECT_THAT(server_.CallAs(other, "RestoreTableFromBackup",
                               fmt::format(R"({{"TargetTableName":"Stolen","BackupArn":"{}"}})", arn)),
                HasSubstr("400 "));
    // The ARN it would have were it this context's own.
    std::string forged = arn;
    const std::string account = tenancy::AccountOf(server_.tenant).value();
    forged.replace(forged.find(account), account.size(), tenancy::AccountOf(other).value());
    EXPECT_THAT(server_.CallAs(other, "DescribeBackup", fmt::format(R"({{"BackupArn":"{}"}})", forged)),
                HasSubstr("BackupNotFoundException"));
  }
  EXPECT_THAT(server_.Call("DescribeBackup", fmt::format(R"({{"BackupArn":"{}"}})", arn)), HasSubstr("AVAILABLE"));
}

TEST_P(BackupOperations, ANeighbourIsUntouchedByARestore) {
  const tenancy::Context globex = server_.world.Tenant("prod", "shop", "globex");
  EXPECT_THAT(server_.CallAs(globex, "CreateTable", kTable), HasSubstr("200 "));
  Settle();
  for (int i = 0; i < 10; ++i) {
    Put(i, "acme");
    EXPECT_EQ(server_.CallAs(globex, "PutItem",
                             fmt::format(R"({{"TableName":"Music","Item":{{"pk":{{"S":"p"}},"sk":{{"N":"{}"}},)"
                                         R"("g":{{"S":"globex"}}}}}})",
                                         i)),
              "200 {}");
  }
  const std::string before = server_.CallAs(globex, "Scan", R"({"TableName":"Music"})");
  const std::string described = server_.CallAs(globex, "DescribeTable", R"({"TableName":"Music"})");
  const std::string arn = Backup();
  Restore(arn, "Copy");
  server_.Call("DeleteBackup", fmt::format(R"({{"BackupArn":"{}"}})", arn));
  Settle();
  EXPECT_EQ(server_.CallAs(globex, "Scan", R"({"TableName":"Music"})"), before);
  EXPECT_EQ(server_.CallAs(globex, "DescribeTable", R"({"TableName":"Music"})"), described);
  EXPECT_EQ(server_.CallAs(globex, "ListTables", "{}"), R"(200 {"TableNames":["Music"]})");
}

TEST_P(BackupOperations, GoWithTheirTenant) {
  Put(1, "x");
  Backup();
  testing::Must(testing::Await(server_.world.organization->Delete(TenantId("acme"))));
  Settle();
  EXPECT_FALSE(server_.world.organization->ShowTenant(TenantId("acme")).ok());
  server_.tenant = server_.world.Tenant("prod", "shop", "acme");
  EXPECT_EQ(server_.Call("ListBackups", R"({"BackupType":"ALL"})"), R"(200 {"BackupSummaries":[]})");
}

INSTANTIATE_TEST_SUITE_P(Models, WhileRestoring,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& param) { return std::string(tenancy::NameOf(param.param)); });
INSTANTIATE_TEST_SUITE_P(Models, BackupOperations,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& param) { return std::string(tenancy::NameOf(param.param)); });

TEST(BackupsOfTemplateTables, AreRestoredByTheOperatorAlone) {
  Server server;
  Settling settled(server);
  server.world.Service("prod", "fixed", PartitionModel::kIndex, false);
  server.world.Template("prod", "fixed", tenancy::testing::Definition("Music"));
  const tenancy::Context tenant = server.world.Tenant("prod", "fixed", "acme");
  settled.Settle();
  const std::string made = server.CallAs(tenant, "CreateBackup", R"({"TableName":"Music","BackupName":"nightly"})");
  EXPECT_THAT(made, HasSubstr("200 "));
  settled.Settle();
  EXPECT_THAT(server.CallAs(tenant, "RestoreTableFromBackup",
                            fmt::format(R"({{"TargetTableName":"Copy","BackupArn":"{}"}})", Member(made, "BackupArn"))),
              HasSubstr("is not authorized to perform: dynamodb:RestoreTableFromBackup"));
}

TEST(BackupsUnderAccountCredentials, AreRefused) {
  Server server;
  server.CreateTable("Music", SchemaOf(AttributeType::kS));
  const tenancy::Context account = testing::Must(
      server.world.catalog->OperatorContextOf(server.world.organization->Environments().at(0).shared_account));
  EXPECT_THAT(server.CallAs(account, "CreateBackup", R"({"TableName":"prod.shop._pool.Music","BackupName":"nightly"})"),
              HasSubstr("AccessDeniedException"));
  EXPECT_EQ(server.CallAs(account, "ListBackups", "{}"), R"(200 {"BackupSummaries":[]})");
}

}  // namespace
}  // namespace insula::operations
