// The bytes of every kind of record, as they have always been: what is stored is read by programs to come, and by
// the one before after a step back. The records in golden_records_test.h were written by hand-made encoders, one per
// kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tenancy/codec/golden_records_test.h"
#include "tenancy/codec/record_codec.h"
#include "tenancy/identity/table_ref_maker.h"
#include "tenancy/state/engine_schema.h"
#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using ::testing::HasSubstr;
using testing::Must;
using testing::Names;
using ::testing::StartsWith;

WallTime At(std::int64_t microseconds) { return WallTime(std::chrono::microseconds(microseconds)); }

StreamSettings Stream(const std::string& label) {
  StreamSettings stream;
  stream.view = StreamViewType::kKeysOnly;
  stream.label = label;
  stream.enabled_at = At(71);
  stream.first = 18446744073709551615ULL;  // above what the text can say as a positive number
  stream.disabled_at = At(72);
  stream.last = 73;
  return stream;
}

// Every member is set, each to something of its own.
TableDefinition FullDefinition() {
  TableDefinition d;
  d.name = "Products";
  d.id = "11111111-2222-3333-4444-555555555555";
  d.status = TableStatus::kUpdating;
  d.created_at = At(11);
  auto schema = std::make_shared<TableSchema>();
  schema->epoch = 12;
  schema->log_changes = true;
  schema->key = {{{"pk", AttributeType::kS}}, {{"sk", AttributeType::kN}}};
  IndexSchema global;
  global.id = 1;
  global.name = "ByOwner";
  global.kind = IndexKind::kGlobal;
  global.backfilling = true;
  global.key = {{{"owner", AttributeType::kB}, {"kind", AttributeType::kS}}, {{"at", AttributeType::kN}}};
  global.projection = {ProjectionType::kInclude, {"title", "price"}};
  IndexSchema local;
  local.id = 2;
  local.name = "ByAge";
  local.key = {{{"pk", AttributeType::kS}}, {{"age", AttributeType::kN}}};
  local.projection.type = ProjectionType::kKeysOnly;
  IndexSchema vector;
  vector.id = 3;
  vector.name = "Alike";
  vector.kind = IndexKind::kVector;
  vector.key.hash = {{"owner", AttributeType::kB}};
  vector.vector = {"embedding", 1536, DistanceFunction::kEuclidean, {{"color", AttributeType::kS}}};
  schema->indexes = {global, local, vector};
  d.schema = schema;
  d.attribute_definitions = {{"pk", AttributeType::kS}, {"sk", AttributeType::kN}, {"owner", AttributeType::kB}};
  d.billing_mode = BillingMode::kPayPerRequest;
  d.last_on_demand_at = At(13);
  d.throughput = {14, 15};
  d.last_increase_at = At(16);
  d.last_decrease_at = At(17);
  d.decreases_today = 18;
  d.on_demand = OnDemandThroughput{19, -1};
  d.warm = Throughput{20, 21};
  IndexSettings settings;
  settings.status = IndexStatus::kDeleting;
  settings.throughput = {22, 23};
  settings.last_increase_at = At(24);
  settings.last_decrease_at = At(25);
  settings.decreases_today = 26;
  settings.on_demand = OnDemandThroughput{std::nullopt, 27};
  settings.warm = Throughput{28, 29};
  settings.insights = {true, ContributorInsightsMode::kThrottledKeys, At(30), At(31)};
  d.index_settings["ByOwner"] = settings;
  d.index_settings["Alike"] = {};
  d.deletion_protection = true;
  d.table_class = "STANDARD_INFREQUENT_ACCESS";
  d.table_class_updated_at = At(32);
  d.sse_kms_key = "arn:aws:kms:us-east-1:1:key/k";
  d.sse_enabled = true;
  d.tags = {{"a \"quoted\" \\ key", "line\nand \x01"}, {"é", ""}};
  d.stream = Stream("2026-11-23T12:00:00.000");
  d.stream.enabled = true;
  d.stream.lanes = {.first = 1, .splits = {74, 75}, .planned_split = 76};
  d.former_streams = {Stream("former"), StreamSettings()};
  d.ever_logged = true;
  d.ttl = {"expires", false, true, At(33)};
  d.insights = {false, ContributorInsightsMode::kAccessedAndThrottledKeys, At(34), At(35)};
  d.point_in_time_days = 36;
  return d;
}

TableDefinition BareDefinition() {
  TableDefinition d;
  d.name = "Bare";
  auto schema = std::make_shared<TableSchema>();
  schema->key.hash = {{"pk", AttributeType::kS}};
  d.schema = schema;
  return d;
}

