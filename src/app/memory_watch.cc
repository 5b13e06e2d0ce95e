#include "app/memory_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <jemalloc/jemalloc.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace insula::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kPeriod = 25ms;
constexpr auto kPurgePause = 250ms;
constexpr auto kLogPause = 1min;

// From here on the allocator gives unused pages back at once, instead of some seconds later.
bool IsShort(const MemoryPlan& plan, std::size_t resident) { return resident > plan.bytes_max - plan.bytes_max / 4; }

void PurgeUnusedPages() {
  const std::string name = fmt::format("arena.{}.purge", MALLCTL_ARENAS_ALL);
  (void)mallctl(name.c_str(), nullptr, nullptr, nullptr, 0);
}

}  // namespace

std::size_t ResidentBytes() {
  static const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  char text[128];
  const ssize_t got = ::pread(file, text, sizeof(text), 0);
  if (got <= 0) return 0;
  const char* at = std::find(text, text + got, ' ');
  std::size_t pages = 0;
  if (at != text + got) std::from_chars(at + 1, text + got, pages);
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t TakenElsewhere(const MemoryPlan& plan, std::size_t resident, std::size_t held) {
  const std::size_t expected = plan.caches + plan.own + held;
  return resident > expected ? resident - expected : 0;
}

MemoryWatch::MemoryWatch(MemoryPlan plan, MemoryBudget& budget, std::function<void(std::string_view)> log)
    : plan_(plan), budget_(budget), log_(std::move(log)), thread_([this] { Run(); }) {}

MemoryWatch::~MemoryWatch() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  stop_.NotifyAll();
  thread_.join();
}

bool MemoryWatch::StopsWithin(std::chrono::milliseconds period) {
  const auto until = std::chrono::steady_clock::now() + period;
  const MutexLock lock(mutex_);
  while (!stopping_ && stop_.WaitUntil(mutex_, until)) {
  }
  return stopping_;
}

void MemoryWatch::Run() {
  ::pthread_setname_np(::pthread_self(), "memory");
  auto purged = std::chrono::steady_clock::now() - kPurgePause;
  auto logged = std::chrono::steady_clock::now() - kLogPause;
  while (!StopsWithin(kPeriod)) {
    const auto now = std::chrono::steady_clock::now();
    std::size_t resident = ResidentBytes();
    if (IsShort(plan_, resident) && now - purged >= kPurgePause) {
      PurgeUnusedPages();
      purged = now;
      resident = ResidentBytes();
    }
    const std::size_t elsewhere = TakenElsewhere(plan_, resident, budget_.held());
    budget_.SetTakenElsewhere(elsewhere);
    if (elsewhere > plan_.requests / 4 && now - logged >= kLogPause) {
      logged = now;
      log_(fmt::format("memory is short: {} MiB resident of {}, {} held by requests; more large requests are refused",
                       resident >> 20, plan_.bytes_max >> 20, budget_.held() >> 20));
    }
  }
}

}  // namespace insula::app
