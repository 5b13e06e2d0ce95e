// How fast flushes, compactions, backups and restores write, together.
//
// Each request works out on its own when those before it are through, and sleeps until then: nobody has to wake anybody
// else. RocksDB's own limiter hands that duty from thread to thread, and in Debian's 7.8.3 it can get lost, with
// flushes and so writes waiting for good (docs/rocksdb.md).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include <rocksdb/rate_limiter.h>

#include "base/mutex.h"

namespace insula::storage::rocks {

// First come, first served, whatever the priority: each thread has one request at a time, and each is small. Safe from
// any thread.
class WriteRate final : public rocksdb::RateLimiter {
 public:
  // Precondition, here and below: more than 0.
  explicit WriteRate(std::int64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  using RateLimiter::Request;
  // Returns when as many bytes may be written. Blocks.
  void Request(std::int64_t bytes, rocksdb::Env::IOPriority priority, rocksdb::Statistics* statistics) override;

  void SetBytesPerSecond(std::int64_t bytes_per_second) override;
  std::int64_t GetBytesPerSecond() const override;
  std::int64_t GetSingleBurstBytes() const override;
  std::int64_t GetTotalBytesThrough(rocksdb::Env::IOPriority priority) const override;
  std::int64_t GetTotalRequests(rocksdb::Env::IOPriority priority) const override;

 private:
  using Clock = std::chrono::steady_clock;
  using Totals = std::array<std::int64_t, rocksdb::Env::IO_TOTAL + 1>;  // the last: of all priorities

  mutable Mutex mutex_;
  std::int64_t bytes_per_second_ INSULA_GUARDED_BY(mutex_);
  Clock::time_point free_at_ INSULA_GUARDED_BY(mutex_){};  // when all that was asked for so far is through
  Totals bytes_ INSULA_GUARDED_BY(mutex_){};
  Totals requests_ INSULA_GUARDED_BY(mutex_){};
};

}  // namespace insula::storage::rocks