TablePtr TableOf(TableDefinition definition, TenantNumber tenant) {
  const auto pooled = tenant.value() == 0 ? std::nullopt : std::optional(TenantId("acme"));
  TableRef ref = TableRefMaker::Make(StoreId(41), TableNumber(42), tenant, Incarnation(44),
                                     "prod.catalog._pool.Products", pooled, EngineSchema(definition));
  return std::make_shared<const Table>(Table{.ref = std::move(ref), .definition = std::move(definition), .arn = ""});
}

TableRecord FullTable() {
  TableRecord r;
  r.owner = Names("prod", "catalog", "acme");
  r.table = TableOf(FullDefinition(), TenantNumber(43));
  r.model = PartitionModel::kIndex;
  r.account = AccountId("123456789012");
  r.next_index_id = 4;
  r.shared = true;
  r.from_template = true;
  r.importing = true;
  r.restoring_from = "01489602797149-73d8d5bc";
  r.point_in_time_since = At(45);
  r.restored_from = RestoreSource{"arn:backup", "arn:table", At(46)};
  return r;
}

TableRecord BareTable() {
  TableRecord r;
  r.owner = {EnvironmentName("prod"), ServiceName("catalog"), {}};
  r.table = TableOf(BareDefinition(), TenantNumber(0));
  r.account = AccountId("123456789012");
  return r;
}

BackupRecord FullBackup() {
  BackupRecord r;
  r.owner = Names("prod", "catalog", "acme");
  r.id = "01489602797149-73d8d5bc";
  r.name = "nightly";
  r.kind = BackupKind::kSystem;
  r.status = BackupStatus::kAvailable;
  r.created_at = At(51);
  r.expires_at = At(52);
  r.as_of = At(53);
  r.items = 54;
  r.bytes = 55;
  r.stored_bytes = 56;
  r.table = TableOf(BareDefinition(), TenantNumber(43));
  return r;
}

BackupRecord BareBackup() {
  BackupRecord r = FullBackup();
  r.owner = {EnvironmentName("prod"), ServiceName("catalog"), {}};
  r.kind = BackupKind::kUser;
  r.status = BackupStatus::kCreating;
  r.expires_at = r.as_of = std::nullopt;
  r.table = TableOf(BareDefinition(), TenantNumber(0));
  return r;
}

template <class Details>
TransferRecord Transfer(Details details) {
  TransferRecord r;
  r.id = "01693685827463-2d8752fd";
  r.owner = Names("prod", "catalog", "acme");
  r.table = "Products";
  r.table_id = "11111111-2222-3333-4444-555555555555";
  r.incarnation = Incarnation(44);
  r.store = StoreId(41);
  r.client_token = "token";
  r.fingerprint = "fingerprint";
  r.bucket = "bucket";
  r.prefix = "prefix/";
  r.started_at = At(61);
  r.status = TransferStatus::kCompletedWithErrors;
  r.failure_code = "code";
  r.failure_message = "message";
  r.details = std::move(details);
  return r;
}

InputFormat Csv() { return {"CSV", "GZIP", ";", {"pk", "sk"}}; }

