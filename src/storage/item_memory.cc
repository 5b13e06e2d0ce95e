#include "storage/item_memory.h"

#include <algorithm>

namespace insula::storage {
namespace {

// A stored byte is there as it was read, and again in an answer of about its length, which is larger while it grows.
constexpr std::size_t kHeldPerStored = 4;
// A string moves to a place of twice its size as it grows: for that moment it is there three times.
constexpr std::size_t kHeldPerJson = 3;
// What requests that read ask for before they begin: less isn't charged again.
constexpr std::size_t kAskedBefore = std::size_t{4} * 1024 * 1024;
// Writes of one item, mostly: too many to charge each of them.
constexpr std::size_t kUnchargedWrite = std::size_t{512} * 1024;

std::size_t Above(std::size_t least, std::size_t bytes) { return bytes <= least ? 0 : bytes; }

}  // namespace

bool ItemMemory::CoverAnswer(std::size_t stored, std::size_t json) {
  return Hold(std::max(read_, stored), std::max(json_, json), written_);
}

bool ItemMemory::Hold(std::size_t read, std::size_t json, std::size_t written) {
  const std::size_t answering = std::max(read * kHeldPerStored, read + json * kHeldPerJson);
  const std::size_t needed = Above(kAskedBefore, answering) + Above(kUnchargedWrite, written);
  if (needed > held_) {
    if (charge_ != nullptr && !charge_->Grow(needed - held_)) return false;
    held_ = needed;
  }
  read_ = read;
  json_ = json;
  written_ = written;
  return true;
}

}  // namespace insula::storage
