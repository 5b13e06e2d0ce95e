// For tests: a file system whose Nth I/O fails, once or for good, and that forgets at a crash what wasn't synced.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/mutex.h"

namespace insula::storage::rocks {

class FaultFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  enum class Mode { kOnce, kForGood };
  enum class Kind {
    kIoError,          // of whatever changes files
    kNoSpaceOnAppend,  // of appends alone
    kReadError,        // of opening table files and reading them alone
  };

  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "InsulaFaults"; }

  // Counting starts at 1 with the next I/O. Safe from any thread, as everything here.
  void FailAt(std::uint64_t nth, Mode mode, Kind kind = Kind::kIoError) {
    const MutexLock lock(mutex_);
    nth_ = nth;
    mode_ = mode;
    kind_ = kind;
    count_ = 0;
    failed_ = false;
  }
  bool failed() const {
    const MutexLock lock(mutex_);
    return failed_;
  }
  // How many I/Os of the kind that may fail there were since FailAt.
  std::uint64_t count() const {
    const MutexLock lock(mutex_);
    return count_;
  }
  // From here on nothing reaches the files below, as if the power had gone. `torn_bytes` of each unsynced tail survive.
  void Crash(std::size_t torn_bytes) {
    const MutexLock lock(mutex_);
    crashed_ = true;
    torn_bytes_ = torn_bytes;
  }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    if (Fails(Io::kChange)) return Failure();
    rocksdb::FileOptions buffered = options;
    buffered.use_direct_writes = false;  // what isn't synced is held back here
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, buffered, file, context);
    if (status.ok()) *file = std::make_unique<File>(this, std::move(*file));
    return status;
  }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override {
    if (Fails(Io::kRead)) return Failure();
    rocksdb::IOStatus status = FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<ReadFile>(this, std::move(*file));
    return status;
  }
  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* context) override {
    if (Fails(Io::kChange)) return Failure();
    rocksdb::IOStatus status = FileSystemWrapper::NewRandomRWFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<RewrittenFile>(this, std::move(*file));
    return status;
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    if (Fails(Io::kChange)) return Failure();
    return FileSystemWrapper::RenameFile(from, to, options, context);
  }
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    if (Fails(Io::kChange)) return Failure();
    return FileSystemWrapper::DeleteFile(name, options, context);
  }

 private:
  enum class Io { kChange, kAppend, kRead };

  // Holds back what isn't synced.
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FaultFileSystem* files, std::unique_ptr<rocksdb::FSWritableFile> target)
        : FSWritableFileOwnerWrapper(std::move(target)), files_(files) {}
    ~File() override { (void)Forward(); }

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
      if (files_->Fails(Io::kAppend)) {
        unsynced_.append(data.data(), data.size() / 2);  // half of it got there
        return files_->Failure();
      }
      unsynced_.append(data.data(), data.size());
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* context) override {
      return Append(data, options, context);
    }
    rocksdb::IOStatus PositionedAppend(const rocksdb::Slice& data, std::uint64_t offset,
                                       const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      const std::uint64_t below = target()->GetFileSize(options, context);
      unsynced_.resize(offset - below);  // a second attempt overwrites the first
      return Append(data, options, context);
    }
    rocksdb::IOStatus Flush(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      if (files_->Fails(Io::kChange)) return files_->Failure();
      rocksdb::IOStatus status = Forward();
      return status.ok() ? target()->Sync(options, context) : status;
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      return Sync(options, context);
    }
    rocksdb::IOStatus RangeSync(std::uint64_t, std::uint64_t, const rocksdb::IOOptions&,
                                rocksdb::IODebugContext*) override {
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Close(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      rocksdb::IOStatus status = Forward();
      return status.ok() ? target()->Close(options, context) : status;
    }
    std::uint64_t GetFileSize(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      return target()->GetFileSize(options, context) + unsynced_.size();
    }
    bool IsSyncThreadSafe() const override { return false; }

   private:
    rocksdb::IOStatus Forward() {
      std::string data = std::move(unsynced_);
      unsynced_.clear();
      {
        const MutexLock lock(files_->mutex_);
        if (files_->crashed_) data.resize(std::min(data.size(), files_->torn_bytes_));
      }
      return data.empty() ? rocksdb::IOStatus::OK() : target()->Append(data, {}, nullptr);
    }
    FaultFileSystem* const files_;
    std::string unsynced_;
  };

  class ReadFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    ReadFile(FaultFileSystem* files, std::unique_ptr<rocksdb::FSRandomAccessFile> target)
        : FSRandomAccessFileOwnerWrapper(std::move(target)), files_(files) {}
    rocksdb::IOStatus Read(std::uint64_t offset, std::size_t size, const rocksdb::IOOptions& options,
                           rocksdb::Slice* result, char* scratch, rocksdb::IODebugContext* context) const override {
      if (files_->Fails(Io::kRead)) return files_->Failure();
      return FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, context);
    }
    // Supported, as it is by files of the operating system: RocksDB then reads block by block.
    rocksdb::IOStatus Prefetch(std::uint64_t, std::size_t, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override {
      return rocksdb::IOStatus::OK();
    }

   private:
    FaultFileSystem* const files_;
  };

  // Of one that is overwritten, too: what was written last.
  class RewrittenFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
   public:
    RewrittenFile(FaultFileSystem* files, std::unique_ptr<rocksdb::FSRandomRWFile> target)
        : FSRandomRWFileOwnerWrapper(std::move(target)), files_(files) {}
    ~RewrittenFile() override { (void)Forward(); }

    rocksdb::IOStatus Write(std::uint64_t offset, const rocksdb::Slice& data, const rocksdb::IOOptions&,
                            rocksdb::IODebugContext*) override {
      if (files_->Fails(Io::kChange)) return files_->Failure();  // in place, it takes no room
      const MutexLock lock(mutex_);
      offset_ = offset;
      unsynced_ = data.ToString();
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      if (files_->Fails(Io::kChange)) return files_->Failure();
      rocksdb::IOStatus status = Forward();
      return status.ok() ? FSRandomRWFileOwnerWrapper::Sync(options, context) : status;
    }

   private:
    rocksdb::IOStatus Forward() {
      {
        const MutexLock lock(files_->mutex_);
        if (files_->crashed_) return rocksdb::IOStatus::OK();
      }
      const MutexLock lock(mutex_);
      if (unsynced_.empty()) return rocksdb::IOStatus::OK();
      const std::string data = std::exchange(unsynced_, {});
      return FSRandomRWFileOwnerWrapper::Write(offset_, data, {}, nullptr);
    }
    FaultFileSystem* const files_;
    Mutex mutex_;
    std::uint64_t offset_ INSULA_GUARDED_BY(mutex_) = 0;
    std::string unsynced_ INSULA_GUARDED_BY(mutex_);
  };

  bool Counts(Io io) const INSULA_REQUIRES(mutex_) {
    switch (kind_) {
      case Kind::kIoError:
        return io != Io::kRead;
      case Kind::kNoSpaceOnAppend:
        return io == Io::kAppend;
      case Kind::kReadError:
        return io == Io::kRead;
    }
    return false;
  }
  bool Fails(Io io) {
    const MutexLock lock(mutex_);
    if (crashed_) return io != Io::kRead;
    if (nth_ == 0 || !Counts(io)) return false;
    ++count_;
    const bool fails = mode_ == Mode::kOnce ? count_ == nth_ : count_ >= nth_;
    failed_ = failed_ || fails;
    return fails;
  }
  rocksdb::IOStatus Failure() const {
    const MutexLock lock(mutex_);
    if (kind_ == Kind::kNoSpaceOnAppend && !crashed_) return rocksdb::IOStatus::NoSpace("injected");
    return rocksdb::IOStatus::IOError("injected");
  }

  mutable Mutex mutex_;
  std::uint64_t nth_ INSULA_GUARDED_BY(mutex_) = 0;
  std::uint64_t count_ INSULA_GUARDED_BY(mutex_) = 0;
  Mode mode_ INSULA_GUARDED_BY(mutex_) = Mode::kOnce;
  Kind kind_ INSULA_GUARDED_BY(mutex_) = Kind::kIoError;
  bool failed_ INSULA_GUARDED_BY(mutex_) = false;
  bool crashed_ INSULA_GUARDED_BY(mutex_) = false;
  std::size_t torn_bytes_ INSULA_GUARDED_BY(mutex_) = 0;
};

}  // namespace insula::storage::rocks
