// Exports and imports from the request to the last file, under each partition model: what one writes the other reads,
// nothing of another tenant's is in it, faults are outlived, and what can't be imported is said record by record.
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "base/crypto.h"
#include "operations/testing/schemas.h"
#include "storage/backups.h"
#include "storage/refusal.h"
#include "transfer/manifest.h"
#include "transfer/testing/packing.h"
#include "transfer/testing/transfer_fixture.h"
#include "wire/json_reader.h"

namespace insula::transfer {
namespace {

using operations::SchemaOf;
using operations::testing::Await;
using operations::testing::Must;
using tenancy::PartitionModel;

class TransferTest : public testing::TransferFixture {};
INSTANTIATE_TEST_SUITE_P(Models, TransferTest,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& model) { return std::string(NameOf(model.param)); });

constexpr std::string_view kGzipJson = R"("InputFormat":"DYNAMODB_JSON","InputCompressionType":"GZIP")";

TEST_P(TransferTest, WhatAnExportWritesAnImportReads) {
  options.limits.file_bytes = 100'000;  // several files
  worker.reset();
  StartWorker();
  MakeOrders(acme, 40, "acme");
  MakeOrders(globex, 20, "globex");
  const std::string large(200'000, 'x');  // together more than a page of the copy
  for (int i = 0; i < 60; ++i) {
    server.CallAs(
        acme, "PutItem",
        fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"large"}},"sk":{{"N":"{}"}},"x":{{"S":"{}"}}}}}})", i,
                    large));
  }
  const std::string begun = Export(acme);
  EXPECT_EQ(Member(begun, "ExportStatus"), "IN_PROGRESS") << begun;
  EXPECT_EQ(Count(begun, "ItemCount"), -1);
  const std::string id = IdOf(begun);
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Member(ended, "ExportStatus"), "COMPLETED") << ended << Logged();
  EXPECT_EQ(Count(ended, "ItemCount"), 100);
  EXPECT_GT(Count(ended, "BilledSizeBytes"), 100 * 50);
  EXPECT_EQ(Member(ended, "ExportManifest"), "2026/AWSDynamoDB/" + id + "/manifest-summary.json");

  // Every file that the manifest names is there, and what it says of it is so; nothing of the other tenant's is in any.
  const auto files = Objects(acme);
  const std::string base = "2026/AWSDynamoDB/" + id + "/";
  EXPECT_TRUE(files.contains(base + "_started"));
  for (const char* manifest : {"manifest-files", "manifest-summary"}) {
    EXPECT_EQ(files.at(base + manifest + ".md5"), Checksum(files.at(base + manifest + ".json")));
  }
  std::set<std::string> named;
  std::size_t items = 0;
  std::string_view lines = files.at(base + "manifest-files.json");
  while (!lines.empty()) {
    const std::string line(lines.substr(0, lines.find('\n')));
    lines.remove_prefix(line.size() + 1);
    const std::string key = Member(line, "dataFileS3Key");
    named.insert(key);
    const std::string& packed = files.at(key);
    EXPECT_EQ(Member(line, "md5Checksum"), Checksum(packed));
    const std::string text = testing::Unpack(packed, Compression::kGzip).text;
    EXPECT_EQ(static_cast<int>(std::ranges::count(text, '\n')), Count(line, "itemCount"));
    items += static_cast<std::size_t>(Count(line, "itemCount"));
    EXPECT_EQ(text.find("globex"), std::string::npos);
  }
  EXPECT_EQ(items, 100u);
  EXPECT_GT(named.size(), 1u);
  EXPECT_EQ(Objects(acme, base + "data/").size(), named.size());
  EXPECT_TRUE(Objects(globex).empty());

  const std::string imported = Import(acme, base + "data/", kGzipJson);
  EXPECT_EQ(Member(imported, "ImportStatus"), "IN_PROGRESS") << imported;
  const std::string done = Ended(acme, imported);
  EXPECT_EQ(Member(done, "ImportStatus"), "COMPLETED") << done << Logged();
  EXPECT_EQ(Count(done, "ImportedItemCount"), 100);
  EXPECT_EQ(Count(done, "ProcessedItemCount"), 100);
  EXPECT_EQ(Count(done, "ErrorCount"), 0);
  EXPECT_GT(Count(done, "ProcessedSizeBytes"), 100 * 100);
  EXPECT_EQ(All(acme, "Imported"), All(acme, "Orders"));
  EXPECT_EQ(All(acme, "Orders").find("globex"), std::string::npos);
  EXPECT_EQ(server.CallAs(acme, "ListImports", "{}").find("\"ImportStatus\":\"COMPLETED\"") != std::string::npos, true);
  EXPECT_EQ(server.CallAs(globex, "ListImports", "{}"), R"(200 {"ImportSummaryList":[]})");
  EXPECT_EQ(server.CallAs(globex, "ListExports", "{}"), R"(200 {"ExportSummaries":[]})");
}

