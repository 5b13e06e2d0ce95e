// A stream's bounds decide what a consumer sees: these tests follow streams through everything that begins or ends one.
#include "tenancy/state/stream_lifecycle.h"

#include <gtest/gtest.h>

#include "tenancy/state/table_lifecycle.h"
#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using std::chrono::hours;

class StreamLifecycle : public ::testing::Test {
 protected:
  StreamTimes Times() const { return {now_, hours(24)}; }
  // `definition_` with a stream or without, and settled where `marks` are given.
  void Want(bool enabled, StreamViewType view, std::optional<ChangeMarks> marks) {
    TableDefinition wanted = definition_;
    wanted.stream.enabled = enabled;
    wanted.stream.view = view;
    std::uint16_t next_index_id = 1;
    definition_ = ChangedDefinition(definition_, std::move(wanted), Times(), &next_index_id);
    if (marks) definition_ = SettledDefinition(definition_, *marks, now_);
  }
  std::vector<std::string> Labels() const {
    std::vector<std::string> labels;
    for (const StreamSettings& stream : ReadableStreams(definition_, Times())) labels.push_back(stream.label);
    return labels;
  }

  WallTime now_{std::chrono::seconds(1'700'000'000)};
  TableDefinition definition_ = testing::Definition("Music");
};

TEST_F(StreamLifecycle, ATableMadeWithAStreamHasAllOfTheLog) {
  definition_.stream.enabled = true;
  definition_.stream.view = StreamViewType::kKeysOnly;
  definition_.stream.label = "a template's";
  std::uint16_t next_index_id = 1;
  definition_ = InitialDefinition(definition_, "id", now_, &next_index_id);
  EXPECT_EQ(definition_.stream.label, "2023-11-14T22:13:20.000");
  EXPECT_EQ(definition_.stream.first, 1U);
  EXPECT_EQ(definition_.stream.enabled_at, now_);
  EXPECT_EQ(definition_.stream.view, StreamViewType::kKeysOnly);
}

TEST_F(StreamLifecycle, BeginsAndEndsWhereTheEngineSaysSo) {
  Want(true, StreamViewType::kNewImage, std::nullopt);
  EXPECT_EQ(definition_.status, TableStatus::kUpdating);
  EXPECT_EQ(definition_.stream.first, 0U) << "being enabled";
  definition_ = SettledDefinition(definition_, {7, 9}, now_);
  EXPECT_EQ(definition_.stream.first, 7U) << "whatever was logged since belongs to it";
  EXPECT_EQ(definition_.stream.last, std::nullopt);
  const std::string label = definition_.stream.label;

  now_ += hours(1);
  Want(false, StreamViewType::kNewImage, std::nullopt);
  EXPECT_FALSE(definition_.stream.enabled);
  EXPECT_EQ(definition_.stream.last, std::nullopt) << "being disabled";
  EXPECT_EQ(definition_.stream.disabled_at, now_);
  definition_ = SettledDefinition(definition_, {20, 23}, now_);
  EXPECT_EQ(definition_.stream.last, 22U) << "writers on their way counted still";
  EXPECT_EQ(definition_.stream.label, label);
  EXPECT_EQ(Labels(), std::vector<std::string>{label});
}

TEST_F(StreamLifecycle, ANewStreamLeavesTheFormerReadable) {
  Want(true, StreamViewType::kNewImage, ChangeMarks{1, 1});
  Want(false, StreamViewType::kNewImage, ChangeMarks{5, 5});
  Want(true, StreamViewType::kKeysOnly, ChangeMarks{8, 8});
  ASSERT_EQ(definition_.former_streams.size(), 1U);
  EXPECT_EQ(definition_.former_streams[0].first, 1U);
  EXPECT_EQ(definition_.former_streams[0].last, 4U);
  EXPECT_EQ(definition_.former_streams[0].view, StreamViewType::kNewImage);
  EXPECT_EQ(definition_.stream.first, 8U);
  EXPECT_EQ(Labels().size(), 2U);
  EXPECT_NE(Labels()[0], Labels()[1]) << "even within one millisecond";
  now_ += hours(24);
  EXPECT_EQ(Labels(), std::vector<std::string>{definition_.stream.label});
  Want(false, StreamViewType::kKeysOnly, ChangeMarks{9, 9});
  EXPECT_TRUE(definition_.former_streams.empty()) << "forgotten with the next change";
}

TEST_F(StreamLifecycle, AnotherViewIsAnotherStreamWithoutAGap) {
  Want(true, StreamViewType::kNewImage, ChangeMarks{1, 1});
  Want(true, StreamViewType::kKeysOnly, ChangeMarks{11, 13});
  ASSERT_EQ(definition_.former_streams.size(), 1U);
  EXPECT_EQ(definition_.former_streams[0].last, 10U);
  EXPECT_EQ(definition_.stream.first, 11U);
  const StreamSettings before = definition_.stream;
  Want(true, StreamViewType::kKeysOnly, ChangeMarks{20, 20});
  EXPECT_EQ(definition_.stream, before) << "as it was";
}

TEST_F(StreamLifecycle, ListsHaveALimit) {
  for (std::uint64_t i = 0; i < 200; ++i) {
    Want(true, StreamViewType::kNewImage, ChangeMarks{i + 1, i + 1});
    Want(false, StreamViewType::kNewImage, ChangeMarks{i + 1, i + 1});
  }
  EXPECT_LE(definition_.former_streams.size(), 50U);
  EXPECT_EQ(definition_.former_streams.back().first, 199U);
}

TEST_F(StreamLifecycle, ADroppedTablesStreamEndsWithIt) {
  Want(true, StreamViewType::kNewImage, ChangeMarks{3, 3});
  EndStreams(now_, 10, &definition_);
  EXPECT_FALSE(definition_.stream.enabled);
  EXPECT_EQ(definition_.stream.last, 9U);
  EXPECT_EQ(Labels().size(), 1U);
  now_ += hours(24);
  EXPECT_TRUE(Labels().empty());
}

TEST_F(StreamLifecycle, WhoNeedsTheLogLongestSaysHowMuchIsKept) {
  EXPECT_EQ(ChangesKeptSince(definition_, Times()), std::nullopt);
  Want(true, StreamViewType::kNewImage, ChangeMarks{1, 1});
  EXPECT_EQ(ChangesKeptSince(definition_, Times()), now_ - hours(24));
  definition_.point_in_time_days = 35;
  EXPECT_EQ(ChangesKeptSince(definition_, Times()), now_ - hours(24 * 35));
  Want(false, StreamViewType::kNewImage, ChangeMarks{1, 1});
  definition_.point_in_time_days.reset();
  EXPECT_EQ(ChangesKeptSince(definition_, Times()), now_ - hours(24));
  now_ += hours(24);
  EXPECT_EQ(ChangesKeptSince(definition_, Times()), std::nullopt);
}

// What is kept of a dropped table is a record of its own: found again at start, and gone with its tenant.
TEST(KeptLogs, OutliveRestartsAndEndWithTheirTenant) {
  testing::World world;
  world.Service("prod", "catalog", PartitionModel::kIndex, true);
  const Context acme = world.Tenant("prod", "catalog", "acme");
  TableDefinition definition = testing::Definition("Music");
  definition.stream.enabled = true;
  const TablePtr table = testing::Must(testing::Await(world.catalog->CreateTable(acme, definition)));
  world.Provision();
  testing::Must(testing::Await(world.catalog->DeleteTable(acme, "Music")));
  const TableIntent intent{testing::Names("prod", "catalog", "acme"), "Music"};
  ASSERT_TRUE(world.intents->WorkOf(intent)->keep_changes);
  testing::Must(testing::Await(world.intents->Dropped(intent, table->ref.incarnation(), 6)));
  for (const bool reopened : {false, true}) {
    if (reopened) world.Reopen();
    const std::vector<TablePtr> kept = world.intents->KeptLogsOf(TenantId("acme"));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0]->definition.stream.last, 5U);
    EXPECT_EQ(kept[0]->ref.incarnation(), table->ref.incarnation());
  }
  testing::Must(testing::Await(world.organization->Delete(TenantId("acme"))));
  EXPECT_EQ(testing::Await(world.intents->TenantGone(TenantId("acme"))).error().code(), ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace insula::tenancy
