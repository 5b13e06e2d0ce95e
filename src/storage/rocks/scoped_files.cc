#include "storage/rocks/scoped_files.h"

#include <utility>

#include "storage/rocks/page_cache_file.h"
#include "storage/rocks/read_scope.h"

namespace insula::storage::rocks {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSRandomAccessFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

IOStatus Refuse(ReadScope* scope) {
  scope->Refused();
  return IOStatus::IOError("this thread doesn't wait for the disk");
}

// Keeps the account of what failed.
IOStatus Judged(IOStatus status, const std::string& name, const OnBackgroundReadFailure& on_failure) {
  if (status.ok()) return status;
  if (ReadScope* scope = ReadScope::Current()) {
    scope->Failed(status);
  } else {
    on_failure(name, status);
  }
  return status;
}

class ScopedFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  // `cached`: `file` itself, where the page cache can be asked; else nullptr.
  ScopedFile(std::unique_ptr<FSRandomAccessFile> file, const PageCacheFile* cached, std::string name,
             const OnBackgroundReadFailure* on_failure)
      : FSRandomAccessFileOwnerWrapper(std::move(file)),
        cached_(cached),
        name_(std::move(name)),
        on_failure_(*on_failure) {}

  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& options, rocksdb::Slice* result, char* scratch,
                IODebugContext* context) const override {
    ReadScope* const scope = ReadScope::Current();
    if (scope && !scope->may_wait()) {
      if (cached_ && cached_->ReadCached(offset, size, result, scratch)) return IOStatus::OK();
      return Refuse(scope);
    }
    return Judged(FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, context), name_,
                  on_failure_);
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    return FSRandomAccessFile::MultiRead(requests, count, options, context);  // one Read each
  }
  IOStatus ReadAsync(rocksdb::FSReadRequest& request, const IOOptions& options,
                     std::function<void(const rocksdb::FSReadRequest&, void*)> done, void* argument, void** handle,
                     rocksdb::IOHandleDeleter* deleter, IODebugContext* context) override {
    return FSRandomAccessFile::ReadAsync(request, options, std::move(done), argument, handle, deleter, context);
  }
  // A hint: nothing depends on its result.
  IOStatus Prefetch(std::uint64_t offset, std::size_t size, const IOOptions& options,
                    IODebugContext* context) override {
    const ReadScope* const scope = ReadScope::Current();
    if (scope && !scope->may_wait()) return IOStatus::OK();
    return FSRandomAccessFileOwnerWrapper::Prefetch(offset, size, options, context);
  }

 private:
  const PageCacheFile* const cached_;
  const std::string name_;
  const OnBackgroundReadFailure& on_failure_;
};

class ScopedFiles final : public rocksdb::FileSystemWrapper {
 public:
  ScopedFiles(const std::shared_ptr<rocksdb::FileSystem>& files, bool in_page_cache, OnBackgroundReadFailure on_failure)
      : FileSystemWrapper(files), in_page_cache_(in_page_cache), on_failure_(std::move(on_failure)) {}
  const char* Name() const override { return "InsulaReadScopes"; }

  IOStatus NewRandomAccessFile(const std::string& name, const FileOptions& options,
                               std::unique_ptr<FSRandomAccessFile>* file, IODebugContext* context) override {
    ReadScope* const scope = ReadScope::Current();
    if (scope && !scope->may_wait()) return Refuse(scope);
    const PageCacheFile* cached = nullptr;
    if (in_page_cache_ && !options.use_direct_reads && !options.use_mmap_reads) {
      std::unique_ptr<PageCacheFile> opened;
      if (IOStatus status = PageCacheFile::Open(name, &opened); !status.ok()) {
        return Judged(std::move(status), name, on_failure_);
      }
      cached = opened.get();
      *file = std::move(opened);
    } else {
      IOStatus status = FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
      if (!status.ok()) return Judged(std::move(status), name, on_failure_);
    }
    *file = std::make_unique<ScopedFile>(std::move(*file), cached, name, &on_failure_);
    return IOStatus::OK();
  }

 private:
  const bool in_page_cache_;
  const OnBackgroundReadFailure on_failure_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> WithReadScopes(std::shared_ptr<rocksdb::FileSystem> files, bool in_page_cache,
                                                    OnBackgroundReadFailure on_failure) {
  return std::make_shared<ScopedFiles>(std::move(files), in_page_cache, std::move(on_failure));
}

}  // namespace insula::storage::rocks
