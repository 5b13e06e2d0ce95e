// What the guard of logs and manifests keeps from RocksDB on a full disk; that they wait for room is crash_test.cc's.
#include "storage/rocks/log_guard.h"

#include <memory>
#include <utility>

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "storage/rocks/testing/fault_file_system.h"

namespace insula::storage::rocks {
namespace {

// Counts how often room was taken ahead.
class Counting final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "InsulaCounting"; }
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file, int* taken)
        : FSWritableFileOwnerWrapper(std::move(file)), taken_(taken) {}
    void PrepareWrite(std::size_t, std::size_t, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
      ++*taken_;
    }

   private:
    int* const taken_;
  };
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<File>(std::move(*file), &taken);
    return status;
  }
  int taken = 0;
};

// RocksDB ends the process when it writes a second line where a first one failed.
TEST(LogGuard, TheLogOfEventsMayFail) {
  const std::unique_ptr<rocksdb::Env> memory(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  DiskState state;
  auto faults = std::make_shared<FaultFileSystem>(memory->GetFileSystem());
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(GuardLogs(faults, &state));
  std::shared_ptr<rocksdb::Logger> log;
  ASSERT_TRUE(env->NewLogger("/disk/LOG", &log).ok());
  faults->FailAt(1, FaultFileSystem::Mode::kForGood, FaultFileSystem::Kind::kNoSpaceOnAppend);
  for (int i = 0; i < 3; ++i) {
    rocksdb::Error(log, "a line");
    log->Flush();
  }
  EXPECT_TRUE(faults->failed());
  EXPECT_TRUE(log->Close().ok());
}

// Where little is left, a log's room isn't taken before it is needed: the rest may need it.
TEST(LogGuard, NoRoomIsTakenAhead) {
  const std::unique_ptr<rocksdb::Env> memory(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  DiskState state;
  auto counting = std::make_shared<Counting>(memory->GetFileSystem());
  const std::shared_ptr<rocksdb::FileSystem> files = GuardLogs(counting, &state);
  std::unique_ptr<rocksdb::FSWritableFile> log;
  ASSERT_TRUE(files->NewWritableFile("/disk/000007.log", {}, &log, nullptr).ok());
  log->PrepareWrite(0, 10, {}, nullptr);
  EXPECT_EQ(counting->taken, 1);
  state.room_to_spare = false;
  log->PrepareWrite(0, 10, {}, nullptr);
  EXPECT_EQ(counting->taken, 1);
}

}  // namespace
}  // namespace insula::storage::rocks
