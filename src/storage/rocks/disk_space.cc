#include "storage/rocks/disk_space.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "storage/rocks/rocks_engine.h"

namespace insula::storage::rocks {
namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();  // an environment that can't tell

// Several times what a store's log and manifest take ahead.
constexpr std::uint64_t kSpareBytes = 64u << 20;

std::uint64_t FileBytes(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

SpaceMarks MarksFor(std::uint64_t free_bytes_min) {
  return {free_bytes_min + free_bytes_min / 2, free_bytes_min, free_bytes_min / 8, free_bytes_min / 2};
}

DiskSpace::DiskSpace(std::string directory, std::uint64_t free_bytes_min, std::optional<std::string> reserve_path,
                     std::function<void(std::string_view)> log)
    : directory_(std::move(directory)),
      marks_(MarksFor(free_bytes_min)),
      reserve_path_(std::move(reserve_path)),
      log_(std::move(log)),
      free_bytes_(kUnknown) {}

void DiskSpace::PrepareStart(rocksdb::Env* env) {
  std::uint64_t free_bytes = 0;
  if (!reserve_path_) return;
  reserve_bytes_ = FileBytes(*reserve_path_);
  if (!env->GetFreeSpace(directory_, &free_bytes).ok()) return;
  if (free_bytes < marks_.reserve) GiveUpReserve();
  Spare(free_bytes);
}

void DiskSpace::Spare(std::uint64_t free_bytes) { room_to_spare_ = free_bytes >= std::max(marks_.growth, kSpareBytes); }

bool DiskSpace::Check(rocksdb::Env* env) {
  std::uint64_t free_bytes = kUnknown;
  if (!env->GetFreeSpace(directory_, &free_bytes).ok()) free_bytes = kUnknown;
  free_bytes_ = free_bytes;
  Spare(free_bytes);
  const bool full = !Allows(Purpose::kGrowth);
  if (std::exchange(full_, full) != full) {
    log_(full ? fmt::format("{} has only {} bytes left: writes are refused, deletions go on", directory_, free_bytes)
              : fmt::format("{} has room again: writes are accepted", directory_));
  }
  if (reserve_path_ && reserve_bytes_ == 0 && free_bytes != kUnknown && free_bytes >= marks_.jobs) Hold();
  return free_bytes >= marks_.deletions;
}

bool DiskSpace::Allows(Purpose purpose) const {
  const std::uint64_t free_bytes = free_bytes_.load(std::memory_order_relaxed);
  if (free_bytes == kUnknown) return true;
  const std::uint64_t with_reserve = free_bytes + reserve_bytes_.load(std::memory_order_relaxed);
  switch (purpose) {
    case Purpose::kJob:
      return with_reserve >= marks_.jobs;
    case Purpose::kGrowth:
      return with_reserve >= marks_.growth;
    case Purpose::kDeletion:
      return free_bytes >= marks_.deletions;
    case Purpose::kRecord:
      break;
  }
  return true;
}

bool RocksEngine::HasRoomForJobs(const std::string& directory, std::uint64_t free_bytes_min) {
  std::uint64_t free_bytes = 0;
  if (!rocksdb::Env::Default()->GetFreeSpace(directory, &free_bytes).ok()) return true;
  return free_bytes + FileBytes(directory + "/" + kReserveFile) >= MarksFor(free_bytes_min).jobs;
}

void DiskSpace::Hold() {
  const MutexLock lock(mutex_);
  if (marks_.reserve == 0) return;
  const int fd = ::open(reserve_path_->c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int failure = fd < 0 ? errno : ::posix_fallocate(fd, 0, static_cast<off_t>(marks_.reserve));
  if (fd >= 0) ::close(fd);
  if (failure == 0) {
    reserve_bytes_ = marks_.reserve;
    failed_ = false;
    return;
  }
  if (fd >= 0) ::unlink(reserve_path_->c_str());
  if (!std::exchange(failed_, true)) {
    log_(fmt::format("{} can't be made ({}): a start on a full disk may fail", *reserve_path_, std::strerror(failure)));
  }
}

bool DiskSpace::GiveUpReserve() {
  const MutexLock lock(mutex_);
  if (!reserve_path_ || reserve_bytes_ == 0) return false;
  if (::unlink(reserve_path_->c_str()) != 0 && errno != ENOENT) return false;
  reserve_bytes_ = 0;
  log_(fmt::format("{} is full: the reserve was given up, so that tables can be deleted. Make room", directory_));
  return true;
}

}  // namespace insula::storage::rocks
