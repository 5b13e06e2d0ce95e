// What this process may have of the machine, and how its parts share that: descriptors and memory.
#pragma once

#include <memory>

#include "app/descriptor_shares.h"
#include "app/memory_plan.h"
#include "app/memory_watch.h"
#include "app/settings.h"
#include "base/memory_budget.h"
#include "base/result.h"

namespace insula::app {

struct Resources {
  DescriptorShares descriptors;
  MemoryPlan memory;
  std::unique_ptr<MemoryBudget> budget;  // of requests; outlives the servers
  std::unique_ptr<MemoryWatch> watch;    // none where the data itself is in memory
};

// Raises the limit of descriptors, shares them and the memory, and says how in the log. FailedPrecondition,
// InvalidArgument: there is too little of one, with what to change.
Result<Resources> TakeResources(const Settings& settings, bool data_in_memory);

}  // namespace insula::app
