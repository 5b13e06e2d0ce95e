#include "operations/core/call.h"

#include <algorithm>

namespace insula::operations {
namespace {

// Smaller ones are within what was asked for before the operation began (read_memory.h).
constexpr std::size_t kItemBytesMin = std::size_t{1} * 1024 * 1024;
constexpr std::size_t kHeldPerStored = 4;
// A string moves to a place of twice its size as it grows: for that moment it is there three times.
constexpr std::size_t kHeldPerJson = 3;

std::size_t HeldForItems(std::size_t stored) { return stored <= kItemBytesMin ? 0 : stored * kHeldPerStored; }

}  // namespace

Result<void> Call::HoldItems(std::size_t stored) const {
  const std::size_t bytes = HeldForItems(stored);
  if (memory == nullptr || bytes == 0 || memory->Grow(bytes)) return {};
  return ServerBusy();
}

Result<void> Call::HoldJson(std::size_t stored, std::size_t json) const {
  const std::size_t needed = stored + json * kHeldPerJson;
  const std::size_t held = HeldForItems(stored);
  if (needed <= std::max(held, kItemBytesMin * kHeldPerStored) || memory->Grow(needed - held)) return {};
  return ServerBusy();
}

}  // namespace insula::operations