std::vector<RecordChange> Samples() {
  ExportDetails full_export;
  full_export.incremental = true;
  full_export.view = "NEW_IMAGE";
  full_export.from = At(81);
  full_export.to = At(82);
  full_export.sse_algorithm = "AES256";
  full_export.sse_kms_key = "kms";
  full_export.filter = R"({"a":"b"})";
  full_export.items = 83;
  full_export.billed_bytes = 84;
  full_export.cursor = 85;
  full_export.position = std::string("\x00\xff!", 3);
  full_export.files = {{"00000000.json.gz", 86, "md5", "etag"}, {"00000001.json.gz", 87, "md5'", "etag'"}};
  TransferRecord exported = Transfer(full_export);
  exported.bucket_owner = "210987654321";
  exported.ended_at = At(62);

  ImportDetails import;
  import.input = Csv();
  import.parameters = R"({"TableName":"Products"})";
  import.processed_bytes = 91;
  import.processed_items = 92;
  import.imported_items = 93;
  import.errors = 94;
  import.cursor = {"object", 95};
  import.error_files = 96;

  BulkPutDetails bulk;
  bulk.input = Csv();
  bulk.output_bucket = "out";
  bulk.output_prefix = "reports/";
  bulk.output_owner = "210987654321";
  bulk.sse_algorithm = "aws:kms";
  bulk.sse_kms_key = "kms";
  bulk.report_errors = true;
  bulk.report_failed_conditions = true;
  bulk.write_units_max = 101;
  bulk.tier = "STANDARD";
  bulk.total_bytes = 102;
  bulk.processed_bytes = 103;
  bulk.processed_items = 104;
  bulk.errors = 105;
  bulk.failed_conditions = 106;
  bulk.usage.table = 107;
  bulk.usage.indexes = {{"Alike", {IndexKind::kVector, 108}}, {"ByOwner", {IndexKind::kGlobal, 109}}};
  bulk.cursor = {"object", 110};
  bulk.error_files = 111;
  bulk.condition_files = 112;

  const EnvironmentName prod("prod");
  const ServiceName catalog("catalog");
  TableDefinition counted = BareDefinition();  // what is written of a stream that never was, and of one time to live
  counted.ttl = {"expires", true, false, std::nullopt};
  PlacementRecord placement{Names("prod", "catalog", "acme"),
                            PartitionModel::kAccount,
                            AccountId("123456789012"),
                            "embedded",
                            6,
                            true,
                            At(7)};
  return {
      Put(OrganizationRecord{AccountId("000000000001"), At(1)}),
      Put(Counters{2, 3, 4, 5}),
      Put(EnvironmentRecord{prod, AccountId("000000000002"), At(2)}),
      Put(ServiceRecord{prod, catalog, PartitionModel::kTable, true, 3, At(4)}),
      Put(TemplateTableRecord{prod, catalog, counted, 5}),
      Put(TenantRecord{TenantId("acme"), TenantNumber(43), "gold", TenantStatus::kDeleting, At(6)}),
      Put(AccountRecord{AccountId("123456789012"), AccountKind::kTenant, prod, TenantId("acme"), StoreId(41), true,
                        At(7)}),
      Put(AccountRecord{AccountId("000000000001"), AccountKind::kPayer, {}, {}, StoreId(0), false, At(7)}),
      Put(placement),
      Put(PoolRecord{prod, catalog, "Products", AccountId("000000000002"), "prod.catalog._pool.Products",
                     "11111111-2222-3333-4444-555555555555", TableNumber(42), At(8)}),
      Put(FullTable()),
      Put(BareTable()),
      Put(KeptLogRecord{std::make_shared<const TableRecord>(FullTable())}),
      Put(FullBackup()),
      Put(BareBackup()),
      Put(exported),
      Put(Transfer(ExportDetails())),
      Put(Transfer(import)),
      Put(Transfer(bulk)),
      Put(Transfer(BulkPutDetails())),
  };
}

// What the catalog makes of a record, written again.
Result<RecordChange> WrittenAgain(const Record& record) {
  const ArnParts arn{"us-east-1", [](const ContextNames&) { return AccountId("123456789012"); }};
  const auto put = [](auto read) -> Result<RecordChange> {
    if (!read.ok()) return read.error();
    return Put(*read);
  };
  if (record.kind == kOrganizationKind) return put(ReadAs<OrganizationRecord>(record));
  if (record.kind == kCountersKind) return put(ReadAs<Counters>(record));
  if (record.kind == kEnvironmentKind) return put(ReadAs<EnvironmentRecord>(record));
  if (record.kind == kServiceKind) return put(ReadAs<ServiceRecord>(record));
  if (record.kind == kTemplateKind) return put(ReadAs<TemplateTableRecord>(record));
  if (record.kind == kTenantKind) return put(ReadAs<TenantRecord>(record));
  if (record.kind == kAccountKind) return put(ReadAs<AccountRecord>(record));
  if (record.kind == kPlacementKind) return put(ReadAs<PlacementRecord>(record));
  if (record.kind == kPoolKind) return put(ReadAs<PoolRecord>(record));
  if (record.kind == kTableKind) return put(ReadTable(record, arn));
  if (record.kind == kBackupKind) return put(ReadBackup(record, arn));
  if (record.kind == kTransferKind) return put(ReadAs<TransferRecord>(record));
  INSULA_ASSIGN(TableRecord log, ReadTable(record, arn));
  return Put(KeptLogRecord{std::make_shared<const TableRecord>(std::move(log))});
}

std::string TextOf(const RecordChange& change) { return change.kind + "\n" + change.name + "\n" + *change.value; }
std::string TextOf(const Record& record) { return record.kind + "\n" + record.name + "\n" + record.value; }

TEST(RecordGolden, EveryKindIsWrittenAsItAlwaysWas) {
  const std::vector<RecordChange> samples = Samples();
  ASSERT_EQ(samples.size(), std::size(kGoldenRecords));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const GoldenRecord& golden = kGoldenRecords[i];
    EXPECT_EQ(TextOf(samples[i]), TextOf(Record{golden.kind, golden.name, golden.value}));
  }
}

