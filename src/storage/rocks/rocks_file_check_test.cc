// Any byte of any table file: if it has changed, the check names the file. Blocks that no request reads are among them:
// change logs, parts of filters, deleted ranges.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/cache.h>
#include <rocksdb/table.h>

#include "storage/file_check.h"
#include "storage/rocks/testing/faulty_disk.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

// What RocksDB ends a file with, some of it unused.
constexpr std::size_t kFooterBytes = 53;

class FileChecks : public ::testing::TestWithParam<StoreId> {
 protected:
  FileChecks() {
    disk_.Tune([this](RocksOptions& options) {
      options.shared_write_buffer_bytes = options.account_write_buffer_bytes = 4 << 20;  // nothing moves meanwhile
      options.adjust = [this](rocksdb::Options* of_a_store) {
        auto* table = of_a_store->table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
        if (of_a_store->max_open_files > 0) cache_ = table->block_cache;
        table->block_size = 512;  // many blocks, and parts of indexes and filters
        table->metadata_block_size = 256;
      };
    });
    engine_ = Must(disk_.Open(clock_));
    Must(loop_.Run(engine_->CreateTable(AnyTableIn(GetParam()))));
  }
  ~FileChecks() override { Must(loop_.Run(engine_->Stop())); }

  TableRef Table() {
    TableSchema schema = HashSchema();
    schema.log_changes = true;
    return MakeTable(1, schema, GetParam());
  }
  // What was in logs is in files afterwards.
  void Restart() {
    Must(loop_.Run(engine_->Stop()));
    engine_ = Must(disk_.Open(clock_));
    Must(loop_.Run(engine_->Stats(Table())));
  }
  std::string Directory() const {
    return GetParam() == StoreId(0) ? "/disk/shared" : "/disk/accounts/" + std::to_string(GetParam().value());
  }
  std::vector<std::string> TableFiles() {
    std::vector<std::string> names, files;
    EXPECT_TRUE(disk_.files().GetChildren(Directory(), &names).ok());
    for (const std::string& name : names) {
      if (name.ends_with(".sst")) files.push_back(Directory() + "/" + name);
    }
    return files;
  }
  std::string Content(const std::string& path) {
    std::string content;
    EXPECT_TRUE(rocksdb::ReadFileToString(&disk_.files(), path, &content).ok());
    return content;
  }
  void SetContent(const std::string& path, const std::string& content) {
    EXPECT_TRUE(rocksdb::WriteStringToFile(&disk_.files(), content, path).ok());
  }
  std::vector<std::string> Damaged() { return Must(loop_.Run(engine_->file_check()->FindDamagedFiles(GetParam()))); }

  Disk disk_;
  ManualClock clock_;
  Loop loop_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<Engine> engine_;
};

TEST_P(FileChecks, AnyByteThatHasChangedIsFound) {
  for (int i = 0; i < 120; ++i) {
    Must(loop_.Run(engine_->Write(PutOf(Table(), {{"pk", S(std::to_string(i))}, {"v", S(std::string(100, 'v'))}}))));
  }
  const TableRef dropped = MakeTable(2, HashSchema(), GetParam());
  Must(loop_.Run(engine_->Write(PutOf(dropped, {{"pk", S("a")}}))));
  Must(loop_.Run(engine_->DropTable(dropped)));
  Restart();
  const std::vector<std::string> files = TableFiles();
  ASSERT_GE(files.size(), 2u) << "one of items, one of changes";
  EXPECT_EQ(Damaged(), std::vector<std::string>());
  for (const std::string& file : files) {
    const std::string whole = Content(file);
    for (std::size_t at = 0; at + kFooterBytes < whole.size(); at += 37) {
      std::string content = whole;
      content[at] = static_cast<char>(content[at] ^ 0x41);
      SetContent(file, content);
      const std::vector<std::string> damaged = Damaged();
      ASSERT_EQ(damaged.size(), 1u) << file << ", byte " << at << " of " << whole.size();
      EXPECT_NE(damaged[0].find(file + " is damaged"), std::string::npos) << damaged[0];
    }
    SetContent(file, whole.substr(0, whole.size() / 2));
    EXPECT_EQ(Damaged().size(), 1u);
    EXPECT_TRUE(disk_.files().DeleteFile(file).ok());
    EXPECT_EQ(Damaged().size(), 1u);
    SetContent(file, whole);
  }
  for (const std::string& file : files) SetContent(file, Content(file).substr(1));
  EXPECT_EQ(Damaged().size(), files.size()) << "each is named";
}

TEST_P(FileChecks, NobodysBlocksArePushedOut) {
  for (int i = 0; i < 300; ++i) {
    Must(loop_.Run(engine_->Write(PutOf(Table(), {{"pk", S(std::to_string(i))}, {"v", S(std::string(900, 'v'))}}))));
  }
  Restart();
  const std::size_t before = cache_->GetUsage();
  EXPECT_EQ(Damaged(), std::vector<std::string>());
  EXPECT_EQ(cache_->GetUsage(), before);
}

// A read that fails is the check's own: it doesn't stop the store, as one of a compaction does.
TEST_P(FileChecks, AFileThatCannotBeReadIsNamedAndNothingElseHappens) {
  Must(loop_.Run(engine_->Write(PutOf(Table(), {{"pk", S("a")}}))));
  Restart();
  disk_.faults().FailAt(1, FaultFileSystem::Mode::kForGood, FaultFileSystem::Kind::kReadError);
  EXPECT_EQ(Damaged().size(), TableFiles().size());
  disk_.faults().FailAt(0, FaultFileSystem::Mode::kOnce);
  EXPECT_EQ(Damaged(), std::vector<std::string>());
  Must(loop_.Run(engine_->Write(PutOf(Table(), {{"pk", S("b")}}))));
}

INSTANTIATE_TEST_SUITE_P(Stores, FileChecks, ::testing::Values(StoreId(0), StoreId(5)),
                         [](const auto& store) { return store.param == StoreId(0) ? "Shared" : "Account"; });

}  // namespace
}  // namespace insula::storage::rocks
