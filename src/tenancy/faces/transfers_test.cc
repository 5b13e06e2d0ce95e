// Who may begin an export or an import, who finds it again, and what becomes of it when tables and tenants go.
#include "tenancy/faces/transfers.h"

#include "tenancy/codec/record_codec.h"
#include "tenancy/faces/transfer_work.h"
#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using testing::Await;
using testing::Definition;
using testing::Must;
using testing::World;

TransferRecord Export(std::string token = "", std::string fingerprint = "f") {
  TransferRecord wanted;
  wanted.client_token = std::move(token);
  wanted.fingerprint = std::move(fingerprint);
  wanted.bucket = "exports";
  wanted.prefix = "2026";
  wanted.details = ExportDetails();
  return wanted;
}
TransferRecord Import(std::string token = "") {
  TransferRecord wanted = Export(std::move(token));
  ImportDetails details;
  details.input.format = "CSV";
  details.input.headers = {"pk", "a \"quoted\" one"};
  details.parameters = R"({"TableName":"Imported"})";
  wanted.details = std::move(details);
  return wanted;
}

// Every member has a value that it wouldn't have by itself.
TransferRecord BulkPut(std::string token = "") {
  TransferRecord wanted = Export(std::move(token));
  BulkPutDetails details;
  details.input = {"DYNAMODB_JSON", "ZSTD", "", {}};
  details.output_bucket = "reports";
  details.output_prefix = "a/b";
  details.output_owner = "123456789012";
  details.sse_algorithm = "KMS";
  details.sse_kms_key = "key";
  details.report_errors = true;
  details.report_failed_conditions = true;
  details.write_units_max = 2000;
  details.tier = "STANDARD";
  details.total_bytes = 1;
  details.processed_bytes = 2;
  details.processed_items = 3;
  details.errors = 4;
  details.failed_conditions = 5;
  details.usage.table = 6;
  details.usage.indexes = {{"by-x", {IndexKind::kGlobal, 7}}, {"vectors", {IndexKind::kVector, 8}}};
  details.cursor = {"object", 9};
  details.error_files = 10;
  details.condition_files = 11;
  wanted.details = std::move(details);
  return wanted;
}

class TransfersTest : public ::testing::TestWithParam<PartitionModel> {
 protected:
  TransfersTest() {
    world.Service("prod", "shop", GetParam(), true);
    world.Service("prod", "billing", GetParam(), true);
    acme = world.Tenant("prod", "shop", "acme");
    globex = world.Tenant("prod", "shop", "globex");
    elsewhere = world.Tenant("prod", "billing", "acme");
    for (const Context& context : {acme, globex, elsewhere}) {
      Must(Await(world.catalog->CreateTable(context, Definition("Orders"))));
    }
    world.Provision();
  }
  Transfers transfers() { return Transfers(*world.catalog); }
  TransferWork work() { return TransferWork(*world.catalog); }
  TablePtr Orders(const Context& context) { return Must(world.catalog->Find(context, "Orders")); }
  TransferPtr Begin(const Context& context, TransferRecord wanted = Export()) {
    return Must(Await(transfers().StartExport(context, Orders(context), std::move(wanted))));
  }
  std::string Code(const Result<TransferPtr>& result) {
    return result.ok() ? "ok" : std::string(TraitsOf(result.error().code()).name);
  }

  World world;
  Context acme = testing::Nobody(), globex = acme, elsewhere = acme;
};
INSTANTIATE_TEST_SUITE_P(Models, TransfersTest,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& model) { return std::string(NameOf(model.param)); });

TEST_P(TransfersTest, IsFoundByItsArnAndByNobodyElse) {
  const TransferPtr mine = Begin(acme);
  const std::string arn = transfers().ArnOf(*mine);
  EXPECT_EQ(arn, Orders(acme)->arn + "/export/" + mine->id);
  EXPECT_EQ(mine->id.size(), 23u);
  EXPECT_EQ(Must(transfers().Find(acme, TransferKind::kExport, arn))->id, mine->id);

  EXPECT_EQ(Code(transfers().Find(globex, TransferKind::kExport, arn)), "AccessDeniedException");
  // The same tenant has the same account in another service, and yet that context's exports are its own.
  EXPECT_EQ(Code(transfers().Find(elsewhere, TransferKind::kExport, arn)), "ExportNotFoundException");
  EXPECT_EQ(Code(transfers().Find(acme, TransferKind::kImport, arn)), "ValidationException");
  EXPECT_EQ(Code(transfers().Find(acme, TransferKind::kExport, arn + "0")), "ExportNotFoundException");
  EXPECT_EQ(Code(transfers().Find(acme, TransferKind::kExport, "arn:aws:dynamodb:us-east-1:1:x")),
            "ValidationException");
  const Context op = Must(world.catalog->OperatorContextOf(AccountId()));
  EXPECT_FALSE(transfers().Find(op, TransferKind::kExport, arn).ok());
  EXPECT_FALSE(transfers().List(op, TransferKind::kExport, std::nullopt, "", 10).ok());
  EXPECT_FALSE(Await(transfers().StartExport(op, Orders(acme), Export())).ok());

  for (const Context& other : {globex, elsewhere}) {
    EXPECT_TRUE(transfers().List(other, TransferKind::kExport, std::nullopt, "", 10)->transfers.empty());
  }
  EXPECT_EQ(transfers().List(globex, TransferKind::kExport, Orders(acme)->arn, "", 10).error().code(),
            ErrorCode::kAccessDenied);
}

