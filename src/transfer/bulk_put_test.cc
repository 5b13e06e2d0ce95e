// Bulk puts from the request to the last report, under each partition model: items are put as PutItem puts them, each
// once whatever interrupts the work, conditions hold, and what was not put is said record by record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "operations/testing/schemas.h"
#include "storage/change_log.h"
#include "transfer/testing/packing.h"
#include "transfer/testing/transfer_fixture.h"

namespace insula::transfer {
namespace {

using operations::SchemaOf;
using operations::testing::Must;
using tenancy::PartitionModel;
using ::testing::HasSubstr;
using ::testing::Not;

class BulkPutTest : public testing::TransferFixture {
 protected:
  void MakeTable(const tenancy::Context& context) {
    TableSchema schema = SchemaOf(AttributeType::kS);
    schema.indexes.push_back(operations::GlobalIndex(1, "by-kind", "kind"));
    server.CreateTableAs(context, "Orders", schema);
  }
  void PutInput(const std::string& key, const std::string& text, const std::string& bucket = "inputs") {
    store.Put(Root(acme) + bucket + "/" + key, text);
  }
  static std::string Line(const std::string& pk, const std::string& more = "", const std::string& condition = "") {
    return fmt::format(R"({{"Item":{{"pk":{{"S":"{}"}}{}}}{}}})"
                       "\n",
                       pk, more, condition);
  }
  std::string Start(const std::string& more = "", const std::string& source = "",
                    const std::string& types = R"("ERROR","CONDITION_CHECK_FAILURE")") {
    return server.CallAs(
        acme, "StartBulkPutItems",
        fmt::format(
            R"({{"TableName":"Orders","InputS3Configuration":{{"S3Bucket":"inputs","InputFormat":"DYNAMODB_JSON"{}}},)"
            R"("OutputS3Configuration":{{"S3Bucket":"outputs","S3KeyPrefix":"reports/","OutputType":[{}]}}{}}})",
            source, types, more));
  }
  static std::string Status(const std::string& answer) { return Member(answer, "BulkOperationStatus"); }
  std::string Get(const std::string& pk) {
    return server.CallAs(acme, "GetItem", fmt::format(R"({{"TableName":"Orders","Key":{{"pk":{{"S":"{}"}}}}}})", pk));
  }
  std::string Cancel(const std::string& arn) {
    return server.CallAs(acme, "CancelBulkOperation", fmt::format(R"({{"BulkOperationArn":"{}"}})", arn));
  }
  // All reports of one kind, one after another.
  std::string Reports(const std::string& answer, const std::string& kind) {
    std::string all;
    for (const auto& [key, text] : Objects(acme, "reports/AWSDynamoDB/" + IdOf(answer) + "/" + kind + "/", "outputs")) {
      all += text;
    }
    return all;
  }
  std::vector<std::uint64_t> MarksOf(std::uint64_t job) {
    return Must(operations::testing::Await(
        server.engine->write_marks()->Find(Must(server.world.catalog->Find(acme, "Orders"))->ref, job)));
  }
};
INSTANTIATE_TEST_SUITE_P(Models, BulkPutTest,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& model) { return std::string(NameOf(model.param)); });

TEST_P(BulkPutTest, PutsItemsIntoATableThatIsThere) {
  MakeTable(acme);
  MakeTable(globex);
  server.CallAs(acme, "PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"2"},"old":{"BOOL":true}}})");
  PutInput("a.json", Line("1", R"(,"kind":{"S":"x"})") + "\n" + Line("2", R"(,"kind":{"S":"y"})"));
  PutInput("b.json", Line("3"));
  const std::string begun = Start(R"(,"ClientToken":"once","PerformanceTier":"ACCELERATED")");
  EXPECT_EQ(Status(begun), "IN_PROGRESS") << begun;
  EXPECT_THAT(Member(begun, "BulkOperationArn"), HasSubstr(":table/Orders/bulk-operation/"));
  EXPECT_THAT(begun, HasSubstr(R"("TableDetails":[{"TableName":"Orders","TableId":")"));
  EXPECT_THAT(begun, HasSubstr(R"("InputS3Configuration":{"S3Bucket":"inputs","InputFormat":"DYNAMODB_JSON",)"
                               R"("InputCompressionType":"NONE"})"));
  EXPECT_THAT(begun, HasSubstr(R"("OutputS3Configuration":{"S3Bucket":"outputs","S3KeyPrefix":"reports",)"
                               R"("OutputType":["ERROR","CONDITION_CHECK_FAILURE"]})"));
  EXPECT_EQ(Member(begun, "PerformanceTier"), "ACCELERATED");
  EXPECT_EQ(Member(begun, "ClientToken"), "once");

  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Status(ended), "COMPLETED") << ended << Logged();
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 3);
  EXPECT_EQ(Count(ended, "FailedItemCount"), 0);
  const auto input = Objects(acme, "", "inputs");
  const int bytes = static_cast<int>(input.at("a.json").size() + input.at("b.json").size());
  EXPECT_EQ(Count(ended, "ProcessedInputBytes"), bytes);
  EXPECT_EQ(Count(ended, "TotalInputBytes"), bytes);
  EXPECT_THAT(ended, HasSubstr(R"("BulkOperationUsage":[{"TableName":"Orders","BulkPutBytes":5120,)"
                               R"("Table":{"BulkPutBytes":3072},"GlobalSecondaryIndexes":{"by-kind":)"
                               R"({"BulkPutBytes":2048}}}])"));
  EXPECT_EQ(Get("2"), R"(200 {"Item":{"kind":{"S":"y"},"pk":{"S":"2"}}})");
  EXPECT_EQ(Count(Scan(acme, "Orders"), "Count"), 3);
  EXPECT_EQ(Count(Scan(globex, "Orders"), "Count"), 0);
  EXPECT_EQ(Reports(ended, "errors") + Reports(ended, "condition-check-failures"), "");
  const auto output = Objects(acme, "reports/AWSDynamoDB/" + IdOf(ended) + "/", "outputs");
  EXPECT_THAT(output.at("reports/AWSDynamoDB/" + IdOf(ended) + "/manifest-summary.json"),
              HasSubstr(R"("bulkOperationStatus":"COMPLETED")"));
  EXPECT_EQ(Member(server.CallAs(acme, "ListBulkOperations", "{}"), "BulkOperationStatus"), "COMPLETED");
  EXPECT_EQ(server.CallAs(globex, "ListBulkOperations", "{}"), R"(200 {"BulkOperationsSummaryList":[]})");
  EXPECT_THAT(Describe(globex, begun), HasSubstr("AccessDeniedException"));
}

