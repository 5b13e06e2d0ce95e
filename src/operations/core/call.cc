#include "operations/core/call.h"

namespace insula::operations {
namespace {

// Smaller ones are within what was asked for before the operation began (read_memory.h).
constexpr std::size_t kHeldBytesMin = std::size_t{3} * 1024 * 1024;

}  // namespace

Result<void> Call::HoldBytes(std::size_t bytes) const {
  if (bytes <= kHeldBytesMin || memory->Grow(bytes)) return {};
  return Error(ErrorCode::kServiceUnavailable, "The server is busy");
}

}  // namespace insula::operations
