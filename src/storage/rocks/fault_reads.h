// For tests: a file system whose Nth look at a table file (opening it, or a read) fails, once or for good.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <rocksdb/file_system.h>

namespace insula::storage::rocks {

class FaultReads final : public rocksdb::FileSystemWrapper {
 public:
  enum class Mode : std::uint8_t { kOnce, kForGood };

  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "InsulaFaultReads"; }

  // Counting starts at 1 with the next look; 0: nothing fails. Safe from any thread, as everything here.
  void FailAt(std::uint64_t nth, Mode mode = Mode::kOnce) {
    const std::lock_guard lock(mutex_);
    nth_ = nth;
    mode_ = mode;
    looks_ = 0;
    failed_ = false;
  }
  void Heal() {
    const std::lock_guard lock(mutex_);
    nth_ = 0;
  }
  // Whether one failed since FailAt.
  bool failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  std::uint64_t looks() const {
    const std::lock_guard lock(mutex_);
    return looks_;
  }

  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override {
    if (!name.ends_with(".sst")) return FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
    if (Fails()) return Failure();
    rocksdb::IOStatus status = FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<File>(this, std::move(*file));
    return status;
  }

 private:
  class File final : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    File(FaultReads* faults, std::unique_ptr<rocksdb::FSRandomAccessFile> target)
        : FSRandomAccessFileOwnerWrapper(std::move(target)), faults_(faults) {}
    rocksdb::IOStatus Read(std::uint64_t offset, std::size_t size, const rocksdb::IOOptions& options,
                           rocksdb::Slice* result, char* scratch, rocksdb::IODebugContext* context) const override {
      if (faults_->Fails()) {
        *result = rocksdb::Slice();
        return Failure();
      }
      return FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, context);
    }
    // Done without doing anything: it is a hint.
    rocksdb::IOStatus Prefetch(std::uint64_t, std::size_t, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override {
      return rocksdb::IOStatus::OK();
    }

   private:
    FaultReads* const faults_;
  };

  bool Fails() {
    const std::lock_guard lock(mutex_);
    ++looks_;
    if (nth_ == 0) return false;
    const bool fails = mode_ == Mode::kOnce ? looks_ == nth_ : looks_ >= nth_;
    failed_ = failed_ || fails;
    return fails;
  }
  static rocksdb::IOStatus Failure() { return rocksdb::IOStatus::IOError("injected"); }

  mutable std::mutex mutex_;
  std::uint64_t nth_ = 0;  // everything guarded by mutex_
  std::uint64_t looks_ = 0;
  Mode mode_ = Mode::kOnce;
  bool failed_ = false;
};

}  // namespace insula::storage::rocks
