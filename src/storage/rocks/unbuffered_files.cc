#include "storage/rocks/unbuffered_files.h"

#include <utility>

namespace insula::storage::rocks {
namespace {

class Files final : public rocksdb::FileSystemWrapper {
 public:
  Files(const std::shared_ptr<rocksdb::FileSystem>& files, std::shared_ptr<UnbufferedFiles> unbuffered)
      : FileSystemWrapper(files), unbuffered_(std::move(unbuffered)) {}
  const char* Name() const override { return "InsulaUnbufferedFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    if (unbuffered_->Take(name)) {
      rocksdb::FileOptions direct = options;
      direct.use_direct_writes = true;
      if (FileSystemWrapper::NewWritableFile(name, direct, file, context).ok()) return rocksdb::IOStatus::OK();
    }
    return FileSystemWrapper::NewWritableFile(name, options, file, context);
  }

 private:
  const std::shared_ptr<UnbufferedFiles> unbuffered_;
};

}  // namespace

void UnbufferedFiles::OnTableFileCreationStarted(const rocksdb::TableFileCreationBriefInfo& file) {
  if (file.cf_name != column_family_) return;
  const MutexLock lock(mutex_);
  announced_.insert(file.file_path);
}

bool UnbufferedFiles::Take(const std::string& name) {
  const MutexLock lock(mutex_);
  return announced_.erase(name) != 0;
}

std::shared_ptr<rocksdb::FileSystem> WithUnbuffered(std::shared_ptr<rocksdb::FileSystem> files,
                                                    std::shared_ptr<UnbufferedFiles> unbuffered) {
  return std::make_shared<Files>(std::move(files), std::move(unbuffered));
}

}  // namespace insula::storage::rocks