TEST_P(TransfersTest, ListsTheLatestFirstPageByPage) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.insert(ids.begin(), Begin(acme)->id);
    world.clock.Advance(std::chrono::seconds(1));
  }
  std::vector<std::string> listed;
  std::string after;
  for (int page = 0; page < 3; ++page) {
    const TransferPage part = Must(transfers().List(acme, TransferKind::kExport, Orders(acme)->arn, after, 2));
    for (const TransferPtr& transfer : part.transfers) listed.push_back(transfer->id);
    EXPECT_EQ(part.last.has_value(), page < 2);
    after = part.last.value_or("");
  }
  EXPECT_EQ(listed, ids);
  EXPECT_TRUE(transfers().List(acme, TransferKind::kImport, std::nullopt, "", 2)->transfers.empty());
}

TEST_P(TransfersTest, AClientTokenCountsForEightHours) {
  const TransferPtr first = Begin(acme, Export("token", "a"));
  EXPECT_EQ(Begin(acme, Export("token", "a"))->id, first->id);
  EXPECT_EQ(Code(Await(transfers().StartExport(acme, Orders(acme), Export("token", "b")))), "ExportConflictException");
  // Another context's token is another token; so is an import's.
  EXPECT_NE(Begin(globex, Export("token", "b"))->id, first->id);
  EXPECT_EQ(Code(Await(transfers().StartImport(acme, Definition("Imported"), Import("token")))), "ok");
  EXPECT_EQ(Code(Await(transfers().StartImport(acme, Definition("Other"), Import("token")))), "ok");
  EXPECT_FALSE(world.catalog->Find(acme, "Other").ok()) << "the first import was the answer";

  TransferRecord done = *first;
  done.status = TransferStatus::kCompleted;
  Must(Await(work().Save(done)));
  world.clock.Advance(std::chrono::hours(7));
  EXPECT_EQ(Begin(acme, Export("token", "a"))->id, first->id);
  world.clock.Advance(std::chrono::hours(2));
  EXPECT_NE(Begin(acme, Export("token", "b"))->id, first->id);
}

TEST_P(TransfersTest, GoesOnAfterARestart) {
  TransferRecord half = *Begin(acme);
  half.as_export().cursor = 77;
  half.as_export().position = std::string("\0\xff\x10", 3);
  half.as_export().files = {{"00000000.json.gz", 3, "md5==", "etag-1"}};
  half.as_export().items = 3;
  Must(Await(work().Save(half)));
  const TransferPtr import = Must(Await(transfers().StartImport(acme, Definition("Imported"), Import())));

  world.Reopen();
  acme = Must(world.catalog->ContextOf(testing::Names("prod", "shop", "acme")));
  const std::vector<TransferPtr> pending = work().Pending();
  ASSERT_EQ(pending.size(), 2u);
  EXPECT_EQ(Put(*pending[0]).value, Put(half.id < import->id ? half : *import).value);
  EXPECT_EQ(Put(*pending[1]).value, Put(half.id < import->id ? *import : half).value);
  EXPECT_EQ(work().AccountOf(half), AccountOf(acme));
}

