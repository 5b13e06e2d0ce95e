#include "api/tenant_memory.h"

#include <algorithm>

namespace insula::api {

std::shared_ptr<MemoryHolder> TenantMemory::Of(const std::string& context) {
  const MutexLock lock(mutex_);
  std::weak_ptr<MemoryHolder>& known = holders_[context];
  if (auto holder = known.lock()) return holder;
  auto holder = std::make_shared<MemoryHolder>(kTenantMemoryShare);
  known = holder;
  if (holders_.size() > forget_at_) {
    std::erase_if(holders_, [](const auto& entry) { return entry.second.expired(); });
    forget_at_ = std::max<std::size_t>(1024, 2 * holders_.size());
  }
  return holder;
}

std::size_t TenantMemory::size() const {
  const MutexLock lock(mutex_);
  return holders_.size();
}

}  // namespace insula::api
