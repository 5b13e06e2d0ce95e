#include "http/body_buffer.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace insula::http {
namespace {

// A body moves twice at most: out of each of these once it has outgrown them. The last block has its whole size at
// once: memory that nobody has written to isn't there yet, so only what arrives costs any, and that is charged a step
// at a time.
constexpr std::size_t kFirstBlock = 64 * 1024;
constexpr std::size_t kSecondBlock = 1024 * 1024;
constexpr std::size_t kStep = 64 * 1024;

}  // namespace

void BodyBuffer::Begin(std::size_t size_max, MemoryCharge* memory) {
  Free();
  size_max_ = size_max;
  memory_ = memory;
}

std::span<char> BodyBuffer::Room() {
  if (size_ == size_max_) return {};
  if (size_ == charged_) {
    const std::size_t step = std::min(kStep, size_max_ - charged_);
    if (!memory_->Grow(step)) return {};
    charged_ += step;
  }
  if (size_ == capacity_) {
    const std::size_t capacity = capacity_ == 0             ? std::min(kFirstBlock, size_max_)
                                 : capacity_ < kSecondBlock ? std::min(kSecondBlock, size_max_)
                                                            : size_max_;
    auto moved = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(moved.get(), bytes_.get(), size_);
    bytes_ = std::move(moved);
    capacity_ = capacity;
  }
  return {bytes_.get() + size_, std::min(capacity_, charged_) - size_};
}

bool BodyBuffer::Append(std::string_view bytes) {
  INSULA_CHECK(bytes.size() <= size_max_ - size_);
  while (!bytes.empty()) {
    const std::span<char> room = Room();
    if (room.empty()) return false;
    const std::size_t here = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), here);
    Arrived(here);
    bytes.remove_prefix(here);
  }
  return true;
}

void BodyBuffer::Free() {
  bytes_.reset();
  size_ = capacity_ = charged_ = 0;
}

}  // namespace insula::http
