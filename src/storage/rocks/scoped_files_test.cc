// What the kernel promises of reads that don't wait, and what our file system makes of it.
#include "storage/rocks/scoped_files.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "storage/rocks/page_cache_file.h"
#include "storage/rocks/read_scope.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kBytes = 64 << 10;

class ScopedFilesTest : public ::testing::Test {
 protected:
  ScopedFilesTest() : directory_((std::filesystem::temp_directory_path() / "insula-files-XXXXXX").string()) {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
    name_ = directory_ + "/000001.sst";
    for (std::size_t i = 0; i < kBytes; ++i) text_.push_back(static_cast<char>('a' + i % 26));
    std::ofstream(name_, std::ios::binary) << text_;
  }
  ~ScopedFilesTest() override { std::filesystem::remove_all(directory_); }

  // As after a restart of the machine.
  void DropFromPageCache() {
    const int descriptor = open(name_.c_str(), O_RDONLY);
    ASSERT_GE(descriptor, 0);
    ASSERT_EQ(fsync(descriptor), 0);
    ASSERT_EQ(posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED), 0);
    close(descriptor);
  }
  std::shared_ptr<rocksdb::FileSystem> Files(bool in_page_cache) {
    return WithReadScopes(rocksdb::FileSystem::Default(), in_page_cache,
                          [this](const std::string& file, const rocksdb::Status&) { failed_ = file; });
  }
  std::unique_ptr<rocksdb::FSRandomAccessFile> OpenIn(rocksdb::FileSystem& files) {
    std::unique_ptr<rocksdb::FSRandomAccessFile> file;
    EXPECT_TRUE(files.NewRandomAccessFile(name_, {}, &file, nullptr).ok());
    return file;
  }

  std::string directory_;
  std::string name_;
  std::string text_;
  std::string failed_;
  std::string scratch_ = std::string(kBytes + 100, '\0');
  rocksdb::Slice read_;
};

TEST_F(ScopedFilesTest, TheKernelTellsWhetherItsPageCacheHasTheBytes) {
  std::unique_ptr<PageCacheFile> file;
  ASSERT_TRUE(PageCacheFile::Open(name_, &file).ok());
  DropFromPageCache();
  if (file->ReadCached(0, kBytes, &read_, scratch_.data())) {
    // A file system whose files live in the page cache alone (tmpfs).
    EXPECT_EQ(read_.ToString(), text_);
  }
  ASSERT_TRUE(file->Read(0, kBytes, {}, &read_, scratch_.data(), nullptr).ok());
  EXPECT_EQ(read_.ToString(), text_);
  ASSERT_TRUE(file->ReadCached(100, 1000, &read_, scratch_.data())) << "just read, and not in the page cache";
  EXPECT_EQ(read_.ToString(), text_.substr(100, 1000));
}

TEST_F(ScopedFilesTest, AReadPastTheEndIsShortAndNothingElseIs) {
  std::unique_ptr<PageCacheFile> file;
  ASSERT_TRUE(PageCacheFile::Open(name_, &file).ok());
  ASSERT_TRUE(file->Read(kBytes - 10, 100, {}, &read_, scratch_.data(), nullptr).ok());
  EXPECT_EQ(read_.ToString(), text_.substr(kBytes - 10));
  ASSERT_TRUE(file->ReadCached(kBytes - 10, 100, &read_, scratch_.data()));
  EXPECT_EQ(read_.ToString(), text_.substr(kBytes - 10));
}

TEST_F(ScopedFilesTest, AMissingFileIsSaidByName) {
  std::unique_ptr<PageCacheFile> file;
  const rocksdb::IOStatus status = PageCacheFile::Open(directory_ + "/none.sst", &file);
  EXPECT_TRUE(status.IsPathNotFound());
  EXPECT_NE(status.ToString().find("none.sst"), std::string::npos) << status.ToString();
}

TEST_F(ScopedFilesTest, NothingIsOpenedWhereAThreadMayNotWait) {
  const auto files = Files(/*in_page_cache=*/true);
  const ReadScope scope(Tier::kMemory);
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  EXPECT_FALSE(files->NewRandomAccessFile(name_, {}, &file, nullptr).ok());
  EXPECT_TRUE(scope.interrupted());
  EXPECT_TRUE(scope.Interruption().IsIncomplete());
  EXPECT_TRUE(scope.Judge(rocksdb::Status::OK()).IsIncomplete());
  EXPECT_TRUE(failed_.empty());
}

TEST_F(ScopedFilesTest, OnlyThePageCacheIsReadWhereAThreadMayNotWait) {
  for (const bool in_page_cache : {false, true}) {
    const auto files = Files(in_page_cache);
    const auto file = OpenIn(*files);
    ASSERT_TRUE(file->Read(0, 100, {}, &read_, scratch_.data(), nullptr).ok());
    const ReadScope scope(Tier::kMemory);
    EXPECT_EQ(file->Read(0, 100, {}, &read_, scratch_.data(), nullptr).ok(), in_page_cache);
    EXPECT_EQ(scope.interrupted(), !in_page_cache);
  }
}

TEST_F(ScopedFilesTest, AScopeEndsWhereItWasMade) {
  const auto files = Files(/*in_page_cache=*/false);
  const auto file = OpenIn(*files);
  const ReadScope outer(Tier::kDisk);
  {
    const ReadScope inner(Tier::kMemory);
    EXPECT_FALSE(file->Read(0, 100, {}, &read_, scratch_.data(), nullptr).ok());
  }
  EXPECT_TRUE(file->Read(0, 100, {}, &read_, scratch_.data(), nullptr).ok());
  EXPECT_FALSE(outer.interrupted());
}

TEST_F(ScopedFilesTest, AFailureIsToldToTheScopeOrElseToTheOwner) {
  const auto files = Files(/*in_page_cache=*/true);
  std::filesystem::remove(name_);
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  {
    const ReadScope scope(Tier::kDisk);
    EXPECT_FALSE(files->NewRandomAccessFile(name_, {}, &file, nullptr).ok());
    EXPECT_TRUE(scope.Judge(rocksdb::Status::OK()).IsIOError()) << "whatever RocksDB makes of it";
  }
  EXPECT_TRUE(failed_.empty());
  EXPECT_FALSE(files->NewRandomAccessFile(name_, {}, &file, nullptr).ok());
  EXPECT_EQ(failed_, name_);
}

}  // namespace
}  // namespace insula::storage::rocks