// A full export is of one moment: what was written since then isn't in it.
TEST_P(TransferTest, AFullExportIsOfItsTime) {
  MakeOrders(acme, 10, "acme");
  server.world.clock.Advance(std::chrono::seconds(10));
  const auto then = std::chrono::duration_cast<std::chrono::seconds>(server.world.clock.Now().time_since_epoch());
  server.world.clock.Advance(std::chrono::seconds(10));
  server.CallAs(acme, "PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"later"},"sk":{"N":"1"}}})");
  server.CallAs(acme, "DeleteItem", R"({"TableName":"Orders","Key":{"pk":{"S":"acme-0"},"sk":{"N":"0"}}})");
  const std::string ended = Ended(acme, Export(acme, fmt::format(R"(,"ExportTime":{})", then.count())));
  EXPECT_EQ(Member(ended, "ExportStatus"), "COMPLETED") << ended << Logged();
  EXPECT_EQ(Count(ended, "ItemCount"), 10);
  const auto data = Objects(acme, "2026/AWSDynamoDB/" + IdOf(ended) + "/data/");
  const std::string text = testing::Unpack(data.begin()->second, Compression::kGzip).text;
  EXPECT_EQ(text.find("later"), std::string::npos);
  EXPECT_NE(text.find(R"("pk":{"S":"acme-0"},"sk":{"N":"0"})"), std::string::npos);
}

TEST_P(TransferTest, AnIncrementalExportHasWhatBecameOfEachItem) {
  const auto put = [&](const std::string& pk, const std::string& v) {
    server.CallAs(
        acme, "PutItem",
        fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"{}"}},"sk":{{"N":"1"}},"v":{{"S":"{}"}}}}}})", pk,
                    v));
  };
  const auto erase = [&](const std::string& pk) {
    server.CallAs(acme, "DeleteItem",
                  fmt::format(R"({{"TableName":"Orders","Key":{{"pk":{{"S":"{}"}},"sk":{{"N":"1"}}}}}})", pk));
  };
  options.limits.changes_bytes = 700;  // two keys at a time
  worker.reset();
  StartWorker();
  MakeOrders(acme, 0, "acme");
  MakeOrders(globex, 5, "globex");
  put("updated", "1"), put("deleted", "1"), put("untouched", "1");
  server.world.clock.Advance(std::chrono::minutes(10));
  const auto from = std::chrono::duration_cast<std::chrono::seconds>(server.world.clock.Now().time_since_epoch());
  put("updated", "2"), put("inserted", "1"), put("passing", "1");
  server.world.clock.Advance(std::chrono::minutes(10));
  put("updated", "3"), erase("deleted"), erase("passing");
  const std::string at = std::to_string(server.world.clock.Now().time_since_epoch().count());
  server.world.clock.Advance(std::chrono::minutes(10));
  const auto to = std::chrono::duration_cast<std::chrono::seconds>(server.world.clock.Now().time_since_epoch());
  put("untouched", "too late");
  server.world.clock.Advance(std::chrono::minutes(1));

  int billed_bytes = 0;
  const auto exported = [&](std::string_view view, const std::string& filter = "") {
    const std::string begun = Export(
        acme, fmt::format(R"(,"ExportType":"INCREMENTAL_EXPORT","IncrementalExportSpecification":)"
                          R"({{"ExportFromTime":{},"ExportToTime":{},"ExportViewType":"{}"}}{}{})",
                          from.count(), to.count(), view, filter.empty() ? "" : R"(,"FilterSpecification":)", filter));
    const std::string ended = Ended(acme, begun);
    EXPECT_EQ(Member(ended, "ExportStatus"), "COMPLETED") << ended << Logged();
    EXPECT_EQ(Member(ended, "ExportViewType"), view);
    EXPECT_NE(ended.find(filter), std::string::npos) << ended;
    billed_bytes = Count(ended, "BilledSizeBytes");
    const auto objects = Objects(acme);
    std::string_view manifest = objects.at("2026/AWSDynamoDB/" + IdOf(ended) + "/manifest-files.json");
    std::set<std::string> records;
    while (!manifest.empty()) {
      const std::string line(manifest.substr(0, manifest.find('\n')));
      manifest.remove_prefix(line.size() + 1);
      const std::string key = Member(line, "dataFileS3Key");
      EXPECT_TRUE(key.starts_with("2026/AWSDynamoDB/data/")) << key;
      std::string text = testing::Unpack(objects.at(key), Compression::kGzip).text;
      while (!text.empty()) {
        records.insert(text.substr(0, text.find('\n')));
        text.erase(0, text.find('\n') + 1);
      }
    }
    EXPECT_EQ(Count(ended, "ItemCount"), static_cast<int>(records.size()));
    return records;
  };
  const std::string first = std::to_string(std::chrono::microseconds(from).count());
  const auto record = [&](const std::string& time, const std::string& pk, const std::string& images) {
    return fmt::format(
        R"({{"Metadata":{{"WriteTimestampMicros":{{"N":"{}"}}}},"Keys":{{"pk":{{"S":"{}"}},"sk":{{"N":"1"}}}}{}}})",
        time, pk, images);
  };
  const auto image = [](const std::string& name, const std::string& pk, const std::string& v) {
    return fmt::format(R"(,"{}":{{"pk":{{"S":"{}"}},"sk":{{"N":"1"}},"v":{{"S":"{}"}}}})", name, pk, v);
  };
  EXPECT_EQ(exported("NEW_AND_OLD_IMAGES"),
            (std::set<std::string>{
                record(at, "updated", image("OldImage", "updated", "1") + image("NewImage", "updated", "3")),
                record(at, "deleted", image("OldImage", "deleted", "1")),
                record(first, "inserted", image("NewImage", "inserted", "1"))}));
  EXPECT_EQ(exported("NEW_IMAGE"),
            (std::set<std::string>{record(at, "updated", image("NewImage", "updated", "3")), record(at, "deleted", ""),
                                   record(first, "inserted", image("NewImage", "inserted", "1"))}));
  const int new_images_bytes = billed_bytes;

  // A filter looks at what an item is now, or was last; what is left out was read all the same.
  EXPECT_EQ(exported("NEW_AND_OLD_IMAGES", R"({"FilterExpression":"v = :v AND pk <> :p","ExpressionAttributeValues":)"
                                           R"({":p":{"S":"x"},":v":{"S":"3"}}})"),
            (std::set<std::string>{
                record(at, "updated", image("OldImage", "updated", "1") + image("NewImage", "updated", "3"))}));
  const std::string ones =
      R"({"FilterExpression":"v = :v","ExpressionAttributeValues":{":v":{"S":"1"}},"ProjectionExpression":"v"})";
  const std::string inserted = record(first, "inserted", R"(,"NewImage":{"v":{"S":"1"}})");
  EXPECT_EQ(exported("NEW_AND_OLD_IMAGES", ones),
            (std::set<std::string>{record(at, "deleted", R"(,"OldImage":{"v":{"S":"1"}})"), inserted}));
  EXPECT_EQ(exported("NEW_IMAGE", ones), (std::set<std::string>{record(at, "deleted", ""), inserted}));
  EXPECT_EQ(billed_bytes, new_images_bytes);
  EXPECT_EQ(
      exported("NEW_AND_OLD_IMAGES", R"({"KeyConditionExpression":"pk = :p AND sk = :s",)"
                                     R"("ExpressionAttributeValues":{":p":{"S":"updated"},":s":{"N":"1"}},)"
                                     R"("ProjectionExpression":"pk, v"})"),
      (std::set<std::string>{record(
          at, "updated",
          R"(,"OldImage":{"pk":{"S":"updated"},"v":{"S":"1"}},"NewImage":{"pk":{"S":"updated"},"v":{"S":"3"}})")}));
}