TEST_P(BulkPutTest, AStreamSeesItsPuts) {
  server.CreateTableAs(acme, "Orders", SchemaOf(AttributeType::kS));
  EnablePointInTime(acme);
  PutInput("a", Line("1") + Line("1"));
  EXPECT_EQ(Status(Ended(acme, Start())), "COMPLETED") << Logged();
  const auto table = Must(server.world.catalog->Find(acme, "Orders"));
  storage::ChangesRequest request{.table = table->ref};
  const storage::ChangePage page =
      Must(operations::testing::Await(server.engine->change_log()->Read(std::move(request))));
  EXPECT_EQ(page.changes.size(), 1u) << "the second put changes nothing";
}

TEST_P(BulkPutTest, ConditionsHoldAndWhatFailsOneIsReported) {
  MakeTable(acme);
  server.CallAs(acme, "PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"there"},"v":{"N":"7"}}})");
  const std::string absent = R"*(,"ConditionExpression":"attribute_not_exists(pk)")*";
  const auto version = [](int v) {
    return fmt::format(R"(,"ConditionExpression":"#v = :v","ExpressionAttributeNames":{{"#v":"v"}},)"
                       R"("ExpressionAttributeValues":{{":v":{{"N":"{}"}}}})",
                       v);
  };
  PutInput("in", Line("new", "", absent) + Line("there", R"(,"v":{"N":"8"})", absent) +
                     Line("there", R"(,"v":{"N":"9"})", version(6)) + Line("none", "", version(6)));
  std::string ended = Ended(acme, Start());
  EXPECT_EQ(Status(ended), "COMPLETED") << "failed conditions are no errors: " << ended << Logged();
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 4);
  EXPECT_EQ(Count(ended, "FailedItemCount"), 0);
  EXPECT_EQ(Get("there"), R"(200 {"Item":{"pk":{"S":"there"},"v":{"N":"7"}}})");
  EXPECT_EQ(Get("new"), R"(200 {"Item":{"pk":{"S":"new"}}})");
  const std::string report = Reports(ended, "condition-check-failures");
  EXPECT_EQ(std::ranges::count(report, '\n'), 3);
  EXPECT_THAT(report, HasSubstr(fmt::format(
                          R"({{"itemS3Pointer":{{"bucket":"inputs","key":"in","itemIndex":1}},"bulkOperationArn":"{}",)"
                          R"("errorMessages":["The conditional request failed"],"Item":{{"pk":{{"S":"there"}},)"
                          R"("v":{{"N":"8"}}}},"ExistingItem":{{"pk":{{"S":"there"}},"v":{{"N":"7"}}}}}})",
                          Member(ended, "BulkOperationArn"))));
  EXPECT_THAT(report, HasSubstr(R"("errorMessages":["The conditional request failed"],"Item":{"pk":{"S":"none"}}})"));
  EXPECT_THAT(
      Objects(acme, "reports/AWSDynamoDB/" + IdOf(ended) + "/manifest", "outputs").begin()->second,
      HasSubstr(R"("errors":{"itemCount":0,"fileCount":0},"conditionCheckFailures":{"itemCount":3,"fileCount":1})"));

  PutInput("in", Line("there", R"(,"v":{"N":"8"})", version(7)));
  ended = Ended(acme, Start("", "", R"("ERROR")"));
  EXPECT_EQ(Status(ended), "COMPLETED");
  EXPECT_EQ(Get("there"), R"(200 {"Item":{"pk":{"S":"there"},"v":{"N":"8"}}})");
  PutInput("in", Line("there", R"(,"v":{"N":"9"})", version(7)));
  ended = Ended(acme, Start("", "", R"("ERROR")"));
  EXPECT_EQ(Reports(ended, "condition-check-failures"), "") << "not asked for";
}

