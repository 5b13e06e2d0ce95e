#include "tests/stress/disk.h"

#include <pthread.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace insula::stress {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string DirectoryOf(const std::string& name) { return std::filesystem::path(name).parent_path().string(); }

std::string Normal(const std::string& name) {
  std::string text = std::filesystem::path(name).lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

class SequentialFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(Disk* disk, std::unique_ptr<rocksdb::FSSequentialFile> target)
      : FSSequentialFileOwnerWrapper(std::move(target)), disk_(disk) {}
  IOStatus Read(std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) override {
    IOStatus status = disk_->Before(Fault::kRead);
    return status.ok() ? target()->Read(n, options, result, scratch, context) : status;
  }
  IOStatus PositionedRead(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                          IODebugContext* context) override {
    IOStatus status = disk_->Before(Fault::kRead);
    return status.ok() ? target()->PositionedRead(offset, n, options, result, scratch, context) : status;
  }

 private:
  Disk* const disk_;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(Disk* disk, std::unique_ptr<rocksdb::FSRandomAccessFile> target)
      : FSRandomAccessFileOwnerWrapper(std::move(target)), disk_(disk) {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    IOStatus status = disk_->Before(offset == 0 ? Fault::kReadAtStart : Fault::kRead);
    return status.ok() ? target()->Read(offset, n, options, result, scratch, context) : status;
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    for (std::size_t i = 0; i < count; ++i) {
      IOStatus status = disk_->Before(requests[i].offset == 0 ? Fault::kReadAtStart : Fault::kRead);
      if (!status.ok()) return status;
    }
    return target()->MultiRead(requests, count, options, context);
  }

 private:
  Disk* const disk_;
};

class WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(Disk* disk, std::string name, std::unique_ptr<rocksdb::FSWritableFile> target)
      : FSWritableFileOwnerWrapper(std::move(target)), disk_(disk), name_(std::move(name)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    IOStatus status = disk_->Before(Fault::kWrite);
    if (status.ok()) {
      status = target()->Append(data, options, context);
      if (status.ok()) size_ += data.size();
    } else if (disk_->has_power() && !use_direct_io()) {
      // Half of it got there.
      const Slice half(data.data(), data.size() / 2);
      if (target()->Append(half, options, context).ok()) size_ += half.size();
    }
    disk_->Written(name_, size_);
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            IODebugContext* context) override {
    IOStatus status = disk_->Before(Fault::kWrite);
    if (!status.ok()) return status;
    status = target()->PositionedAppend(data, offset, options, context);
    if (status.ok()) size_ = std::max(size_, offset + data.size());
    disk_->Written(name_, size_);
    return status;
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            const rocksdb::DataVerificationInfo&, IODebugContext* context) override {
    return PositionedAppend(data, offset, options, context);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* context) override {
    IOStatus status = disk_->Before(Fault::kWrite);
    if (!status.ok()) return status;
    status = target()->Truncate(size, options, context);
    if (status.ok()) size_ = size;
    disk_->Written(name_, size_);
    return status;
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    IOStatus status = disk_->Before(Fault::kSync);
    if (status.ok()) disk_->Synced(name_);  // the files below need none: no power is lost there
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();  // promises nothing
  }

 private:
  Disk* const disk_;
  const std::string name_;
  std::uint64_t size_ = 0;
};

// Written to in place: after a power loss it is as it is, or as it was when it was last synced.
class RandomRWFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RandomRWFile(Disk* disk, std::string name, std::unique_ptr<rocksdb::FSRandomRWFile> target)
      : FSRandomRWFileOwnerWrapper(std::move(target)), disk_(disk), name_(std::move(name)) {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    IOStatus status = disk_->Before(Fault::kRead);
    return status.ok() ? target()->Read(offset, n, options, result, scratch, context) : status;
  }
  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options, IODebugContext* context) override {
    IOStatus status = disk_->Before(Fault::kWrite);
    if (!status.ok()) return status;
    disk_->WillOverwrite(name_);
    return target()->Write(offset, data, options, context);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    IOStatus status = disk_->Before(Fault::kSync);
    if (status.ok()) disk_->Synced(name_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }

 private:
  Disk* const disk_;
  const std::string name_;
};