TEST_P(TransferTest, AFilterLimitsWhatAnExportHas) {
  MakeOrders(acme, 21, "acme");
  const auto exported = [&](const std::string& filter) {
    const std::string begun = Export(acme, fmt::format(R"(,"FilterSpecification":{})", filter));
    EXPECT_NE(begun.find("\"FilterSpecification\":" + filter), std::string::npos) << begun;
    const std::string ended = Ended(acme, begun);
    EXPECT_EQ(Member(ended, "ExportStatus"), "COMPLETED") << ended << Logged();
    const auto data = Objects(acme, "2026/AWSDynamoDB/" + IdOf(ended) + "/data/");
    const std::string text = testing::Unpack(data.begin()->second, Compression::kGzip).text;
    EXPECT_EQ(Count(ended, "ItemCount"), static_cast<int>(std::ranges::count(text, '\n')));
    EXPECT_GT(Count(ended, "BilledSizeBytes"), 21 * 50) << "the table is read as a whole";
    return text;
  };
  EXPECT_EQ(
      exported(R"*({"FilterExpression":"sk > :s AND contains(#l, :x)","ExpressionAttributeNames":{"#l":"ss"},)*"
               R"("ExpressionAttributeValues":{":s":{"N":"19"},":x":{"S":"x"}},"ProjectionExpression":"sk, m.l[1]"})"),
      R"({"Item":{"m":{"M":{"l":{"L":[{"BOOL":false}]}}},"sk":{"N":"20"}}})"
      "\n");
  EXPECT_EQ(exported(R"({"KeyConditionExpression":"pk = :p AND sk BETWEEN :a AND :b","ExpressionAttributeValues":)"
                     R"({":p":{"S":"acme-3"},":a":{"N":"4"},":b":{"N":"10"}},"ProjectionExpression":"pk, sk"})"),
            R"({"Item":{"pk":{"S":"acme-3"},"sk":{"N":"10"}}})"
            "\n");
  const auto refused = [&](const std::string& filter, const std::string& more = "") {
    return Export(acme, fmt::format(R"(,"FilterSpecification":{}{})", filter, more));
  };
  EXPECT_NE(refused(R"({"FilterExpression":"sk >"})").find("Invalid FilterExpression: Syntax error"),
            std::string::npos);
  EXPECT_NE(refused(R"({"KeyConditionExpression":"sk = :s","ExpressionAttributeValues":{":s":{"N":"1"}}})")
                .find("Query condition missed key schema element: pk"),
            std::string::npos);
  EXPECT_NE(refused(R"({"KeyConditionExpression":"pk = :p","FilterExpression":"sk = :s",)"
                    R"("ExpressionAttributeValues":{":s":{"N":"1"},":p":{"S":"1"}}})")
                .find("Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"),
            std::string::npos);
  EXPECT_NE(refused(R"({"ExpressionAttributeNames":{"#a":"a"}})").find("can only be specified when using expressions"),
            std::string::npos);
}

TEST_P(TransferTest, AnEmptyTableIsOneEmptyFile) {
  MakeOrders(acme, 0, "acme");
  const std::string ended = Ended(acme, Export(acme));
  EXPECT_EQ(Count(ended, "ItemCount"), 0) << ended;
  EXPECT_EQ(Count(ended, "BilledSizeBytes"), 0);
  const auto data = Objects(acme, "2026/AWSDynamoDB/" + IdOf(ended) + "/data/");
  ASSERT_EQ(data.size(), 1u);
  EXPECT_EQ(testing::Unpack(data.begin()->second, Compression::kGzip).text, "");
}

TEST_P(TransferTest, NobodyReachesAnotherTenantsObjects) {
  MakeOrders(acme, 3, "acme");
  MakeOrders(globex, 3, "globex");
  const std::string begun = Export(acme);
  ASSERT_EQ(Member(Ended(acme, begun), "ExportStatus"), "COMPLETED");
  const auto before = Objects(acme);

  EXPECT_NE(server.CallAs(globex, "DescribeExport", fmt::format(R"({{"ExportArn":"{}"}})", Member(begun, "ExportArn")))
                .find("AccessDeniedException"),
            std::string::npos);
  EXPECT_NE(server
                .CallAs(globex, "ExportTableToPointInTime",
                        fmt::format(R"({{"TableArn":"{}","S3Bucket":"exports"}})", OrdersArn(acme)))
                .find("AccessDeniedException"),
            std::string::npos);
  // The same bucket and prefix are other objects; there are none.
  const std::string base = "2026/AWSDynamoDB/" + IdOf(begun) + "/data/";
  const std::string none = Ended(globex, Import(globex, base, kGzipJson));
  EXPECT_EQ(Member(none, "ImportStatus"), "FAILED") << none;
  EXPECT_EQ(Member(none, "FailureCode"), "S3NoSuchBucket");
  // Its table is no more: aws-controllers-k8s/dynamodb-controller, docs/api-quirks, IMPORT-012.
  EXPECT_NE(Scan(globex, "Imported").find("ResourceNotFoundException"), std::string::npos);
  const std::string account = tenancy::AccountOf(acme).value();
  for (const std::string& prefix :
       {"../../" + account + "/exports/" + base, std::string("../exports/"), std::string("/") + Root(acme),
        std::string("a/../../x"), std::string("./"), std::string("a\\u0000b")}) {
    EXPECT_EQ(Import(globex, prefix, kGzipJson, "Stolen").substr(0, 3), "400") << prefix;
  }
  for (const char* bucket : {"../exports", "..", "exports/2026", "a/b", "x"}) {
    const std::string answer =
        server.CallAs(globex, "ExportTableToPointInTime",
                      fmt::format(R"({{"TableArn":"{}","S3Bucket":"{}"}})", OrdersArn(globex), bucket));
    EXPECT_EQ(answer.substr(0, 3), "400") << answer;
  }
  const std::string owned = Ended(globex, Export(globex, fmt::format(R"(,"S3BucketOwner":"{}")", account)));
  EXPECT_EQ(Member(owned, "FailureCode"), "S3AccessDenied") << owned;
  EXPECT_EQ(Ended(globex, Export(globex, fmt::format(R"(,"S3BucketOwner":"{}")", tenancy::AccountOf(globex).value())))
                    .find("COMPLETED") != std::string::npos,
            true);
  EXPECT_EQ(Objects(acme), before);
}

TEST_P(TransferTest, AnyOneFaultIsOutlived) {
  MakeOrders(acme, 30, "acme");
  const std::string clean = Export(acme);
  ASSERT_EQ(Member(Ended(acme, clean), "ExportStatus"), "COMPLETED");
  const std::string base = "2026/AWSDynamoDB/" + IdOf(clean) + "/data/";
  for (const ErrorCode code : {ErrorCode::kServiceUnavailable, ErrorCode::kStorageFull, ErrorCode::kIo}) {
    for (int nth = 1; nth < 20; nth += 1 + static_cast<int>(code) % 3) {
      store.Fail(nth, code);
      const std::string ended = Ended(acme, Export(acme));
      EXPECT_EQ(Member(ended, "ExportStatus"), "COMPLETED") << nth << ended;
      EXPECT_EQ(Count(ended, "ItemCount"), 30);
      EXPECT_EQ(testing::Unpack(Objects(acme, "2026/AWSDynamoDB/" + IdOf(ended) + "/data/").begin()->second,
                                Compression::kGzip)
                    .text,
                testing::Unpack(Objects(acme, base).begin()->second, Compression::kGzip).text);
    }
  }
  for (int nth = 1; nth < 6; ++nth) {
    store.Fail(nth, ErrorCode::kServiceUnavailable);
    const std::string table = "Imported" + std::to_string(nth);
    const std::string ended = Ended(acme, Import(acme, base, kGzipJson, table));
    EXPECT_EQ(Member(ended, "ImportStatus"), "COMPLETED") << nth << ended;
    EXPECT_EQ(Count(ended, "ImportedItemCount"), 30);
    EXPECT_EQ(Scan(acme, table), Scan(acme, "Orders"));
  }
}

TEST_P(TransferTest, WhatDoesNotPassFails) {
  MakeOrders(acme, 3, "acme");
  store.Fail(3, ErrorCode::kAccessDenied);
  std::string ended = Ended(acme, Export(acme));
  EXPECT_EQ(Member(ended, "ExportStatus"), "FAILED") << ended;
  EXPECT_EQ(Member(ended, "FailureCode"), "S3AccessDenied");
  EXPECT_EQ(Member(ended, "FailureMessage"), "Access Denied");
  store.Fail(1, ErrorCode::kStorageFull, 1000);
  ended = Ended(acme, Export(acme));
  EXPECT_EQ(Member(ended, "FailureCode"), "S3StorageFull") << ended;
  EXPECT_EQ(ended.find("a fault of the test"), std::string::npos) << "the cause is for the operator's log";
  EXPECT_NE(Logged().find("a fault of the test"), std::string::npos);
  store.Fail(0, ErrorCode::kIo, 0);
  EXPECT_EQ(Member(Ended(acme, Export(acme)), "ExportStatus"), "COMPLETED");
}

TEST_P(TransferTest, AJobWaitsForRoomAndNobodysObjectsTakeEverybodys) {
  MakeOrders(acme, 3, "acme");
  MakeOrders(globex, 3, "globex");
  std::atomic<bool> room = true;
  std::atomic<std::uint64_t> left = 1 << 20;
  options.has_room = [&] { return room.load(); };
  options.place_free_bytes = [&] { return left.load(); };
  worker.reset();
  StartWorker();
  room = false;
  EXPECT_EQ(Member(Ended(acme, Export(acme)), "FailureCode"), "S3StorageFull");
  room = true;
  EXPECT_EQ(Member(Ended(acme, Export(acme)), "ExportStatus"), "COMPLETED");
  left = 100;  // fewer than it has
  EXPECT_EQ(Member(Ended(acme, Export(acme)), "FailureCode"), "S3StorageFull");
  EXPECT_EQ(Member(Ended(globex, Export(globex)), "ExportStatus"), "COMPLETED");
  EXPECT_NE(Logged().find("must be deleted first"), std::string::npos) << Logged();
  worker.reset();
}

TEST_P(TransferTest, BadRecordsAreLeftOutAndReported) {
  const std::string large(410 * 1024, 'x');
  const std::string root = Root(acme) + "exports/in/";
  store.Put(root + "1.json", R"({"Item":{"pk":{"S":"good"},"sk":{"N":"1"}}})"
                             "\n\n"
                             "not json\n"
                             R"({"Item":{"pk":{"S":"no sk"}}})"
                             "\n"
                             R"({"Item":{"pk":{"N":"1"},"sk":{"N":"1"}}})"
                             "\n"
                             R"({"Item":{"pk":{"S":""},"sk":{"N":"1"}}})"
                             "\n"
                             R"({"Item":{"pk":{"S":")" +
                                 large +
                                 R"("},"sk":{"N":"1"}}})"
                                 "\n"
                                 R"({"Item":{"pk":{"S":"large"},"sk":{"N":"1"},"x":{"S":")" +
                                 large +
                                 R"("}}})"
                                 "\n"
                                 "{\"Item\":{\"pk\":{\"S\":\"\xc3\x28\"},\"sk\":{\"N\":\"1\"}}}\n" +
                                 std::string(9 * 1024 * 1024, '7') +
                                 "\n"
                                 R"({"Item":{"pk":{"S":"good"},"sk":{"N":"2"}}})");
  const std::string ended = Ended(acme, Import(acme, "in/", R"("InputFormat":"DYNAMODB_JSON")"));
  EXPECT_EQ(Member(ended, "ImportStatus"), "FAILED") << ended;
  EXPECT_EQ(Member(ended, "FailureCode"), "ItemValidationError");
  EXPECT_TRUE(
      Member(ended, "FailureMessage").starts_with("Some of the items failed validation checks and were not imported."));
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 10);
  EXPECT_EQ(Count(ended, "ImportedItemCount"), 2);
  EXPECT_EQ(Count(ended, "ErrorCount"), 8);
  EXPECT_EQ(Count(Scan(acme, "Imported"), "Count"), 2);
  const auto logged = Objects(acme, IdOf(ended) + "/", "insula-import-errors");
  ASSERT_EQ(logged.size(), 1u);
  const std::string& lines = logged.begin()->second;
  EXPECT_EQ(std::ranges::count(lines, '\n'), 8);
  EXPECT_TRUE(
      lines.starts_with(R"({"itemS3Pointer":{"bucket":"exports","key":"in/1.json","itemIndex":1},"importArn":")" +
                        Member(ended, "ImportArn") + R"(","errorMessages":["The record is not JSON in UTF-8"]})"))
      << lines;
  for (const char* why : {"Missing the key sk in the item", "Type mismatch for key", "Item size has exceeded",
                          "The record is longer than 8388608 bytes"}) {
    EXPECT_NE(lines.find(why), std::string::npos) << why << lines;
  }
  EXPECT_EQ(Count(Scan(acme, "Imported"), "Count"), 2);
}

