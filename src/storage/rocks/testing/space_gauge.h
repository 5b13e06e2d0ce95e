// For tests: a file system that has as much room left as it is told to say.
#pragma once

#include <atomic>
#include <cstdint>

#include <rocksdb/file_system.h>

namespace insula::storage::rocks {

class SpaceGauge final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "InsulaSpaceGauge"; }
  rocksdb::IOStatus GetFreeSpace(const std::string&, const rocksdb::IOOptions&, std::uint64_t* bytes,
                                 rocksdb::IODebugContext*) override {
    *bytes = free_bytes;
    return rocksdb::IOStatus::OK();
  }
  std::atomic<std::uint64_t> free_bytes{1ull << 40};
};

}  // namespace insula::storage::rocks
