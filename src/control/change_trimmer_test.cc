// The trimmer over an engine whose change logs fail: what it tells, and that one log's failure keeps no other's from
// being trimmed. What it gives back is tested with streams (operations/streams/streams_test.cc).
#include "control/change_trimmer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/testing/log_capture.h"
#include "storage/change_log.h"
#include "storage/testing/noting_engine.h"
#include "tenancy/testing/world.h"

namespace insula::control {
namespace {

using storage::TableRef;
using tenancy::testing::Await;
using tenancy::testing::Definition;
using tenancy::testing::Must;
using tenancy::testing::World;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Can find nothing in the log of a table whose name has a certain word in it.
class FailingLogs final : public storage::testing::NotingEngine, public storage::ChangeLog {
 public:
  ChangeLog* change_log() override { return this; }
  Task<Result<storage::ChangePage>> Read(storage::ChangesRequest) override { co_return storage::ChangePage{}; }
  Task<Result<storage::ChangeBounds>> Bounds(TableRef) override { co_return storage::ChangeBounds{}; }
  std::optional<std::uint64_t> NextKnown(const TableRef&) const override { return std::nullopt; }
  Task<Result<std::uint64_t>> Find(TableRef table, WallTime) override {
    if (table.physical_name().find(failing) != std::string::npos) co_return Error(ErrorCode::kIo, "can't be read");
    co_return std::uint64_t{1};
  }
  Task<Result<void>> Trim(TableRef table, std::uint64_t) override {
    trimmed.push_back(table.physical_name());
    co_return Result<void>();
  }

  std::string failing = "Broken";
  std::vector<std::string> trimmed;
};

TEST(ChangeTrimmer, FailuresAreCountedAndLoggedAndConcernTheirOwnLogAlone) {
  World world;
  world.Service("prod", "shop", tenancy::PartitionModel::kTable, true);
  const auto acme = world.Tenant("prod", "shop", "acme");
  for (const char* name : {"Broken1", "Broken2", "Whole"}) {
    TableDefinition definition = Definition(name);
    auto schema = std::make_shared<TableSchema>(*definition.schema);
    schema->log_changes = true;
    definition.schema = std::move(schema);
    Must(Await(world.catalog->CreateTable(acme, definition)));
  }
  world.Provision();
  FailingLogs engine;
  ChangeTrimmer trimmer(*world.catalog, engine);
  LogCapture log;
  EXPECT_EQ(trimmer.TrimAll(), 2u);
  EXPECT_THAT(engine.trimmed, SizeIs(1));
  const std::vector<std::string> lines = log.Take();
  ASSERT_THAT(lines, SizeIs(1)) << "one for a round";
  EXPECT_THAT(lines[0], StartsWith("warn could not give back the space of change logs; room=control, table=arn:aws:"));
  EXPECT_THAT(lines[0], ::testing::HasSubstr("Broken1, cause=can't be read, logs=2, since_start=2"));
  engine.failing = "nothing";
  EXPECT_EQ(trimmer.TrimAll(), 0u);
  EXPECT_THAT(engine.trimmed, SizeIs(3)) << "what is trimmed and not written to is left alone";
  EXPECT_THAT(log.Take(), IsEmpty());
}

}  // namespace
}  // namespace insula::control
