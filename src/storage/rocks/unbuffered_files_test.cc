#include "storage/rocks/unbuffered_files.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <vector>

#include "base/mutex.h"

namespace insula::storage::rocks {
namespace {

constexpr char kFamily[] = "unbuffered";

// How each sorted file was made; can refuse to write past the page cache, as some file systems do.
class Recorder final : public rocksdb::FileSystemWrapper {
 public:
  explicit Recorder(bool refuse) : FileSystemWrapper(rocksdb::FileSystem::Default()), refuse_(refuse) {}
  const char* Name() const override { return "Recorder"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    if (options.use_direct_writes && refuse_) return rocksdb::IOStatus::IOError("no direct I/O here");
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    const MutexLock lock(mutex_);
    if (name.ends_with(".sst")) made_[name] = status.ok() && (*file)->use_direct_io();
    return status;
  }
  std::map<std::string, bool> made() const {
    const MutexLock lock(mutex_);
    return made_;
  }

 private:
  const bool refuse_;
  mutable Mutex mutex_;
  std::map<std::string, bool> made_ INSULA_GUARDED_BY(mutex_);  // by name: whether past the page cache
};

class UnbufferedFilesTest : public ::testing::Test {
 protected:
  UnbufferedFilesTest() : directory_((std::filesystem::temp_directory_path() / "insula-unbuffered-XXXXXX").string()) {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
  }
  ~UnbufferedFilesTest() override {
    Close();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void Open(bool refuse = false) {
    Close();
    recorder_ = std::make_shared<Recorder>(refuse);
    auto unbuffered = std::make_shared<UnbufferedFiles>(kFamily);
    env_ = rocksdb::NewCompositeEnv(WithUnbuffered(recorder_, unbuffered));
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = options.create_missing_column_families = true;
    options.listeners.push_back(unbuffered);
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, directory_,
                                  {{rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions(options)},
                                   {kFamily, rocksdb::ColumnFamilyOptions(options)}},
                                  &families_, &db)
                    .ok());
    db_.reset(db);
  }
  void Close() {
    for (auto* family : families_) (void)db_->DestroyColumnFamilyHandle(family);
    families_.clear();
    db_.reset();
  }

  // Of no size that a block of the disk divides.
  static std::string Value(int i) { return std::string(static_cast<std::size_t>(1001 + i), 'v'); }
  void Write(int first, int last) {
    for (auto* family : families_) {
      for (int i = first; i < last; ++i) {
        ASSERT_TRUE(db_->Put({}, family, "key" + std::to_string(i), Value(i)).ok());
      }
      ASSERT_TRUE(db_->Flush({}, family).ok());
    }
  }
  void ExpectRows(int count) {
    for (auto* family : families_) {
      for (int i = 0; i < count; ++i) {
        std::string value;
        ASSERT_TRUE(db_->Get({}, family, "key" + std::to_string(i), &value).ok());
        ASSERT_EQ(value, Value(i));
      }
    }
  }
  // Names of the live sorted files of a family.
  std::vector<std::string> Files(const std::string& family) {
    std::vector<rocksdb::LiveFileMetaData> all;
    db_->GetLiveFilesMetaData(&all);
    std::vector<std::string> names;
    for (const auto& file : all) {
      if (file.column_family_name == family) names.push_back(directory_ + file.name);
    }
    return names;
  }

  std::string directory_;
  std::shared_ptr<Recorder> recorder_;
  std::unique_ptr<rocksdb::Env> env_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(UnbufferedFilesTest, FlushesAndCompactionsOfOneColumnFamilyPassThePageCache) {
  Open();
  Write(0, 300);
  Write(200, 500);
  for (auto* family : families_) ASSERT_TRUE(db_->CompactRange({}, family, nullptr, nullptr).ok());
  ExpectRows(500);
  const auto made = recorder_->made();
  ASSERT_FALSE(Files(kFamily).empty());
  for (const std::string& name : Files(kFamily)) EXPECT_TRUE(made.at(name)) << name;
  for (const std::string& name : Files(rocksdb::kDefaultColumnFamilyName)) EXPECT_FALSE(made.at(name)) << name;
  EXPECT_EQ(std::count_if(made.begin(), made.end(), [](const auto& file) { return file.second; }), 3);

  Open();  // what is there is read as ever
  ExpectRows(500);
}

TEST_F(UnbufferedFilesTest, WhereTheFileSystemRefusesTheyAreWrittenAsAllOthers) {
  Open(/*refuse=*/true);
  Write(0, 300);
  ExpectRows(300);
  const auto made = recorder_->made();
  ASSERT_EQ(made.size(), 2u);
  for (const auto& [name, unbuffered] : made) EXPECT_FALSE(unbuffered) << name;
}

}  // namespace
}  // namespace insula::storage::rocks
