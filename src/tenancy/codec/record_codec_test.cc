// Records survive being written and read; what is damaged or from the future is refused by name.
#include "tenancy/codec/record_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using testing::Await;
using testing::Definition;
using ::testing::HasSubstr;
using testing::Must;
using testing::World;

std::string Text() {
  // Quotes, backslashes, control characters and other than ASCII too.
  static const std::vector<std::string> kPieces = {"a", "Z", "9",  "\"", "\\", "\n", "\x01",
                                                   "/", "é", "日", "{",  "}",  " "};
  std::string text;
  const int size = *rc::gen::inRange(0, 6);
  for (int i = 0; i < size; ++i) text += kPieces[*rc::gen::inRange<std::size_t>(0, kPieces.size())];
  return text;
}
bool Flag() { return *rc::gen::arbitrary<bool>(); }
std::int64_t Number() { return *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000); }
WallTime Time() { return WallTime(std::chrono::microseconds(Number() * 1000)); }
template <class F>
auto Maybe(F f) -> std::optional<decltype(f())> {
  if (Flag()) return std::nullopt;
  return f();
}
std::vector<KeyAttribute> Attributes(int least, int most) {
  std::vector<KeyAttribute> result;
  const int size = *rc::gen::inRange(least, most + 1);
  for (int i = 0; i < size; ++i) {
    static constexpr AttributeType kTypes[] = {AttributeType::kS, AttributeType::kN, AttributeType::kB};
    result.push_back({Text(), kTypes[*rc::gen::inRange(0, 3)]});
  }
  return result;
}
Throughput AnyThroughput() { return {Number(), Number()}; }
OnDemandThroughput AnyOnDemand() { return {Maybe(Number), Maybe(Number)}; }

VectorSchema AnyVector() {
  return {Text(), static_cast<std::uint32_t>(*rc::gen::inRange(1, 4097)),
          static_cast<DistanceFunction>(*rc::gen::inRange(0, 3)), Attributes(0, 4)};
}

StreamSettings AnyStream() {
  StreamSettings stream;
  stream.enabled = Flag();
  stream.view = static_cast<StreamViewType>(*rc::gen::inRange(0, 4));
  stream.label = "L" + Text();
  stream.enabled_at = Time();
  stream.disabled_at = Maybe(Time);
  stream.first = static_cast<std::uint64_t>(Number());
  if (Flag()) stream.last = static_cast<std::uint64_t>(Number());
  stream.lanes.first = *rc::gen::element(1U, 4U);
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) stream.lanes.splits.push_back(static_cast<std::uint64_t>(Number()));
  if (Flag()) stream.lanes.planned_split = static_cast<std::uint64_t>(Number());
  return stream;
}

TableDefinition AnyDefinition() {
  TableDefinition d;
  d.name = Text();
  d.id = Text();
  d.status = static_cast<TableStatus>(*rc::gen::inRange(0, 4));
  d.created_at = Time();
  auto schema = std::make_shared<TableSchema>();
  schema->epoch = static_cast<std::uint32_t>(*rc::gen::inRange(0, 1000));
  schema->log_changes = Flag();
  schema->key = {Attributes(1, 1), Attributes(0, 1)};
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    IndexSchema index;
    index.id = static_cast<std::uint16_t>(i);
    index.name = Text() + std::to_string(i);
    index.kind = static_cast<IndexKind>(*rc::gen::inRange(0, 3));
    index.backfilling = Flag();
    index.key = {Attributes(1, 4), Attributes(0, 4)};
    if (index.is_vector()) index.vector = AnyVector();
    index.projection.type = static_cast<ProjectionType>(*rc::gen::inRange(0, 3));
    for (int j = *rc::gen::inRange(0, 3); j > 0; --j) index.projection.non_key_attributes.push_back(Text());
    IndexSettings settings;
    settings.status = static_cast<IndexStatus>(*rc::gen::inRange(0, 4));
    settings.throughput = AnyThroughput();
    settings.last_increase_at = Maybe(Time);
    settings.last_decrease_at = Maybe(Time);
    settings.decreases_today = Number();
    settings.on_demand = Maybe(AnyOnDemand);
    settings.warm = Maybe(AnyThroughput);
    d.index_settings.emplace(index.name, settings);
    schema->indexes.push_back(std::move(index));
  }
  d.schema = schema;
  d.attribute_definitions = Attributes(0, 4);
  d.billing_mode = static_cast<BillingMode>(*rc::gen::inRange(0, 2));
  d.last_on_demand_at = Maybe(Time);
  d.throughput = AnyThroughput();
  d.last_increase_at = Maybe(Time);
  d.last_decrease_at = Maybe(Time);
  d.decreases_today = Number();
  d.on_demand = Maybe(AnyOnDemand);
  d.warm = Maybe(AnyThroughput);
  d.deletion_protection = Flag();
  d.table_class = Maybe(Text);
  d.table_class_updated_at = Maybe(Time);
  d.sse_kms_key = Maybe(Text);
  d.sse_enabled = Flag();
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) d.tags.emplace(Text(), Text());
  if (Flag()) d.stream = AnyStream();
  d.ever_logged = Flag();
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) d.former_streams.push_back(AnyStream());
  d.ttl = {Text(), Flag(), Flag(), std::nullopt};
  if (Flag()) d.ttl.changed_at = d.created_at;
  d.point_in_time_days = Maybe(Number);
  return d;
}