TEST(RecordGolden, EveryKindIsReadAndComesBackAsItWas) {
  for (const GoldenRecord& golden : kGoldenRecords) {
    const Record record{golden.kind, golden.name, golden.value};
    EXPECT_EQ(TextOf(Must(WrittenAgain(record))), TextOf(record));
  }
}

// A program of before wrote these, without the members that came later.
TEST(RecordGolden, WhatOlderProgramsLeftOutHasItsMeaning) {
  for (const OldRecord& old : kOldRecords) {
    const Record record{old.kind, old.name, old.value};
    const Record now{old.kind, old.name, old.now};
    EXPECT_EQ(TextOf(Must(WrittenAgain(record))), TextOf(now));
  }
}

// --- broken records ---

// A member of a JSON text: where its key begins, where its value is.
struct Member {
  std::string path;  // "definition.ttl.settling"; an element of an array is "[]"
  std::string key;
  std::size_t begin, value, end;
};

// The members of `text`, the nested ones too. Precondition: it is JSON without white space.
class MemberList {
 public:
  explicit MemberList(const std::string& text) : text_(text) { Value(""); }
  std::vector<Member> members;

 private:
  void String() {
    for (++at_; text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
    ++at_;
  }
  void Value(const std::string& path) {
    if (text_[at_] == '"') return String();
    if (text_[at_] != '{' && text_[at_] != '[') {
      while (at_ < text_.size() && std::string_view(",]}").find(text_[at_]) == std::string_view::npos) ++at_;
      return;
    }
    const bool object = text_[at_++] == '{';
    while (text_[at_] != '}' && text_[at_] != ']') {
      if (text_[at_] == ',') ++at_;
      const std::size_t begin = at_;
      std::string key = "[]";
      if (object) {
        String();
        key = text_.substr(begin + 1, at_ - begin - 2);
        ++at_;
      }
      const std::string name = path.empty() ? key : path + "." + key;
      const std::size_t value = at_;
      Value(name);
      if (object) members.push_back({name, key, begin, value, at_});
    }
    ++at_;
  }
  const std::string& text_;
  std::size_t at_ = 0;
};

// What a failure calls the member: by its key, or as a part of what has keys that are data.
std::string CalledIn(const Member& member) {
  const bool data =
      member.path.find("tags.") != std::string::npos || member.path.ends_with("index_settings." + member.key);
  return data ? "element" : member.key;
}

std::string Named(const GoldenRecord& golden, const std::string& member) {
  return "Catalog record " + std::string(golden.kind) + " '" + golden.name + "': member '" + member + "' ";
}

// These may be missing: they say something only where they are there.
const std::set<std::string> kOptional = {
    "as_of",
    "bucket_owner",
    "ended_at",
    "expires_at",
    "importing",
    "point_in_time_since",
    "restored_from",
    "restored_from.backup",
    "restoring_from",
    "bulk-operation.output_owner",
    "bulk-operation.sse_algorithm",
    "bulk-operation.sse_kms_key",
    "bulk-operation.total_bytes",
    "bulk-operation.write_units_max",
    "export.cursor",
    "export.filter",
    "export.position",
    "export.sse_algorithm",
    "export.sse_kms_key",
    "definition.former_streams",
    "definition.former_streams.[].disabled_at",
    "definition.former_streams.[].last",
    "definition.index_settings.Alike",
    "definition.index_settings.ByOwner",
    "definition.index_settings.ByOwner.insights",
    "definition.index_settings.ByOwner.insights.enabled_at",
    "definition.index_settings.ByOwner.insights.updated_at",
    "definition.index_settings.ByOwner.last_decrease_at",
    "definition.index_settings.ByOwner.last_increase_at",
    "definition.index_settings.ByOwner.on_demand",
    "definition.index_settings.ByOwner.on_demand.w",
    "definition.index_settings.ByOwner.warm",
    "definition.insights",
    "definition.insights.enabled_at",
    "definition.insights.updated_at",
    "definition.last_decrease_at",
    "definition.last_increase_at",
    "definition.last_on_demand_at",
    "definition.on_demand",
    "definition.on_demand.r",
    "definition.on_demand.w",
    "definition.point_in_time_days",
    "definition.schema.indexes.[].vector",
    "definition.sse_kms_key",
    "definition.stream.disabled_at",
    "definition.stream.lanes",
    "definition.stream.last",
    "definition.stream.planned_split",
    "definition.stream.splits",
    "definition.table_class",
    "definition.table_class_updated_at",
    "definition.tags.a \\\"quoted\\\" \\\\ key",
    "definition.tags.é",
    "definition.ttl.changed_at",
    "definition.ttl.settling",
    "definition.warm",
};

TEST(RecordGolden, AMissingMemberIsNamedUnlessItMayBe) {
  std::set<std::string> optional;
  for (const GoldenRecord& golden : kGoldenRecords) {
    const std::string text = golden.value;
    for (const Member& member : MemberList(text).members) {
      std::string without = text;
      const bool last = text[member.end] != ',';
      const std::size_t begin = last && text[member.begin - 1] == ',' ? member.begin - 1 : member.begin;
      without.erase(begin, member.end + (last ? 0 : 1) - begin);
      const auto read = WrittenAgain({golden.kind, golden.name, without});
      if (read.ok()) {
        optional.insert(member.path);
        continue;
      }
      EXPECT_EQ(read.error().code(), ErrorCode::kCorruption);
      // Which kind of transfer it is, is told by what there is of it.
      const bool kind = member.key == "import" || member.key == "bulk-operation";
      EXPECT_THAT(read.error().message(), StartsWith(Named(golden, kind ? "export" : member.key)));
    }
  }
  EXPECT_EQ(optional, kOptional);
}

TEST(RecordGolden, AMemberOfAnotherTypeIsNamed) {
  for (const GoldenRecord& golden : kGoldenRecords) {
    const std::string text = golden.value;
    for (const Member& member : MemberList(text).members) {
      const char before = text[member.value];
      for (const char* other : {"\"?\"", "1.5", "null", "[]", "{}", "[1]", "[{}]"}) {
        // Of a text nothing is asked here, nor of what an array or an object may be without; but see the next test.
        if (other[0] == before) continue;
        std::string changed = text;
        changed.replace(member.value, member.end - member.value, other);
        const auto read = WrittenAgain({golden.kind, golden.name, changed});
        ASSERT_FALSE(read.ok()) << golden.kind << " " << member.path << " " << other;
        EXPECT_EQ(read.error().code(), ErrorCode::kCorruption);
        EXPECT_THAT(read.error().message(), StartsWith(Named(golden, CalledIn(member))));
      }
    }
  }
}

// Enums, key types, hexadecimal text, parts of arrays and objects.
TEST(RecordGolden, AValueThatMeansNothingIsNamed) {
  struct Broken {
    std::string kind, from, to, error;
  };
  const std::vector<Broken> broken = {
      {"tenant", R"("DELETING")", R"("?")", "'status' has an unknown value"},
      {"account", R"("kind":"tenant")", R"("kind":"?")", "'kind' has an unknown value"},
      {"service", R"("model":"table")", R"("model":"?")", "'model' has an unknown value"},
      {"backup", R"("SYSTEM")", R"("?")", "'kind' has an unknown value"},
      {"transfer", R"("COMPLETED_WITH_ERRORS")", R"("?")", "'status' has an unknown value"},
      {"transfer", R"("00ff21")", R"("00FF21")", "'position' is not hexadecimal"},
      {"transfer", R"("k":2)", R"("k":3)", "'k' has an unknown value"},
      {"table", R"("projection":2)", R"("projection":3)", "'projection' has an unknown value"},
      {"table", R"("t":"S")", R"("t":"BOOL")", "'t' is not a key type"},
      {"table", R"("hash":[{"n":"pk","t":"S"}])", R"("hash":[])", "'hash' is empty"},
      {"table", R"("hash":[{"n":"pk","t":"S"}])", R"("hash":[1])", "'element' is not an object"},
      {"table", R"("non_key":["title","price"])", R"("non_key":["title",1])", "'element' is not a string"},
      {"table", R"({"Alike":{)", R"({"Other":1,"Alike":{)", "'element' is not an object"},
  };
  for (const Broken& each : broken) {
    bool found = false;
    for (const GoldenRecord& golden : kGoldenRecords) {
      std::string text = golden.value;
      const std::size_t at = text.find(each.from);
      if (found || each.kind != golden.kind || at == std::string::npos) continue;
      found = true;
      const auto read = WrittenAgain({golden.kind, golden.name, text.replace(at, each.from.size(), each.to)});
      ASSERT_FALSE(read.ok()) << each.to;
      EXPECT_EQ(read.error().code(), ErrorCode::kCorruption);
      EXPECT_THAT(read.error().message(), HasSubstr("member " + each.error));
    }
    EXPECT_TRUE(found) << each.from;
  }
}

}  // namespace
}  // namespace insula::tenancy