TEST_P(BulkPutTest, RecordsThatPutItemWouldRefuseAreReported) {
  MakeTable(acme);
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"{\n", "The record is not JSON in UTF-8"},
      {"{\"pk\":{\"S\":\"1\"}}\n", "The record has no member \\\"Item\\\" that is an object"},
      {R"({"Item":{"other":{"S":"1"}}})"
       "\n",
       "One or more parameter values were invalid: Missing the key pk in the item"},
      {Line("1", R"(,"kind":{"N":"1"})"),
       "One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: "
       "by-kind"},
      {Line("1", fmt::format(R"(,"big":{{"S":"{}"}})", std::string(400 * 1024, 'x'))),
       "Item size has exceeded the maximum allowed size"},
      {Line("1", "", R"(,"ConditionExpression":"a ="})"), "The record is not JSON in UTF-8"},
      {Line("1", "", R"(,"ConditionExpression":"a =")"),
       "Invalid ConditionExpression: Syntax error; token: \\\"<EOF>\\\", near: \\\"=\\\""},
      {Line("1", "", R"(,"ConditionExpression":"a = :a")"),
       "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: "
       ":a"},
      {Line("1", "", R"(,"ExpressionAttributeNames":{"#a":"a"})"),
       "ExpressionAttributeNames can only be specified when using expressions"},
  };
  std::string text;
  for (const auto& [line, message] : refused) text += line;
  PutInput("in", text + Line("good"));
  const std::string ended = Ended(acme, Start());
  EXPECT_EQ(Status(ended), "COMPLETED_WITH_ERRORS") << ended << Logged();
  EXPECT_EQ(Count(ended, "FailedItemCount"), static_cast<int>(refused.size()));
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), static_cast<int>(refused.size()) + 1);
  EXPECT_EQ(Count(Scan(acme, "Orders"), "Count"), 1);
  const std::string report = Reports(ended, "errors");
  for (std::size_t i = 0; i < refused.size(); ++i) {
    EXPECT_THAT(report,
                HasSubstr(fmt::format(R"("key":"in","itemIndex":{}}},"bulkOperationArn":"{}","errorMessages":["{}"]}})",
                                      i, Member(ended, "BulkOperationArn"), refused[i].second)));
  }
}

TEST_P(BulkPutTest, DamagedObjectsAreReadAsFarAsTheyGo) {
  MakeTable(acme);
  const std::string packed = testing::Gzip(Line("1") + Line("2"));
  PutInput("1.gz", packed.substr(0, packed.size() - 4));
  PutInput("2.gz", testing::Gzip(Line("3")));
  const std::string ended = Ended(acme, Start("", R"(,"InputCompressionType":"GZIP")"));
  EXPECT_EQ(Status(ended), "COMPLETED_WITH_ERRORS") << ended << Logged();
  EXPECT_NE(Get("3"), "200 {}");
  EXPECT_EQ(std::ranges::count(Reports(ended, "errors"), '\n'), 1);
  EXPECT_EQ(Count(ended, "ProcessedInputBytes"), Count(ended, "TotalInputBytes"));
}

