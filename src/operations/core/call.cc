#include "operations/core/call.h"

namespace insula::operations {
namespace {

// Smaller answers are within what was asked for before the operation began (read_memory.h).
constexpr std::size_t kHeldBytesMin = std::size_t{1} * 1024 * 1024;
// The items as stored, and their JSON, which moves to a larger place as it grows.
constexpr std::size_t kHeldPerStored = 3;

}  // namespace

Result<void> Call::Hold(std::size_t stored_bytes) const {
  if (memory == nullptr || stored_bytes <= kHeldBytesMin || memory->Grow(stored_bytes * kHeldPerStored)) return {};
  return Error(ErrorCode::kServiceUnavailable, "The server is busy");
}

}  // namespace insula::operations
