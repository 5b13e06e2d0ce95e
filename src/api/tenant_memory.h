// The memory that each tenant's requests hold: one holder for each that has a large request in flight.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "base/memory_budget.h"
#include "base/mutex.h"

namespace insula::api {

// Safe from any thread.
class TenantMemory {
 public:
  // `context`: tenancy::KeyOf. The holder lives as long as somebody has it.
  std::shared_ptr<MemoryHolder> Of(const std::string& context);
  std::size_t size() const;

 private:
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<MemoryHolder>> holders_ INSULA_GUARDED_BY(mutex_);
  std::size_t forget_at_ INSULA_GUARDED_BY(mutex_) = 1024;
};

}  // namespace insula::api
