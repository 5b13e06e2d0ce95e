#include "app/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/logging.h"

namespace insula::app {

Result<Resources> TakeResources(const Settings& settings, bool data_in_memory) {
  Resources resources;
  DescriptorWishes wishes;
  wishes.threads = settings.threads > 0 ? static_cast<std::size_t>(settings.threads)
                                        : std::max(1u, std::thread::hardware_concurrency());
  wishes.connections = static_cast<std::size_t>(settings.connections_max);
  wishes.jobs = static_cast<std::size_t>(settings.objects_jobs_max);
  INSULA_ASSIGN(resources.descriptors, ShareDescriptors(RaiseDescriptorLimit(), wishes));
  Log(LogLevel::kInfo, resources.descriptors.ToText());
  if (resources.descriptors.connections < wishes.connections) {
    Log(LogLevel::kWarn,
        fmt::format("limits.connections_max is {}, and there are file descriptors for {} connections: "
                    "raise the limit of open files (now {}) to have them all",
                    wishes.connections, resources.descriptors.connections, resources.descriptors.limit));
  }
  INSULA_ASSIGN(resources.memory, PlanMemory(settings, MachineMemory()));
  const MemoryPlan& memory = resources.memory;
  Log(LogLevel::kInfo,
      fmt::format("{} MiB of memory: {} for caches and unflushed writes, {} for the program, {} for "
                  "requests",
                  memory.bytes_max >> 20, memory.caches >> 20, memory.own >> 20, memory.requests >> 20));
  resources.budget = std::make_unique<MemoryBudget>(memory.requests);
  if (!data_in_memory) {
    resources.watch = std::make_unique<MemoryWatch>(memory, *resources.budget,
                                                    [](std::string_view line) { Log(LogLevel::kWarn, line); });
  }
  return resources;
}

}  // namespace insula::app