TEST_P(TransfersTest, AnImportsTableIsActiveWhenTheImportEnds) {
  const TransferPtr import = Must(Await(transfers().StartImport(acme, Definition("Imported"), Import())));
  for (const Intent& intent : world.intents->Pending()) Must(world.ProvisionOne(intent));
  EXPECT_EQ(Must(world.catalog->Find(acme, "Imported"))->definition.status, TableStatus::kCreating);
  EXPECT_NE(work().TableOf(*import), nullptr);
  world.Reopen();
  for (const Intent& intent : world.intents->Pending()) Must(world.ProvisionOne(intent));
  EXPECT_EQ(Must(world.catalog->Find(acme, "Imported"))->definition.status, TableStatus::kCreating);

  TransferRecord done = *import;
  done.status = TransferStatus::kFailed;
  Must(Await(work().Save(done)));
  EXPECT_EQ(Must(world.catalog->Find(acme, "Imported"))->definition.status, TableStatus::kActive);
  EXPECT_EQ(Await(work().Save(done)).error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(work().Pending().empty());
  EXPECT_TRUE(Must(transfers().Find(acme, TransferKind::kImport, transfers().ArnOf(done)))->ended_at.has_value());
  EXPECT_TRUE(world.intents->Pending().empty());
}

TEST_P(TransfersTest, ABulkPutIsKeptWhole) {
  const TransferPtr begun = Must(Await(transfers().StartBulkPut(acme, Orders(acme), BulkPut())));
  const auto before = Put(*begun).value;
  world.Reopen();
  acme = Must(world.catalog->ContextOf(testing::Names("prod", "shop", "acme")));
  ASSERT_EQ(work().Pending().size(), 1u);
  const TransferPtr after = work().Pending().front();
  EXPECT_EQ(Put(*after).value, before);
  EXPECT_EQ(after->as_bulk_put().usage.indexes.at("vectors").kind, IndexKind::kVector);
  EXPECT_EQ(after->as_bulk_put().cursor.records, 9u);
  EXPECT_EQ(after->as_bulk_put().condition_files, 11u);
}

TEST_P(TransfersTest, WhatIsToBeCancelledStaysSoUntilItHasEnded) {
  const TransferPtr begun = Must(Await(transfers().StartBulkPut(acme, Orders(acme), BulkPut())));
  const std::string arn = transfers().ArnOf(*begun);
  EXPECT_EQ(Code(Await(transfers().Cancel(globex, arn))), "AccessDeniedException");
  EXPECT_EQ(Code(Await(transfers().Cancel(elsewhere, arn))), "ResourceNotFoundException");
  EXPECT_EQ(Must(Await(transfers().Cancel(acme, arn)))->status, TransferStatus::kCancelling);
  // A job that hasn't heard of it saves how far it is.
  TransferRecord at_work = *begun;
  at_work.as_bulk_put().processed_items = 100;
  Must(Await(work().Save(at_work)));
  EXPECT_EQ(work().Current(*begun)->status, TransferStatus::kCancelling);
  EXPECT_EQ(work().Current(*begun)->as_bulk_put().processed_items, 100u);
  EXPECT_EQ(Must(Await(transfers().Cancel(acme, arn)))->status, TransferStatus::kCancelling);
  world.Reopen();
  acme = Must(world.catalog->ContextOf(testing::Names("prod", "shop", "acme")));
  ASSERT_EQ(work().Pending().size(), 1u) << "its job has yet to end it";
  at_work.status = TransferStatus::kCancelled;
  Must(Await(work().Save(at_work)));
  EXPECT_TRUE(work().Pending().empty());
  EXPECT_EQ(Code(Await(transfers().Cancel(acme, arn))), "ValidationException");
  EXPECT_EQ(Must(transfers().Find(acme, TransferKind::kBulkPut, arn))->status, TransferStatus::kCancelled);
}

TEST_P(TransfersTest, AnImportIntoATableThatExistsIsRefused) {
  EXPECT_EQ(Code(Await(transfers().StartImport(acme, Definition("Orders"), Import()))), "ResourceInUseException");
  EXPECT_TRUE(work().Pending().empty());
}

TEST_P(TransfersTest, NobodyWantsThemWhenTheirTenantGoes) {
  const TransferPtr mine = Begin(acme);
  const TransferPtr theirs = Begin(globex);
  Must(Await(world.organization->Delete(TenantId("acme"))));
  EXPECT_EQ(Await(work().Save(*mine)).error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(work().TableOf(*mine), nullptr);
  world.Provision();
  ASSERT_EQ(work().Pending().size(), 1u);
  EXPECT_EQ(work().Pending().front()->id, theirs->id);
  world.Reopen();
  EXPECT_EQ(work().Pending().size(), 1u);
  EXPECT_EQ(work().AccountOf(*mine), AccountId());
}

TEST_P(TransfersTest, QuotasAndMemory) {
  for (std::size_t i = 0; i < Transfers::kImportsAtOnceMax; ++i) {
    Must(Await(transfers().StartImport(acme, Definition("Table" + std::to_string(i)), Import())));
  }
  EXPECT_EQ(Code(Await(transfers().StartImport(acme, Definition("OneMore"), Import()))), "LimitExceededException");
  EXPECT_EQ(Code(Await(transfers().StartImport(globex, Definition("OneMore"), Import()))), "ok");

  TransferRecord old = *Begin(acme);
  old.status = TransferStatus::kCompleted;
  Must(Await(work().Save(old)));
  world.clock.Advance(std::chrono::hours(24 * 91));
  EXPECT_TRUE(transfers().List(acme, TransferKind::kExport, std::nullopt, "", 10)->transfers.empty());
  EXPECT_EQ(Code(transfers().Find(acme, TransferKind::kExport, transfers().ArnOf(old))), "ok");
  Begin(acme);
  EXPECT_EQ(Code(transfers().Find(acme, TransferKind::kExport, transfers().ArnOf(old))), "ExportNotFoundException");
}

TEST_P(TransfersTest, TheWorkerHearsOfEach) {
  std::vector<std::string> heard;
  work().Listen([&](TransferPtr transfer) { heard.push_back(transfer->id); });
  const TransferPtr first = Begin(acme, Export("t"));
  Begin(acme, Export("t"));
  EXPECT_EQ(heard, std::vector<std::string>({first->id}));
  work().Listen({});
  Begin(acme);
  EXPECT_EQ(heard.size(), 1u);
}

}  // namespace
}  // namespace insula::tenancy
