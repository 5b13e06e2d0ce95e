// The file that holds room for the start on a full disk, and for what deletes.
#include "storage/rocks/disk_space.h"

#include <unistd.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "storage/rocks/testing/space_gauge.h"

namespace insula::storage::rocks {
namespace {

namespace fs = std::filesystem;

class DiskSpaceTest : public ::testing::Test {
 protected:
  DiskSpaceTest() {
    fs::remove_all(root_);
    fs::create_directories(root_);
    gauge_ = std::make_shared<SpaceGauge>(rocksdb::FileSystem::Default());
    env_ = rocksdb::NewCompositeEnv(gauge_);
  }
  ~DiskSpaceTest() override { fs::remove_all(root_); }
  std::unique_ptr<DiskSpace> Make() {
    return std::make_unique<DiskSpace>(root_, kMark, reserve_, [this](std::string_view line) { said_ += line; });
  }
  // The disk's free space, without the reserve where it is held.
  void SetFree(std::uint64_t bytes) { gauge_->free_bytes = bytes; }

  static constexpr std::uint64_t kMark = 1 << 20;
  const fs::path root_ = fs::temp_directory_path() / ("insula_disk_space_" + std::to_string(::getpid()));
  const std::string reserve_ = root_ / kReserveFile;
  std::shared_ptr<SpaceGauge> gauge_;
  std::unique_ptr<rocksdb::Env> env_;
  std::string said_;
};

TEST_F(DiskSpaceTest, TheReserveIsMadeWhereThereIsRoomAndCountsAsFree) {
  auto space = Make();
  space->PrepareStart(env_.get());
  EXPECT_TRUE(space->Allows(Purpose::kJob)) << "nothing is known yet";
  SetFree(kMark);
  EXPECT_TRUE(space->Check(env_.get()));
  EXPECT_FALSE(fs::exists(reserve_));
  SetFree(10 * kMark);
  EXPECT_TRUE(space->Check(env_.get()));
  ASSERT_TRUE(fs::exists(reserve_));
  EXPECT_EQ(fs::file_size(reserve_), kMark / 2);
  struct Case {
    std::uint64_t free_bytes;
    bool jobs, growth, deletions;
  };
  for (const Case& at : {Case{kMark, true, true, true},
                         {kMark - 1, false, true, true},
                         {kMark / 2, false, true, true},
                         {kMark / 2 - 1, false, false, true},
                         {kMark / 8, false, false, true},
                         {kMark / 8 - 1, false, false, false},
                         {0, false, false, false}}) {
    SetFree(at.free_bytes);
    EXPECT_EQ(space->Check(env_.get()), at.deletions) << at.free_bytes;
    EXPECT_EQ(space->Allows(Purpose::kJob), at.jobs) << at.free_bytes;
    EXPECT_EQ(space->Allows(Purpose::kGrowth), at.growth) << at.free_bytes;
    EXPECT_EQ(space->Allows(Purpose::kDeletion), at.deletions) << at.free_bytes;
    EXPECT_TRUE(space->Allows(Purpose::kRecord)) << at.free_bytes;
  }
}

TEST_F(DiskSpaceTest, AStartThatFindsTooLittleHasTheReserve) {
  SetFree(10 * kMark);
  Make()->Check(env_.get());
  ASSERT_TRUE(fs::exists(reserve_));
  SetFree(kMark);
  Make()->PrepareStart(env_.get());
  EXPECT_TRUE(fs::exists(reserve_)) << "enough without it";
  SetFree(0);
  auto space = Make();
  space->PrepareStart(env_.get());
  EXPECT_FALSE(fs::exists(reserve_));
  EXPECT_NE(said_.find("the reserve was given up"), std::string::npos) << said_;
  SetFree(kMark / 2);  // what it held
  EXPECT_TRUE(space->Check(env_.get()));
  EXPECT_FALSE(space->Allows(Purpose::kGrowth));
  EXPECT_TRUE(space->Allows(Purpose::kDeletion));
  SetFree(10 * kMark);
  space->Check(env_.get());
  EXPECT_TRUE(fs::exists(reserve_)) << "there is room again";
}

TEST_F(DiskSpaceTest, ALogThatCanNotGrowHasTheReserve) {
  SetFree(10 * kMark);
  auto space = Make();
  space->Check(env_.get());
  space->GiveUpReserve();
  EXPECT_FALSE(fs::exists(reserve_));
  said_.clear();
  space->GiveUpReserve();
  EXPECT_EQ(said_, "");
}

}  // namespace
}  // namespace insula::storage::rocks