TEST_P(TransferTest, ATruncatedObjectIsReadAsFarAsItGoes) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += fmt::format(R"({{"Item":{{"pk":{{"S":"{0}"}},"sk":{{"N":"{0}"}}}}}})"
                        "\n",
                        i);
  const std::string whole = testing::Gzip(text);
  const std::string root = Root(acme) + "exports/in/";
  store.Put(root + "1.json.gz", whole.substr(0, whole.size() / 2));
  store.Put(root + "2.json.gz", testing::Gzip(R"({"Item":{"pk":{"S":"whole"},"sk":{"N":"1"}}})"));
  const std::string ended = Ended(acme, Import(acme, "in/", kGzipJson));
  EXPECT_EQ(Member(ended, "FailureCode"), "ItemValidationError") << ended;
  EXPECT_EQ(Count(ended, "ErrorCount"), 1);
  EXPECT_GT(Count(ended, "ImportedItemCount"), 500);
  EXPECT_LT(Count(ended, "ImportedItemCount"), 5000);
  EXPECT_EQ(Count(Scan(acme, "Imported"), "Count") > 500, true);
  EXPECT_NE(server.CallAs(acme, "GetItem", R"({"TableName":"Imported","Key":{"pk":{"S":"whole"},"sk":{"N":"1"}}})")
                .find("whole"),
            std::string::npos);
}

