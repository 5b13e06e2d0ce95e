#include "storage/rocks/page_cache_file.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fmt/format.h>

namespace insula::storage::rocks {
namespace {

using rocksdb::IOStatus;

IOStatus Failure(const std::string& what, int error) {
  const std::string why = std::generic_category().message(error);
  return error == ENOENT ? IOStatus::PathNotFound(what, why) : IOStatus::IOError(what, why);
}

}  // namespace

IOStatus PageCacheFile::Open(const std::string& name, std::unique_ptr<PageCacheFile>* file) {
  int descriptor = -1;
  do {
    descriptor = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return Failure("opening " + name, errno);
  file->reset(new PageCacheFile(name, descriptor));
  return IOStatus::OK();
}

PageCacheFile::~PageCacheFile() { (void)close(descriptor_); }

int PageCacheFile::ReadWith(int flags, std::uint64_t offset, std::size_t size, rocksdb::Slice* result,
                            char* scratch) const {
  std::size_t done = 0;
  while (done < size) {
    const iovec part{scratch + done, size - done};
    const ssize_t read = preadv2(descriptor_, &part, 1, static_cast<off_t>(offset + done), flags);
    if (read == 0) break;  // the file's end
    if (read > 0) {
      done += static_cast<std::size_t>(read);
    } else if (errno != EINTR) {
      *result = rocksdb::Slice();
      return errno;
    }
  }
  *result = rocksdb::Slice(scratch, done);
  return 0;
}

IOStatus PageCacheFile::Read(std::uint64_t offset, std::size_t size, const rocksdb::IOOptions&, rocksdb::Slice* result,
                             char* scratch, rocksdb::IODebugContext*) const {
  const int error = ReadWith(0, offset, size, result, scratch);
  return error == 0 ? IOStatus::OK() : Failure(fmt::format("reading {} bytes at {} of {}", size, offset, name_), error);
}

bool PageCacheFile::ReadCached(std::uint64_t offset, std::size_t size, rocksdb::Slice* result, char* scratch) const {
  return ReadWith(RWF_NOWAIT, offset, size, result, scratch) == 0;
}

IOStatus PageCacheFile::Prefetch(std::uint64_t offset, std::size_t size, const rocksdb::IOOptions&,
                                 rocksdb::IODebugContext*) {
  if (readahead(descriptor_, static_cast<off_t>(offset), size) != 0) return Failure("reading ahead in " + name_, errno);
  return IOStatus::OK();
}

void PageCacheFile::Hint(AccessPattern pattern) {
  int advice = POSIX_FADV_NORMAL;
  switch (pattern) {
    case kNormal:
      advice = POSIX_FADV_NORMAL;
      break;
    case kRandom:
      advice = POSIX_FADV_RANDOM;
      break;
    case kSequential:
      advice = POSIX_FADV_SEQUENTIAL;
      break;
    case kWillNeed:
      advice = POSIX_FADV_WILLNEED;
      break;
    case kWontNeed:
      advice = POSIX_FADV_DONTNEED;
      break;
  }
  (void)posix_fadvise(descriptor_, 0, 0, advice);
}

IOStatus PageCacheFile::InvalidateCache(std::size_t offset, std::size_t size) {
  const int error =
      posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_DONTNEED);
  return error == 0 ? IOStatus::OK() : Failure("dropping what is cached of " + name_, error);
}

}  // namespace insula::storage::rocks
