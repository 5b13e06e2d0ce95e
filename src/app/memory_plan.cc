#include "app/memory_plan.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/byte_units.h"

namespace insula::app {
namespace {

constexpr std::size_t kOwnBytes = 64 * kMiB;
// Of the whole: what may come up between two looks at the process' memory (memory_watch.h).
constexpr std::size_t kNoticedLatePart = 16;
// Requests need room for this many of the largest bodies at least.
constexpr std::size_t kBodiesMin = 2;

// What a file of the control group says; none: no limit, or no such file.
std::size_t LimitIn(const char* path, std::size_t none) {
  std::ifstream file(path);
  std::size_t bytes = 0;
  return file >> bytes && bytes > 0 ? std::min(bytes, none) : none;
}

std::string Mebibytes(std::size_t bytes) { return fmt::format("{} MiB", bytes / kMiB); }

}  // namespace

std::size_t MachineMemory() {
  std::size_t bytes =
      static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  bytes = LimitIn("/sys/fs/cgroup/memory.max", bytes);
  return LimitIn("/sys/fs/cgroup/memory/memory.limit_in_bytes", bytes);
}

Result<MemoryPlan> PlanMemory(const Settings& settings, std::size_t machine) {
  MemoryPlan plan;
  plan.bytes_max = settings.memory_bytes_max > 0 ? static_cast<std::size_t>(settings.memory_bytes_max) : machine / 2;
  plan.caches = static_cast<std::size_t>(settings.block_cache_bytes + settings.write_buffer_bytes);
  plan.own = kOwnBytes + plan.bytes_max / kNoticedLatePart;
  const std::size_t requests_min = kBodiesMin * static_cast<std::size_t>(settings.body_bytes_max);
  if (plan.bytes_max < plan.caches + plan.own + requests_min) {
    return Error(
        ErrorCode::kInvalidArgument,
        fmt::format(
            "limits.memory_bytes_max is {}{}: too little for {} of caches (engine.block_cache_bytes and "
            "engine.write_buffer_bytes), {} for the program and {} for requests ({} times limits.body_bytes_max). "
            "Allow more, or make one of these smaller",
            Mebibytes(plan.bytes_max),
            settings.memory_bytes_max > 0 ? "" : fmt::format(" (half of this machine's {})", Mebibytes(machine)),
            Mebibytes(plan.caches), Mebibytes(plan.own), Mebibytes(requests_min), kBodiesMin));
  }
  plan.requests = plan.bytes_max - plan.caches - plan.own;
  return plan;
}

}  // namespace insula::app