TEST_P(TransferTest, CsvByHeaderLineOrByRequest) {
  const std::string root = Root(acme) + "exports/csv/";
  store.Put(root + "a.csv", "pk,sk,note\n1,2,\"a, b\"\nx,y,z\n");
  std::string ended = Ended(acme, Import(acme, "csv/", R"("InputFormat":"CSV")"));
  EXPECT_EQ(Count(ended, "ImportedItemCount"), 1) << ended;
  EXPECT_EQ(Count(ended, "ErrorCount"), 1);
  EXPECT_NE(Scan(acme, "Imported").find(R"({"note":{"S":"a, b"},"pk":{"S":"1"},"sk":{"N":"2"}})"), std::string::npos);

  store.Put(root + "a.csv", testing::Zstd("1;2\n3;4\n"));
  ended = Ended(acme, Import(acme, "csv/",
                             R"("InputFormat":"CSV","InputCompressionType":"ZSTD","InputFormatOptions":{"Csv":)"
                             R"({"Delimiter":";","HeaderList":["pk","sk"]}})",
                             "Second"));
  EXPECT_EQ(Member(ended, "ImportStatus"), "COMPLETED") << ended;
  EXPECT_EQ(Count(ended, "ImportedItemCount"), 2);
  EXPECT_NE(ended.find(R"("InputFormatOptions":{"Csv":{"Delimiter":";","HeaderList":["pk","sk"]}})"),
            std::string::npos);
}