class Directory final : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(Disk* disk, std::string name, std::unique_ptr<rocksdb::FSDirectory> target)
      : FSDirectoryWrapper(std::move(target)), disk_(disk), name_(std::move(name)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    IOStatus status = disk_->Before(Fault::kSync);
    if (status.ok()) disk_->DirectorySynced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, context);
  }

 private:
  Disk* const disk_;
  const std::string name_;
};

// Whether this is one of RocksDB's own threads.
bool IsBackground() {
  static thread_local const bool is_background = [] {
    char name[16] = "";
    ::pthread_getname_np(::pthread_self(), name, sizeof(name));
    return std::string_view(name).starts_with("rocksdb:");
  }();
  return is_background;
}

// Whether an I/O of `kind` is of the armed one.
bool IsOfKind(Fault::Kind armed, Fault::Kind kind) {
  const bool reads = kind == Fault::kRead || kind == Fault::kReadAtStart;
  switch (armed) {
    case Fault::kPower:
      return true;
    case Fault::kRead:
      return reads;
    case Fault::kBackgroundRead:
      return reads && IsBackground();
    case Fault::kBackgroundReadAtStart:
      return kind == Fault::kReadAtStart && IsBackground();
    default:
      return armed == kind;
  }
}

std::string ContentOf(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteContent(const std::string& name, const std::string& content) {
  std::ofstream(name, std::ios::binary | std::ios::trunc) << content;
}

}  // namespace

void Disk::Arm(Fault fault) {
  const MutexLock lock(mutex_);
  fault_ = fault;
  count_ = 0;
}

bool Disk::has_power() const {
  const MutexLock lock(mutex_);
  return power_;
}

void Disk::CutPower() {
  const MutexLock lock(mutex_);
  power_ = false;
}

IOStatus Disk::Before(Fault::Kind kind) {
  const MutexLock lock(mutex_);
  if (!power_) return IOStatus::IOError("no power");
  if (!fault_) return IOStatus::OK();
  const bool counts = IsOfKind(fault_->kind, kind);
  if (!counts) return IOStatus::OK();
  ++count_;
  if (fault_->for_good || fault_->kind == Fault::kPower ? count_ < fault_->nth : count_ != fault_->nth) {
    return IOStatus::OK();
  }
  if (fault_->kind == Fault::kPower) power_ = false;
  return IOStatus::IOError("injected");
}

IOStatus Disk::NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                 std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* context) {
  IOStatus status = Before(Fault::kOpen);
  if (!status.ok()) return status;
  status = target()->NewSequentialFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<SequentialFile>(this, std::move(*file));
  return status;
}

IOStatus Disk::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* context) {
  IOStatus status = Before(Fault::kOpen);
  if (!status.ok()) return status;
  status = target()->NewRandomAccessFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<RandomAccessFile>(this, std::move(*file));
  return status;
}

IOStatus Disk::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  IOStatus status = Before(Fault::kOpen);
  if (!status.ok()) return status;
  const std::string normal = Normal(name);
  status = target()->NewWritableFile(name, options, file, context);
  if (!status.ok()) return status;
  *file = std::make_unique<WritableFile>(this, normal, std::move(*file));
  const MutexLock lock(mutex_);
  files_[normal] = File{};
  return status;
}

IOStatus Disk::NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext* context) {
  IOStatus status = Before(Fault::kOpen);
  if (!status.ok()) return status;
  status = target()->NewRandomRWFile(name, options, file, context);
  if (status.ok()) *file = std::make_unique<RandomRWFile>(this, Normal(name), std::move(*file));
  return status;
}

IOStatus Disk::NewDirectory(const std::string& name, const IOOptions& options,
                            std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  IOStatus status = target()->NewDirectory(name, options, directory, context);
  if (status.ok()) *directory = std::make_unique<Directory>(this, Normal(name), std::move(*directory));
  return status;
}

