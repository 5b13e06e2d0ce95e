// A file of the operating system that can be read without waiting for the disk, as far as the page cache has it.
#pragma once

#include <memory>
#include <string>

#include <rocksdb/file_system.h>

namespace insula::storage::rocks {

class PageCacheFile final : public rocksdb::FSRandomAccessFile {
 public:
  // NotFound or IOError, with the file's name and the system's words.
  static rocksdb::IOStatus Open(const std::string& name, std::unique_ptr<PageCacheFile>* file);
  ~PageCacheFile() override;

  rocksdb::IOStatus Read(std::uint64_t offset, std::size_t size, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch, rocksdb::IODebugContext* context) const override;
  // As Read, from the page cache alone. False, with nothing said, if it can't serve all of it.
  bool ReadCached(std::uint64_t offset, std::size_t size, rocksdb::Slice* result, char* scratch) const;

  rocksdb::IOStatus Prefetch(std::uint64_t offset, std::size_t size, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override;
  void Hint(AccessPattern pattern) override;
  rocksdb::IOStatus InvalidateCache(std::size_t offset, std::size_t size) override;

 private:
  PageCacheFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  // preadv2 with `flags` until `size` bytes or the file's end: 0, or the error number.
  int ReadWith(int flags, std::uint64_t offset, std::size_t size, rocksdb::Slice* result, char* scratch) const;

  const std::string name_;
  const int descriptor_;
};

}  // namespace insula::storage::rocks