TEST_P(TransferTest, StoppedAnywhereItGoesOn) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += fmt::format(R"({{"Item":{{"pk":{{"S":"{0}"}},"sk":{{"N":"{0}"}}}}}})"
                        "\n",
                        i);
  text += "bad\n";
  const std::string root = Root(acme) + "exports/in/";
  for (int i = 0; i < 3; ++i) store.Put(root + std::to_string(i), text);
  options.limits.checkpoint_bytes = 10'000;
  worker.reset();
  StartWorker();
  const std::string begun = Import(acme, "in/", R"("InputFormat":"DYNAMODB_JSON")");
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    worker.reset();
    EXPECT_NE(server.CallAs(acme, "DescribeTable", R"({"TableName":"Imported"})").find("TableStatus"),
              std::string::npos);
    StartWorker();
  }
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Count(ended, "ImportedItemCount"), 9000) << ended;
  EXPECT_EQ(Count(ended, "ProcessedItemCount"), 9003);
  EXPECT_EQ(Count(ended, "ErrorCount"), 3);
  EXPECT_EQ(Count(Scan(acme, "Imported"), "Count"), 3000);
  std::string logged;
  for (const auto& [key, lines] : Objects(acme, "", "insula-import-errors")) logged += lines;
  EXPECT_EQ(std::ranges::count(logged, '\n'), 3);
}

