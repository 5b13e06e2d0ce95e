// A request's body while it arrives: memory is taken, and charged, for what has come, not for what was announced.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/memory_budget.h"

namespace insula::http {

// Used by its connection's event loop alone.
class BodyBuffer {
 public:
  // Starts a body of at most `size_max` bytes, which `memory` is charged for. Both outlive the body.
  void Begin(std::size_t size_max, MemoryCharge* memory);

  // Where the next bytes go: at least one, unless `size_max` have come. Empty: the budget has no room for more. The
  // bytes that have come may move.
  std::span<char> Room();
  // So many bytes have been written where Room said.
  void Arrived(std::size_t bytes) { size_ += bytes; }
  // Both, for bytes that are elsewhere. False: no room in the budget; more than `size_max` in all is the caller's
  // fault.
  bool Append(std::string_view bytes);

  std::string_view view() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  // Gives the memory back; the charge is the owner's to shrink.
  void Free();

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // of bytes_
  std::size_t charged_ = 0;   // the bytes below this are paid for
  std::size_t size_max_ = 0;
  MemoryCharge* memory_ = nullptr;
};

}  // namespace insula::http
