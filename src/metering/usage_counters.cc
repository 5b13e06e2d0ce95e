#include "metering/usage_counters.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/check.h"

namespace insula::metering {
namespace {

constexpr std::string_view kMagic = "INSULAU1";
constexpr std::size_t kSegmentBytes = UsageCounters::kSlotBytes * UsageCounters::kSlotsPerSegment;

Error IoError(std::string_view what, const std::string& path) {
  return {ErrorCode::kIo, fmt::format("{} {}: {}", what, path, std::strerror(errno))};
}

std::string FreeNameBeside(const std::string& path) {
  for (int number = 1;; ++number) {
    std::string name = fmt::format("{}.damaged-{}", path, number);
    if (::access(name.c_str(), F_OK) != 0) return name;
  }
}

}  // namespace

struct UsageCounters::Slot {
  std::atomic<std::uint32_t> used;
  std::uint16_t context_bytes;
  std::uint16_t table_bytes;
  UsageCells cells;
  char names[kSlotBytes - 32];

  Key key() const { return {{names, context_bytes}, {names + context_bytes, table_bytes}}; }

  // Whatever ends the process meanwhile: the slot is the one's or the other's.
  void Name(std::string_view context, std::string_view table) {
    Unname();
    std::memcpy(names, context.data(), context.size());
    std::memcpy(names + context.size(), table.data(), table.size());
    std::atomic_ref(context_bytes).store(static_cast<std::uint16_t>(context.size()), std::memory_order_release);
    std::atomic_ref(table_bytes).store(static_cast<std::uint16_t>(table.size()), std::memory_order_release);
  }
  void Unname() { std::atomic_ref(table_bytes).store(0, std::memory_order_release); }
  void GiveAway() { std::atomic_ref(context_bytes).store(0, std::memory_order_release); }
};

std::unique_ptr<UsageCounters> UsageCounters::Open(const std::string& path,
                                                   const std::function<void(std::string_view)>& log) {
  const auto say = [&log](const std::string& line) {
    if (log) log(line);
  };
  if (!path.empty()) {
    auto opened = OpenFile(path);
    if (!opened.ok() && opened.error().code() == ErrorCode::kCorruption) {
      const std::string aside = FreeNameBeside(path);
      if (::rename(path.c_str(), aside.c_str()) == 0) {
        say(fmt::format("{}; it is set aside as {}, and consumed capacity is counted from zero",
                        opened.error().message(), aside));
        opened = OpenFile(path);
      }
    }
    if (opened.ok()) return std::move(opened).value();
    say(fmt::format("{}; until the next start consumed capacity is counted in memory only", opened.error().message()));
  }
  std::unique_ptr<UsageCounters> counters(new UsageCounters);
  const ExclusiveLock lock(counters->mutex_);
  INSULA_CHECK(counters->MapSegment(0).ok());
  return counters;
}

Result<std::unique_ptr<UsageCounters>> UsageCounters::OpenFile(const std::string& path) {
  static_assert(sizeof(Slot) == kSlotBytes && offsetof(Slot, cells) == 8 && sizeof(UsageCells) == 24);
  std::unique_ptr<UsageCounters> counters(new UsageCounters);
  counters->fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (counters->fd_ < 0) return IoError("cannot open", path);
  if (auto loaded = counters->Load(); !loaded.ok())
    return Error(loaded.error().code(), fmt::format("{}: {}", path, loaded.error().message()));
  return counters;
}

UsageCounters::~UsageCounters() {
  for (char* segment : segments_) ::munmap(segment, kSegmentBytes);
  if (fd_ >= 0) ::close(fd_);
}

Result<void> UsageCounters::MapSegment(std::size_t number) {
  const auto offset = static_cast<off_t>(number * kSegmentBytes);
  if (fd_ >= 0) {
    struct stat status{};
    if (::fstat(fd_, &status) != 0) return Error{ErrorCode::kIo, std::strerror(errno)};
    // Allocated, not only extended: a store into a hole of a full disk would kill the process.
    if (status.st_size < offset + static_cast<off_t>(kSegmentBytes)) {
      if (const int failure = ::posix_fallocate(fd_, offset, static_cast<off_t>(kSegmentBytes)); failure != 0) {
        (void)::ftruncate(fd_, offset);  // a full disk may have given a part of it
        return Error{ErrorCode::kIo, std::strerror(failure)};
      }
    }
  }
  void* memory = ::mmap(nullptr, kSegmentBytes, PROT_READ | PROT_WRITE,
                        fd_ >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd_, fd_ >= 0 ? offset : 0);
  if (memory == MAP_FAILED) return Error{ErrorCode::kIo, std::strerror(errno)};
  segments_.push_back(static_cast<char*>(memory));
  return {};
}

UsageCounters::Slot* UsageCounters::SlotAt(std::size_t number) const {
  return reinterpret_cast<Slot*>(segments_[number / kSlotsPerSegment] + number % kSlotsPerSegment * kSlotBytes);
}

Result<void> UsageCounters::Load() {
  struct stat status{};
  if (::fstat(fd_, &status) != 0) return Error{ErrorCode::kIo, std::strerror(errno)};
  const auto size = static_cast<std::size_t>(status.st_size);
  const bool fresh = size == 0;
  if (!fresh && size < kSegmentBytes) return Error{ErrorCode::kCorruption, "is no file of usage counters"};
  // What is more than whole segments is a growth that a full disk or a crash interrupted: nothing was counted there.
  const std::size_t count = fresh ? 1 : size / kSegmentBytes;
  const ExclusiveLock lock(mutex_);
  for (std::size_t number = 0; number < count; ++number) INSULA_TRY(MapSegment(number));
  if (std::memcmp(segments_[0], "\0\0\0\0\0\0\0\0", kMagic.size()) == 0)
    std::memcpy(segments_[0], kMagic.data(), kMagic.size());
  if (std::string_view(segments_[0], kMagic.size()) != kMagic)
    return Error{ErrorCode::kCorruption, "is no file of usage counters"};
  for (std::size_t number = 1; number < count * kSlotsPerSegment; ++number) {
    Slot* slot = SlotAt(number);
    if (slot->used.load(std::memory_order_relaxed) != 1) break;
    if (std::size_t{slot->context_bytes} + slot->table_bytes > sizeof slot->names)
      return Error{ErrorCode::kCorruption, fmt::format("slot {} is damaged", number)};
    used_ = number + 1;
    if (slot->context_bytes == 0) {
      anybodys_.push_back(slot);
      continue;
    }
    OfContext& of = contexts_[std::string(slot->key().context)];
    const bool named = slot->table_bytes > 0;
    (named ? of.named : of.unnamed).push_back(slot);
    if (named) index_.emplace(slot->key(), slot);
  }
  return {};
}

void UsageCounters::FoldDeletedTables(std::function<bool(std::string_view, std::string_view)> exists) {
  const ExclusiveLock lock(mutex_);
  exists_ = std::move(exists);
  // Nobody counts yet: what is left over can be anybody's.
  for (auto& [context, of] : contexts_) {
    Fold(context, &of, kDeletedOneByOneMax);
    while (of.unnamed.size() > 1) {
      Slot* slot = of.unnamed.back();
      of.unnamed.pop_back();
      slot->cells.MoveTo(&of.unnamed.front()->cells);
      slot->GiveAway();
      anybodys_.push_back(slot);
    }
  }
}

void UsageCounters::Fold(const std::string& context, OfContext* of, std::size_t deleted_max) {
  std::vector<Slot*> existing, deleted;
  for (Slot* slot : of->named) (exists_(context, slot->key().table) ? existing : deleted).push_back(slot);
  of->look_at = existing.size() + kDeletedOneByOneMax;
  if (deleted.size() <= deleted_max) return;
  for (Slot* slot : deleted) {
    index_.erase(slot->key());
    slot->Unname();
    of->unnamed.push_back(slot);
    if (of->unnamed.size() > 1) slot->cells.MoveTo(&of->unnamed.front()->cells);
  }
  of->named = std::move(existing);
}

UsageCounters::Slot* UsageCounters::FreeSlot(OfContext* of) {
  if (of->unnamed.size() > 1) {
    Slot* slot = of->unnamed.back();
    of->unnamed.pop_back();
    slot->cells.MoveTo(&of->unnamed.front()->cells);  // what came late
    return slot;
  }
  if (!anybodys_.empty()) {
    Slot* slot = anybodys_.back();
    anybodys_.pop_back();
    return slot;
  }
  if (used_ == segments_.size() * kSlotsPerSegment && !MapSegment(segments_.size()).ok()) return nullptr;
  return SlotAt(used_++);
}

UsageCells* UsageCounters::CellsOf(std::string_view context, std::string_view table) {
  {
    const SharedLock lock(mutex_);
    if (const auto at = index_.find({context, table}); at != index_.end()) return &at->second->cells;
  }
  if (context.size() + table.size() > sizeof Slot::names) return nullptr;  // longer than names may be
  const ExclusiveLock lock(mutex_);
  if (const auto at = index_.find({context, table}); at != index_.end()) return &at->second->cells;
  const auto at = contexts_.try_emplace(std::string(context)).first;
  OfContext& of = at->second;
  if (exists_ && of.named.size() >= of.look_at) Fold(at->first, &of, 0);
  Slot* slot = FreeSlot(&of);
  if (slot == nullptr) return nullptr;
  slot->Name(context, table);
  slot->used.store(1, std::memory_order_release);
  of.named.push_back(slot);
  index_.emplace(slot->key(), slot);
  return &slot->cells;
}

std::vector<Usage> UsageCounters::Snapshot() const {
  const SharedLock lock(mutex_);
  std::vector<Usage> all;
  all.reserve(used_);
  std::map<std::string_view, Usage> deleted;  // by context
  for (std::size_t number = 1; number < used_; ++number) {
    const Slot* slot = SlotAt(number);
    const auto [context, table] = slot->key();
    if (context.empty()) continue;
    Usage& usage = table.empty() ? deleted[context] : all.emplace_back();
    usage.context = std::string(context);
    usage.table = std::string(table.empty() ? kDeletedTables : table);
    usage.read += slot->cells.read();
    usage.written += slot->cells.written();
    usage.requests += slot->cells.requests();
  }
  for (auto& [context, usage] : deleted) {
    if (usage.requests > 0) all.push_back(std::move(usage));
  }
  return all;
}

}  // namespace insula::metering