TEST_P(TransferTest, RefusalsAreDynamoDBs) {
  server.CreateTableAs(acme, "Orders", SchemaOf(AttributeType::kS));
  const std::string arn = OrdersArn(acme);
  EXPECT_NE(
      Export(acme).find(
          R"(PointInTimeRecoveryUnavailableException","message":"Point in time recovery is not enabled for table 'Orders'")"),
      std::string::npos);
  EnablePointInTime(acme);
  EXPECT_NE(
      server.CallAs(acme, "ExportTableToPointInTime", fmt::format(R"({{"TableArn":"{}x","S3Bucket":"exports"}})", arn))
          .find(fmt::format(R"(TableNotFoundException","message":"Table not found: {}x")", arn)),
      std::string::npos);
  EXPECT_NE(Export(acme, R"(,"ExportTime":4000000000)").find("InvalidExportTimeException"), std::string::npos);
  EXPECT_NE(Export(acme, R"(,"ExportTime":1)").find("InvalidExportTimeException"), std::string::npos);
  EXPECT_NE(Export(acme, R"(,"ExportFormat":"ION")").find("Ion is not offered"), std::string::npos);
  EXPECT_NE(Export(acme, R"(,"ExportType":"INCREMENTAL_EXPORT")").find("Incremental Export Specification expected"),
            std::string::npos);
  EXPECT_NE(
      server.CallAs(acme, "ExportTableToPointInTime", R"({"S3Bucket":"_"})")
          .find("2 validation errors detected: Value null at 'tableArn' failed to satisfy constraint: Member must "
                "not be null; Value '_' at 's3Bucket' failed to satisfy constraint: Member must satisfy regular "
                "expression pattern: ^[a-z0-9A-Z]+[\\\\.\\\\-\\\\w]*[a-z0-9A-Z]+$"),
      std::string::npos)
      << server.CallAs(acme, "ExportTableToPointInTime", R"({"S3Bucket":"_"})");
  EXPECT_NE(Import(acme, "in/", R"("InputFormat":"ION")").find("Ion is not offered"), std::string::npos);
  EXPECT_NE(Import(acme, "in/", R"("InputFormat":"CSV")", "Orders").find("ResourceInUseException"), std::string::npos);
  EXPECT_NE(Import(acme, "in/", R"("InputFormat":"CSV")", "x").find("tableCreationParameters.tableName"),
            std::string::npos);
  EXPECT_NE(server.CallAs(acme, "DescribeExport", fmt::format(R"({{"ExportArn":"{}/export/01"}})", arn))
                .find("ExportNotFoundException"),
            std::string::npos);
  EXPECT_NE(server.CallAs(acme, "DescribeImport", fmt::format(R"({{"ImportArn":"{}/import/01"}})", arn))
                .find("ImportNotFoundException"),
            std::string::npos);
  EXPECT_NE(server.CallAs(acme, "ListExports", R"({"NextToken":"../x"})").find("Provided nextToken is invalid"),
            std::string::npos);
  operations::testing::Server without(GetParam());
  EXPECT_NE(without.Call("ImportTable", "{}").find("validation errors detected"), std::string::npos);
  without.CreateTable("Orders", SchemaOf(AttributeType::kS));
  EXPECT_NE(without
                .Call("ExportTableToPointInTime",
                      fmt::format(R"({{"TableArn":"{}","S3Bucket":"exports"}})",
                                  Must(without.world.catalog->Find(without.tenant, "Orders"))->arn))
                .find("this server has no place for objects configured"),
            std::string::npos);
}

TEST_P(TransferTest, ATableBeingImportedIsNotThereForItsItemsYet) {
  worker.reset();
  const std::string begun = Import(acme, "in/", R"("InputFormat":"CSV")");
  ASSERT_EQ(begun.substr(0, 3), "200") << begun;
  server.provisioner->WaitIdle();
  EXPECT_NE(server.CallAs(acme, "DescribeTable", R"({"TableName":"Imported"})").find(R"("TableStatus":"CREATING")"),
            std::string::npos);
  EXPECT_NE(Scan(acme, "Imported").find("ResourceNotFoundException"), std::string::npos);
  store.Put(Root(acme) + "exports/in/a.csv", "pk,sk\na,1\n");
  StartWorker();
  EXPECT_EQ(Member(Ended(acme, begun), "ImportStatus"), "COMPLETED");
  EXPECT_NE(server.CallAs(acme, "DescribeTable", R"({"TableName":"Imported"})").find(R"("TableStatus":"ACTIVE")"),
            std::string::npos);
  EXPECT_EQ(Count(Scan(acme, "Imported"), "Count"), 1);
}

TEST_P(TransferTest, ATokenBeginsAJobOnce) {
  MakeOrders(acme, 20, "acme");
  const std::string first = Export(acme, R"(,"ClientToken":"once","S3SseAlgorithm":"KMS","S3SseKmsKeyId":"key")");
  EXPECT_EQ(Member(first, "ClientToken"), "once");
  EXPECT_EQ(Member(first, "S3SseAlgorithm"), "KMS");
  EXPECT_EQ(Member(first, "S3SseKmsKeyId"), "key");
  const std::string again = Export(acme, R"(,"ClientToken":"once","S3SseAlgorithm":"KMS","S3SseKmsKeyId":"key")");
  EXPECT_EQ(Member(again, "ExportArn"), Member(first, "ExportArn"));
  EXPECT_NE(Export(acme, R"(,"ClientToken":"once")").find("ExportConflictException"), std::string::npos);
  worker->WaitIdle();
  const std::string from = fmt::format("2026/AWSDynamoDB/{}/data/", IdOf(first));
  const std::string token = fmt::format(R"("ClientToken":"in",{})", kGzipJson);
  const std::string begun = Import(acme, from, token);
  EXPECT_EQ(Member(Import(acme, from, token), "ImportArn"), Member(begun, "ImportArn"));
  EXPECT_NE(Import(acme, from, token, "Another").find("ImportConflictException"), std::string::npos);
  worker->WaitIdle();

  Export(acme);
  const std::string page = server.CallAs(acme, "ListExports", R"({"MaxResults":1})");
  const std::string rest = server.CallAs(
      acme, "ListExports", fmt::format(R"({{"MaxResults":1,"NextToken":"{}"}})", Member(page, "NextToken")));
  EXPECT_NE(Member(page, "ExportArn"), Member(rest, "ExportArn"));
  EXPECT_EQ(Member(rest, "NextToken"), "");
  const std::string imports = server.CallAs(acme, "ListImports", R"({"PageSize":1})");
  EXPECT_EQ(Member(imports, "ImportArn"), Member(begun, "ImportArn"));
  worker->WaitIdle();
}

TEST_P(TransferTest, AnExportLeavesNoCopy) {
  MakeOrders(acme, 10, "acme");
  store.Fail(3, ErrorCode::kServiceUnavailable);  // once the copy is made
  const std::string begun = Export(acme);
  const std::string ended = Ended(acme, begun);
  EXPECT_EQ(Member(ended, "ExportStatus"), "COMPLETED") << ended << Logged();
  store.Fail(3, ErrorCode::kAccessDenied);
  const std::string failed = Ended(acme, Export(acme));
  EXPECT_EQ(Member(failed, "ExportStatus"), "FAILED") << failed << Logged();
  const StoreId kept_in = Must(server.world.catalog->Find(acme, "Orders"))->ref.store();
  for (const std::string& id : {IdOf(begun), IdOf(failed)}) {
    const auto copy = Await(server.engine->backups()->Stats(kept_in, "export-" + id));
    ASSERT_FALSE(copy.ok());
    EXPECT_EQ(storage::RefusalOf(copy.error()), storage::Refusal::kNoSuchBackup);
  }
}

TEST_P(TransferTest, WhenItsTenantGoesAJobEnds) {
  MakeOrders(acme, 50, "acme");
  store.Fail(4, ErrorCode::kServiceUnavailable, 3);
  const std::string begun = Export(acme);
  Must(Await(server.world.organization->Delete(TenantId("acme"))));
  worker->WaitIdle();
  server.provisioner->WaitIdle();
  EXPECT_TRUE(tenancy::TransferWork(*server.world.catalog).Pending().empty());
}

}  // namespace
}  // namespace insula::transfer