// Each put is made once, whatever interrupts the work: its condition isn't failed by itself, and it doesn't undo what
// others have written since.
TEST_P(BulkPutTest, StoppedAnywhereEachPutIsMadeOnce) {
  MakeTable(acme);
  for (int object = 0; object < 3; ++object) {
    std::string text;
    for (int i = 0; i < 2000; ++i) {
      text += Line(fmt::format("{}-{}", object, i), "", R"*(,"ConditionExpression":"attribute_not_exists(pk)")*");
    }
    PutInput(std::to_string(object), text + "bad\n");
  }
  options.limits.checkpoint_bytes = 100'000;
  worker.reset();
  StartWorker();
  const std::string begun = Start();
  for (int i = 0; i < 6; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    worker.reset();
    // Whatever is there may have been put since the record was saved.
    const std::string page = server.CallAs(acme, "Scan", R"({"TableName":"Orders","Limit":500})");
    for (std::size_t at = page.find(R"("pk":{"S":")"); at != std::string::npos;
         at = page.find(R"("pk":{"S":")", at + 1)) {
      const std::string pk = page.substr(at + 11, page.find('"', at + 11) - at - 11);
      const std::string answer = server.CallAs(
          acme, "PutItem",
          fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"{}"}},"theirs":{{"BOOL":true}}}}}})", pk));
      ASSERT_EQ(answer.substr(0, 3), "200") << answer;
    }
    StartWorker();
  }
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Status(ended), "COMPLETED_WITH_ERRORS") << ended << Logged();
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 6003);
  EXPECT_EQ(Count(ended, "FailedItemCount"), 3);
  EXPECT_EQ(Reports(ended, "condition-check-failures"), "");
  EXPECT_EQ(std::ranges::count(Reports(ended, "errors"), '\n'), 3);
  EXPECT_EQ(Count(Scan(acme, "Orders"), "Count"), 6000);
}

TEST_P(BulkPutTest, UnconditionalPutsDontUndoWhatOthersWroteSince) {
  MakeTable(acme);
  PutInput("in", Line("1") + Line("2") + "bad\n");
  // The report of the bad record is written before the record is saved: the puts are made, and the work begins again.
  store.Fail(6, ErrorCode::kServiceUnavailable);
  options.retry_delay_ms_min = options.retry_delay_ms_max = 200;
  worker.reset();
  StartWorker();
  const std::string begun = Start();
  for (int i = 0; i < 2000 && (Get("1") == "200 {}" || Get("2") == "200 {}"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  server.CallAs(acme, "PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"1"},"theirs":{"BOOL":true}}})");
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Status(ended), "COMPLETED_WITH_ERRORS") << ended << Logged();
  EXPECT_THAT(Logged(), HasSubstr("bulk-operation")) << "nothing failed";
  EXPECT_THAT(Get("1"), HasSubstr("theirs"));
}

TEST_P(BulkPutTest, IsCancelledAtWorkAndBeforeIt) {
  MakeTable(acme);
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += Line(std::to_string(i));
  PutInput("in", text);
  const std::string begun = Start(R"(,"MaxWriteRequestUnits":1024)");
  EXPECT_EQ(Count(begun, "MaxWriteRequestUnits"), 1024);
  const std::string arn = Member(begun, "BulkOperationArn");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(Status(Describe(acme, begun)), "IN_PROGRESS");
  EXPECT_EQ(Cancel(arn), fmt::format(R"(200 {{"BulkOperationArn":"{}","BulkOperationStatus":"CANCELLING"}})", arn));
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Status(ended), "CANCELLED") << ended << Logged();
  EXPECT_EQ(Member(ended, "FailureCode"), "Cancelled");
  EXPECT_GT(Count(ended, "ProcessedItemCount"), 0);
  EXPECT_LT(Count(ended, "ProcessedItemCount"), 2000) << "1,024 a second, less than two seconds";
  EXPECT_EQ(Count(Scan(acme, "Orders"), "Count"), Count(ended, "ProcessedItemCount")) << "what was put stays";
  EXPECT_THAT(Cancel(arn), HasSubstr("ValidationException"));
  EXPECT_THAT(Cancel(arn + "0"), HasSubstr("ResourceNotFoundException"));
  EXPECT_THAT(server.CallAs(globex, "CancelBulkOperation", fmt::format(R"({{"BulkOperationArn":"{}"}})", arn)),
              HasSubstr("AccessDeniedException"));

  worker.reset();
  const std::string waiting = Start();
  EXPECT_EQ(Member(Cancel(Member(waiting, "BulkOperationArn")), "BulkOperationStatus"), "CANCELLING");
  EXPECT_EQ(Member(Cancel(Member(waiting, "BulkOperationArn")), "BulkOperationStatus"), "CANCELLING") << "idempotent";
  EXPECT_EQ(Status(Describe(acme, waiting)), "CANCELLING");
  StartWorker();
  EXPECT_EQ(Status(Ended(acme, waiting)), "CANCELLED");
  EXPECT_EQ(Count(Describe(acme, waiting), "ProcessedItemCount"), 0);
}

