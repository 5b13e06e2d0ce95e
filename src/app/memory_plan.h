// What the process' memory goes to: the engine's caches, the program itself, and the rest to requests.
#pragma once

#include <cstddef>

#include "app/settings.h"
#include "base/result.h"

namespace insula::app {

struct MemoryPlan {
  std::size_t bytes_max = 0;  // of the process, resident
  std::size_t caches = 0;     // blocks read, and writes not yet in tables
  std::size_t own = 0;        // the program, its catalog, its threads, and room for what is noticed late
  std::size_t requests = 0;   // everything that requests hold
};

// The machine's memory, or what the process' control group may have of it.
std::size_t MachineMemory();

// `machine`: MachineMemory(). InvalidArgument where the settings leave requests too little, with what they add up to.
Result<MemoryPlan> PlanMemory(const Settings& settings, std::size_t machine);

}  // namespace insula::app
