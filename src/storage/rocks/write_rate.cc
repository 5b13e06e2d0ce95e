#include "storage/rocks/write_rate.h"

#include <algorithm>
#include <thread>

namespace insula::storage::rocks {
namespace {

// What wasn't used of late may be caught up with, for that long.
constexpr std::chrono::milliseconds kCatchUp{100};

}  // namespace

void WriteRate::Request(std::int64_t bytes, rocksdb::Env::IOPriority priority, rocksdb::Statistics*) {
  const Clock::time_point now = Clock::now();
  Clock::time_point mine;
  {
    const MutexLock lock(mutex_);
    mine = std::max(free_at_, now - kCatchUp);
    const double seconds = static_cast<double>(bytes) / static_cast<double>(bytes_per_second_);
    free_at_ = mine + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    bytes_[priority] += bytes;
    ++requests_[priority];
    if (priority != rocksdb::Env::IO_TOTAL) {
      bytes_[rocksdb::Env::IO_TOTAL] += bytes;
      ++requests_[rocksdb::Env::IO_TOTAL];
    }
  }
  if (mine > now) std::this_thread::sleep_until(mine);
}

void WriteRate::SetBytesPerSecond(std::int64_t bytes_per_second) {
  const MutexLock lock(mutex_);
  bytes_per_second_ = bytes_per_second;
}

std::int64_t WriteRate::GetBytesPerSecond() const {
  const MutexLock lock(mutex_);
  return bytes_per_second_;
}

std::int64_t WriteRate::GetSingleBurstBytes() const { return std::max<std::int64_t>(1, GetBytesPerSecond() / 10); }

std::int64_t WriteRate::GetTotalBytesThrough(rocksdb::Env::IOPriority priority) const {
  const MutexLock lock(mutex_);
  return bytes_[priority];
}

std::int64_t WriteRate::GetTotalRequests(rocksdb::Env::IOPriority priority) const {
  const MutexLock lock(mutex_);
  return requests_[priority];
}

}  // namespace insula::storage::rocks
