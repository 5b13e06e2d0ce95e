#include "storage/rocks/log_guard.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "storage/rocks/manifest_tables.h"

namespace insula::storage::rocks {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::chrono::milliseconds kRetryDelay{20};

// What a file of a store is, by its name.
struct StoreFile {
  std::string directory;
  bool is_manifest = false;
  std::uint64_t number = 0;
};

std::optional<StoreFile> LogOrManifest(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  StoreFile file;
  file.directory = path.substr(0, slash);
  std::string_view name = path.substr(slash + 1);
  constexpr std::string_view kLog = ".log";
  file.is_manifest = name.starts_with(kManifestPrefix);
  if (!file.is_manifest && !name.ends_with(kLog)) return std::nullopt;
  if (file.is_manifest) name.remove_prefix(kManifestPrefix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), file.number);
  if (error != std::errc() || std::string_view(end, name.data() + name.size() - end) != (file.is_manifest ? "" : kLog))
    return std::nullopt;
  return file;
}

// Whether the file is part of a store's data: RocksDB's own log of events isn't.
bool IsData(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST-") || name == "CURRENT";
}

bool IsLogOfEvents(std::string_view path) { return path.substr(path.rfind('/') + 1) == "LOG"; }

// What can't be written is left out.
class LogOfEvents final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
    (void)FSWritableFileOwnerWrapper::Append(data, options, context);
    return IOStatus::OK();
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    (void)FSWritableFileOwnerWrapper::Flush(options, context);
    return IOStatus::OK();
  }
};

class GuardedLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GuardedLog(std::unique_ptr<FSWritableFile> file, StoreFile is, DiskState* disk)
      : FSWritableFileOwnerWrapper(std::move(file)),
        is_(std::move(is)),
        disk_(disk),
        witness_(disk->WitnessOf(is_.directory)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
    if (IOStatus status = MayGrow(); !status.ok()) return Noted(std::move(status));
    for (;;) {
      IOStatus status = AppendAtEnd(data, options, context);
      if (!status.IsNoSpace() || disk_->stopping.load() || (waiting_ && IsBeingOpened())) {
        if (waiting_) disk_->append_waiting.store(false);
        waiting_ = false;
        if (status.ok()) end_ += data.size();
        return Noted(std::move(status));
      }
      if (!std::exchange(waiting_, true) && disk_->on_full) disk_->on_full();
      disk_->append_waiting.store(true);
      std::this_thread::sleep_for(kRetryDelay);
    }
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  void PrepareWrite(std::size_t offset, std::size_t bytes, const IOOptions& options, IODebugContext* context) override {
    if (disk_->room_to_spare.load(std::memory_order_relaxed)) {
      FSWritableFileOwnerWrapper::PrepareWrite(offset, bytes, options, context);
    }
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return Synced(end_, FSWritableFileOwnerWrapper::Sync(options, context));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return Synced(end_, FSWritableFileOwnerWrapper::Fsync(options, context));
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

  // By this thread: a flush that begins meanwhile waits like any other.
  bool IsBeingOpened() const {
    const MutexLock lock(disk_->mutex);
    const auto opening = disk_->opening.find(is_.directory);
    return opening != disk_->opening.end() && opening->second.by == std::this_thread::get_id();
  }

  IOStatus Synced(std::uint64_t bytes, IOStatus status) {
    if (status.ok() && witness_) {
      is_.is_manifest ? witness_->ManifestSynced(is_.number, bytes) : witness_->LogSynced(is_.number, bytes);
    }
    return Noted(Unmistakable(std::move(status)));
  }

  IOStatus Noted(IOStatus status) {
    if (!status.ok() && is_.is_manifest) {
      const MutexLock lock(disk_->mutex);
      disk_->uncertain.insert(is_.directory);
    }
    return status;
  }

  // A manifest doesn't, where something in it would rest on a file that couldn't be read.
  IOStatus MayGrow() {
    if (!is_.is_manifest) return IOStatus::OK();
    const MutexLock lock(disk_->mutex);
    const auto found = disk_->unreadable.find(is_.directory);
    if (found == disk_->unreadable.end()) return IOStatus::OK();
    return IOStatus::IOError("nothing is built on a file that couldn't be read", found->second);
  }

  static IOStatus Unmistakable(IOStatus status) {
    if (!status.IsNoSpace()) return status;
    return IOStatus::IOError("a sync of the write-ahead log failed", status.ToString());
  }

  const StoreFile is_;
  DiskState* const disk_;
  const std::shared_ptr<Witness> witness_;  // nullptr: none
  std::uint64_t end_ = 0;
  bool positioned_ = true;
  bool waiting_ = false;
};

class GuardedFiles final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFiles(const std::shared_ptr<rocksdb::FileSystem>& files, DiskState* disk)
      : FileSystemWrapper(files), disk_(disk) {}
  const char* Name() const override { return "InsulaLogGuard"; }
  IOStatus NewWritableFile(const std::string& name, const FileOptions& options, std::unique_ptr<FSWritableFile>* file,
                           IODebugContext* context) override {
    IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (!status.ok()) return status;
    if (IsLogOfEvents(name)) *file = std::make_unique<LogOfEvents>(std::move(*file));
    if (IsData(name)) NoteMade(name);
    std::optional<StoreFile> is = LogOrManifest(name);
    if (is) *file = std::make_unique<GuardedLog>(std::move(*file), *std::move(is), disk_);
    return status;
  }
  // Through NewWritableFile above.
  IOStatus NewLogger(const std::string& name, const IOOptions& options, std::shared_ptr<rocksdb::Logger>* logger,
                     IODebugContext* context) override {
    return FileSystem::NewLogger(name, options, logger, context);  // NOLINT(bugprone-parent-virtual-call)
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) override {
    if (IsData(name)) {
      const MutexLock lock(disk_->mutex);
      const std::string_view directory = std::string_view(name).substr(0, name.rfind('/'));
      const auto opening = disk_->opening.find(directory);
      if (opening != disk_->opening.end() && name.ends_with(".sst")) {
        // RocksDB doesn't open a store in which it can't delete what its manifest doesn't name.
        opening->second.held.push_back(name);
        return IOStatus::OK();
      }
      if (disk_->uncertain.contains(directory) || opening != disk_->opening.end()) {
        return IOStatus::IOError("kept, as the manifest may name it", name);
      }
    }
    if (const std::optional<StoreFile> is = LogOrManifest(name)) {
      if (const std::shared_ptr<Witness> witness = disk_->WitnessOf(is->directory)) {
        IOStatus status = is->is_manifest ? witness->ForgetManifest(is->number) : witness->ForgetLog(is->number);
        if (!status.ok()) return status;
      }
    }
    return FileSystemWrapper::DeleteFile(name, options, context);
  }

 private:
  void NoteMade(const std::string& name) {
    const MutexLock lock(disk_->mutex);
    const auto opening = disk_->opening.find(std::string_view(name).substr(0, name.rfind('/')));
    if (opening != disk_->opening.end()) opening->second.made.push_back(name);
  }

  DiskState* const disk_;
};

}  // namespace

void DiskState::Unreadable(const std::string& file, const rocksdb::Status& failure) {
  const MutexLock lock(mutex);
  unreadable.try_emplace(file.substr(0, file.rfind('/')), failure.ToString());
}

std::shared_ptr<Witness> DiskState::WitnessOf(std::string_view directory) {
  const MutexLock lock(mutex);
  const auto found = witnesses.find(directory);
  return found == witnesses.end() ? nullptr : found->second;
}

std::shared_ptr<rocksdb::FileSystem> GuardLogs(std::shared_ptr<rocksdb::FileSystem> files, DiskState* disk) {
  return std::make_shared<GuardedFiles>(std::move(files), disk);
}

}  // namespace insula::storage::rocks