TemplateTableRecord TemplateOf(TableDefinition definition) {
  return {EnvironmentName("prod"), ServiceName("catalog"), std::move(definition), 1};
}

TEST(RecordCodecProperty, ADefinitionComesBackAsItWas) {
  EXPECT_TRUE(rc::check([] {
    const TableDefinition before = AnyDefinition();
    const RecordChange written = Put(TemplateOf(before));
    const auto read = ReadAs<TemplateTableRecord>({written.kind, written.name, *written.value});
    RC_ASSERT(read.ok());
    const TableDefinition& after = read->definition;
    RC_ASSERT(Put(*read).value == written.value);
    // Not through the text alone, lest a member that is never written looks equal.
    RC_ASSERT(after.name == before.name && after.id == before.id && after.status == before.status);
    RC_ASSERT(after.schema->key == before.schema->key && after.schema->indexes == before.schema->indexes);
    RC_ASSERT(after.schema->epoch == before.schema->epoch && after.schema->log_changes == before.schema->log_changes);
    RC_ASSERT(after.attribute_definitions == before.attribute_definitions);
    RC_ASSERT(after.billing_mode == before.billing_mode && after.last_on_demand_at == before.last_on_demand_at);
    RC_ASSERT(after.throughput == before.throughput && after.last_increase_at == before.last_increase_at);
    RC_ASSERT(after.last_decrease_at == before.last_decrease_at && after.decreases_today == before.decreases_today);
    RC_ASSERT(after.on_demand == before.on_demand && after.warm == before.warm);
    RC_ASSERT(after.deletion_protection == before.deletion_protection && after.table_class == before.table_class);
    RC_ASSERT(after.table_class_updated_at == before.table_class_updated_at);
    RC_ASSERT(after.sse_kms_key == before.sse_kms_key && after.sse_enabled == before.sse_enabled);
    RC_ASSERT(after.tags == before.tags && after.point_in_time_days == before.point_in_time_days);
    RC_ASSERT(after.stream == before.stream && after.former_streams == before.former_streams);
    RC_ASSERT(after.ever_logged == before.ever_logged);
    RC_ASSERT(after.ttl.attribute_name == before.ttl.attribute_name && after.ttl.enabled == before.ttl.enabled);
    RC_ASSERT(after.ttl.settling == before.ttl.settling && after.ttl.changed_at == before.ttl.changed_at);
    RC_ASSERT(after.schema->ttl_attribute == (before.ttl.enabled ? before.ttl.attribute_name : ""));
    for (const auto& [name, settings] : before.index_settings) {
      const IndexSettings& other = after.index_settings.at(name);
      RC_ASSERT(other.status == settings.status && other.throughput == settings.throughput);
      RC_ASSERT(other.last_increase_at == settings.last_increase_at && other.warm == settings.warm);
      RC_ASSERT(other.last_decrease_at == settings.last_decrease_at && other.on_demand == settings.on_demand);
      RC_ASSERT(other.decreases_today == settings.decreases_today);
    }
  }));
}

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() {
    world_.Service("prod", "catalog", PartitionModel::kIndex);
    world_.Template("prod", "catalog", Definition("Products"));
    world_.Tenant("prod", "catalog", "acme");
    world_.Provision();
  }
  Error ErrorOfOpening() {
    const auto opened = Await(Catalog::Open(world_.store, world_.clock, {}));
    if (opened.ok()) return Error(ErrorCode::kInternalServerError, "it opened");
    return opened.error();
  }
  World world_;
};

TEST_F(DamageTest, ANewerFormatIsRefusedByAnOlderProgram) {
  for (auto& [key, value] : world_.store.records()) {
    const std::string before = value;
    const std::string newer = std::to_string(kRecordVersion + 1);
    value = "{\"v\":" + newer + value.substr(std::string("{\"v\":1").size());
    const Error error = ErrorOfOpening();
    EXPECT_EQ(error.code(), ErrorCode::kFailedPrecondition) << key.first;
    EXPECT_THAT(error.message(),
                HasSubstr("Catalog record " + key.first + " '" + key.second + "' has format version " + newer));
    value = before;
  }
}

TEST_F(DamageTest, ADamagedRecordIsNamed) {
  for (auto& [key, value] : world_.store.records()) {
    const std::string before = value;
    for (const std::string& damaged : {std::string(), std::string("{}"), std::string("[1]"), before.substr(0, 12),
                                       std::string("{\"v\":1}"), std::string("{\"v\":\"1\"}")}) {
      value = damaged;
      const Error error = ErrorOfOpening();
      EXPECT_EQ(error.code(), ErrorCode::kCorruption) << key.first << " " << damaged;
      EXPECT_THAT(error.message(), HasSubstr("Catalog record " + key.first + " '" + key.second + "'"));
    }
    value = before;
  }
}

}  // namespace
}  // namespace insula::tenancy