// One thread, and a job that takes it for long: another tenant's job is done meanwhile, and the first goes on.
TEST_P(BulkPutTest, NobodysJobKeepsAnothersFromItsTurn) {
  options.jobs_max = 1;
  options.limits.checkpoint_bytes = 1000;
  options.limits.slice = std::chrono::milliseconds(0);
  worker.reset();
  StartWorker();
  MakeTable(acme);
  std::string text;
  for (int i = 0; i < 3000; ++i) text += Line(std::to_string(i));
  PutInput("in", text);
  const std::string slow = Start(R"(,"MaxWriteRequestUnits":1024)");
  store.Put(Root(globex) + "exports/in/a.csv", "pk,sk\na,1\n");
  const std::string quick = Import(globex, "in/", R"("InputFormat":"CSV")");
  for (int i = 0; i < 2000 && Member(Describe(globex, quick), "ImportStatus") == "IN_PROGRESS"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(Member(Describe(globex, quick), "ImportStatus"), "COMPLETED") << Logged();
  EXPECT_EQ(Status(Describe(acme, slow)), "IN_PROGRESS");
  const std::string ended = Ended(acme, slow);
  EXPECT_EQ(Status(ended), "COMPLETED") << ended << Logged();
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 3000);
  EXPECT_EQ(Count(Scan(acme, "Orders"), "Count"), 3000);
}

TEST_P(BulkPutTest, WhatCannotSucceedFails) {
  MakeTable(acme);
  EXPECT_EQ(Member(Ended(acme, Start()), "FailureCode"), "S3NoSuchKey");
  PutInput("in", Line("1"));
  EXPECT_EQ(Member(Ended(acme, Start("", R"(,"S3BucketOwner":"123456789012")")), "FailureCode"), "S3AccessDenied");
  store.Fail(1, ErrorCode::kAccessDenied);
  const std::string failed = Ended(acme, Start());
  EXPECT_EQ(Status(failed), "FAILED");
  EXPECT_EQ(Member(failed, "FailureCode"), "S3AccessDenied");
  EXPECT_EQ(Count(Scan(acme, "Orders"), "Count"), 0);

  worker.reset();
  const std::string begun = Start();
  server.CallAs(acme, "DeleteTable", R"({"TableName":"Orders"})");
  server.provisioner->WaitIdle();
  StartWorker();
  EXPECT_EQ(Member(Ended(acme, begun), "FailureCode"), "TableNotFound");
}

// The reports may be where the input is: they are none of it.
TEST_P(BulkPutTest, ReportsAreNoInput) {
  MakeTable(acme);
  PutInput("a", Line("1") + "bad\n");
  PutInput("b", Line("2"));
  options.limits.checkpoint_bytes = 1;  // a report is there before the second object is read
  worker.reset();
  StartWorker();
  store.Fail(9, ErrorCode::kServiceUnavailable);
  const std::string begun = server.CallAs(
      acme, "StartBulkPutItems",
      R"({"TableName":"Orders","InputS3Configuration":{"S3Bucket":"inputs","InputFormat":"DYNAMODB_JSON"},)"
      R"("OutputS3Configuration":{"S3Bucket":"inputs","OutputType":["ERROR"]}})");
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Status(ended), "COMPLETED_WITH_ERRORS") << ended << Logged();
  EXPECT_THAT(Logged(), HasSubstr("bulk-operation")) << "nothing failed";
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 3);
}