IOStatus Disk::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                          IODebugContext* context) {
  IOStatus status = Before(Fault::kRename);
  if (!status.ok()) return status;
  Rename rename{Normal(from), Normal(to), std::nullopt};
  if (std::filesystem::exists(to)) rename.replaced = ContentOf(to);
  status = target()->RenameFile(from, to, options, context);
  if (!status.ok()) return status;
  const MutexLock lock(mutex_);
  if (auto found = files_.find(rename.from); found != files_.end()) {
    files_[rename.to] = found->second;
    files_.erase(rename.from);
  }
  renames_.push_back(std::move(rename));
  return status;
}

IOStatus Disk::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) {
  if (!has_power()) return IOStatus::IOError("no power");
  IOStatus status = target()->DeleteFile(name, options, context);
  if (!status.ok()) return status;
  const MutexLock lock(mutex_);
  files_.erase(Normal(name));
  overwritten_.erase(Normal(name));
  return status;
}

void Disk::Written(const std::string& name, std::uint64_t size) {
  const MutexLock lock(mutex_);
  if (auto found = files_.find(name); found != files_.end()) found->second.written = size;
}

void Disk::Synced(const std::string& name) {
  const MutexLock lock(mutex_);
  if (syncs_lie_) return;
  if (auto found = files_.find(name); found != files_.end()) found->second.synced = found->second.written;
  overwritten_.erase(name);
}

void Disk::WillOverwrite(const std::string& name) {
  const MutexLock lock(mutex_);
  if (!overwritten_.contains(name)) overwritten_.emplace(name, ContentOf(name));
}

void Disk::DirectorySynced(const std::string& name) {
  const MutexLock lock(mutex_);
  if (syncs_lie_) return;
  for (auto& [file, state] : files_) {
    if (DirectoryOf(file) == name) state.entry_synced = true;
  }
  std::erase_if(renames_, [&](const Rename& rename) { return DirectoryOf(rename.to) == name; });
}

void Disk::TakeTail(const std::string& name, const File& file, std::mt19937_64* random) {
  std::error_code failed;
  const std::uint64_t size = std::filesystem::file_size(name, failed);
  if (failed || size <= file.synced) return;
  const std::uint64_t unsynced = size - file.synced;
  // Nothing of it, a part, all of it, or a part and zeros where the disk had no time for the rest, though it knew the
  // file's size.
  const std::uint64_t kept = file.synced + (*random)() % unsynced;
  switch ((*random)() % 4) {
    case 0:
      std::filesystem::resize_file(name, file.synced, failed);
      break;
    case 1:
      std::filesystem::resize_file(name, kept, failed);
      break;
    case 2:
      break;
    default:
      std::filesystem::resize_file(name, kept, failed);
      std::filesystem::resize_file(name, std::min(size, kept + 4096), failed);
  }
}

void Disk::TakeUnsynced(std::uint64_t seed) {
  const MutexLock lock(mutex_);
  std::mt19937_64 random(seed);
  for (const auto& [name, file] : files_) {
    if (!file.entry_synced && random() % 2 == 0) {
      std::error_code ignored;
      std::filesystem::remove(name, ignored);
    } else {
      TakeTail(name, file, &random);
    }
  }
  for (const auto& [name, content] : overwritten_) {
    if (std::filesystem::exists(name) && random() % 2 == 0) WriteContent(name, content);
  }
  // The latest first: each finds what it left.
  while (!renames_.empty()) {
    const Rename rename = std::move(renames_.back());
    renames_.pop_back();
    if (random() % 2 == 0 || !std::filesystem::exists(rename.to)) continue;
    WriteContent(rename.from, ContentOf(rename.to));
    if (rename.replaced) {
      WriteContent(rename.to, *rename.replaced);
    } else {
      std::filesystem::remove(rename.to);
    }
  }
}

}  // namespace insula::stress
