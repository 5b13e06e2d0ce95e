#include "storage/rocks/log_guard.h"

#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace insula::storage::rocks {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::chrono::milliseconds kRetryDelay{20};

class GuardedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  // `manifest_of`: the store's directory, where it is a manifest; else empty.
  GuardedLog(std::unique_ptr<FSWritableFile> file, std::string manifest_of, DiskState* disk)
      : FSWritableFileOwnerWrapper(std::move(file)), manifest_of_(std::move(manifest_of)), disk_(disk) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
    if (IOStatus status = MayGrow(); !status.ok()) return Noted(std::move(status));
    for (;;) {
      IOStatus status = AppendAtEnd(data, options, context);
      if (!status.IsNoSpace() || disk_->stopping.load()) {
        if (waiting_) disk_->append_waiting.store(false);
        waiting_ = false;
        if (status.ok()) end_ += data.size();
        return Noted(std::move(status));
      }
      waiting_ = true;
      disk_->append_waiting.store(true);
      std::this_thread::sleep_for(kRetryDelay);
    }
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return Noted(Unmistakable(FSWritableFileOwnerWrapper::Sync(options, context)));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return Noted(Unmistakable(FSWritableFileOwnerWrapper::Fsync(options, context)));
  }

 private:
  // At a position, so that a second attempt overwrites what the first one left half-written.
  IOStatus AppendAtEnd(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) {
    if (positioned_) {
      IOStatus status = FSWritableFileOwnerWrapper::PositionedAppend(data, end_, options, context);
      if (!status.IsNotSupported()) return status;
      positioned_ = false;  // files in memory
    }
    return FSWritableFileOwnerWrapper::Append(data, options, context);
  }

  IOStatus Noted(IOStatus status) {
    if (!status.ok() && !manifest_of_.empty()) {
      const std::lock_guard lock(disk_->mutex);
      disk_->uncertain.insert(manifest_of_);
    }
    return status;
  }

  // A manifest doesn't, where something in it would rest on a file that couldn't be read.
  IOStatus MayGrow() {
    if (manifest_of_.empty()) return IOStatus::OK();
    const std::lock_guard lock(disk_->mutex);
    const auto found = disk_->unreadable.find(manifest_of_);
    if (found == disk_->unreadable.end()) return IOStatus::OK();
    return IOStatus::IOError("nothing is built on a file that couldn't be read", found->second);
  }

  static IOStatus Unmistakable(IOStatus status) {
    if (!status.IsNoSpace()) return status;
    return IOStatus::IOError("a sync of the write-ahead log failed", status.ToString());
  }

  const std::string manifest_of_;
  DiskState* const disk_;
  std::uint64_t end_ = 0;
  bool positioned_ = true;
  bool waiting_ = false;
};

class GuardedFiles final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFiles(std::shared_ptr<rocksdb::FileSystem> files, DiskState* disk)
      : FileSystemWrapper(std::move(files)), disk_(disk) {}
  const char* Name() const override { return "InsulaLogGuard"; }
  IOStatus NewWritableFile(const std::string& name, const FileOptions& options, std::unique_ptr<FSWritableFile>* file,
                           IODebugContext* context) override {
    IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    const std::size_t manifest = name.find("/MANIFEST-");
    const bool guarded = name.ends_with(".log") || manifest != std::string::npos;
    std::string manifest_of = manifest == std::string::npos ? "" : name.substr(0, manifest);
    if (status.ok() && guarded) *file = std::make_unique<GuardedLog>(std::move(*file), std::move(manifest_of), disk_);
    return status;
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) override {
    {
      const std::lock_guard lock(disk_->mutex);
      if (disk_->uncertain.contains(std::string_view(name).substr(0, name.rfind('/')))) {
        return IOStatus::IOError("kept, as the manifest may name it", name);
      }
    }
    return FileSystemWrapper::DeleteFile(name, options, context);
  }

 private:
  DiskState* const disk_;
};

}  // namespace

void DiskState::Unreadable(const std::string& file, const rocksdb::Status& failure) {
  const std::lock_guard lock(mutex);
  unreadable.try_emplace(file.substr(0, file.rfind('/')), failure.ToString());
}

std::shared_ptr<rocksdb::FileSystem> GuardLogs(std::shared_ptr<rocksdb::FileSystem> files, DiskState* disk) {
  return std::make_shared<GuardedFiles>(std::move(files), disk);
}

}  // namespace insula::storage::rocks