TEST_P(BulkPutTest, ATokenBeginsItOnce) {
  MakeTable(acme);
  PutInput("in", Line("1"));
  const std::string first = Start(R"(,"ClientToken":"t")");
  EXPECT_EQ(IdOf(Start(R"(,"ClientToken":"t")")), IdOf(first));
  worker->WaitIdle();
  EXPECT_EQ(IdOf(Start(R"(,"ClientToken":"t")")), IdOf(first));
  EXPECT_THAT(Start(R"(,"ClientToken":"t","PerformanceTier":"ACCELERATED")"),
              HasSubstr("IdempotentParameterMismatchException"));
  server.world.clock.Advance(std::chrono::seconds(1));
  EXPECT_NE(IdOf(Start(R"(,"ClientToken":"u")")), IdOf(first));
  worker->WaitIdle();
  const std::string page = server.CallAs(acme, "ListBulkOperations", R"({"MaxResults":1})");
  EXPECT_NE(IdOf(page), IdOf(first)) << "the latest first";
  const std::string rest = server.CallAs(
      acme, "ListBulkOperations", fmt::format(R"({{"MaxResults":1,"NextToken":"{}"}})", Member(page, "NextToken")));
  EXPECT_EQ(IdOf(rest), IdOf(first));
  EXPECT_EQ(Member(rest, "NextToken"), "");
  EXPECT_THAT(server.CallAs(acme, "ListBulkOperations", R"({"MaxResults":0})"), HasSubstr("ValidationException"));
}

TEST_P(BulkPutTest, RefusalsComeBeforeTheWork) {
  EXPECT_THAT(Start(),
              HasSubstr(R"(ResourceNotFoundException","message":"Requested resource not found: Table: Orders)"));
  MakeTable(acme);
  EXPECT_THAT(Start("", R"(,"InputCompressionType":"LZ4")"), HasSubstr("inputS3Configuration.inputCompressionType"));
  EXPECT_THAT(Start(R"(,"MaxWriteRequestUnits":1023)"), HasSubstr("greater than or equal to 1024"));
  EXPECT_THAT(Start("", "", ""), HasSubstr("OutputType names neither"));
  EXPECT_THAT(Start("", R"(,"S3KeyPrefix":"../x")"), HasSubstr("S3KeyPrefix"));
  const auto with_output = [&](const std::string& output) {
    return server.CallAs(acme, "StartBulkPutItems",
                         fmt::format(R"({{"TableName":"Orders","InputS3Configuration":{{"S3Bucket":"inputs",)"
                                     R"("InputFormat":"DYNAMODB_JSON"}},"OutputS3Configuration":{{{},"OutputType":)"
                                     R"(["ERROR"]}}}})",
                                     output));
  };
  EXPECT_THAT(with_output(R"("S3KeyPrefix":"x")"), HasSubstr("S3Bucket is missing"));
  EXPECT_THAT(with_output(R"("S3Bucket":"outputs","S3SseAlgorithm":"AES256","S3SseKmsKeyId":"k")"),
              HasSubstr("S3SseKmsKeyId can only be used with the S3SseAlgorithm KMS"));
  EXPECT_THAT(server.CallAs(acme, "StartBulkPutItems",
                            R"({"TableName":"Orders","InputS3Configuration":{"S3Bucket":"inputs","InputFormat":"ION"},)"
                            R"("OutputS3Configuration":{"S3Bucket":"outputs","OutputType":["ERROR"]}})"),
              HasSubstr("Ion is not offered"));
  server.provisioner->Stop();
  server.CallAs(acme, "UpdateTable",
                R"({"TableName":"Orders","AttributeDefinitions":[{"AttributeName":"c","AttributeType":"S"}],)"
                R"("GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"by-c","KeySchema":[{"AttributeName":"c",)"
                R"("KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]})");
  EXPECT_THAT(Start(), HasSubstr("ResourceInUseException"));
  server.provisioner->Start();
  server.provisioner->WaitIdle();
  EXPECT_EQ(Status(Start()), "IN_PROGRESS");
  EXPECT_THAT(server.CallAs(acme, "DescribeBulkOperation", R"({"BulkOperationArn":"x"})"),
              HasSubstr("Invalid BulkOperationArn"));
}

}  // namespace
}  // namespace insula::transfer
