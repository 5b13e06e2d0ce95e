// What one request holds of the items that it reads and writes. It is charged before they are kept, one by one, and not
// once they are there: requests that begin in the same moment would otherwise all read first and be counted afterwards.
#pragma once

#include <cstddef>

#include "base/memory_budget.h"

namespace insula::storage {

// Used by one coroutine at a time. What it charges is given back with the charge.
class ItemMemory {
 public:
  // `charge` outlives it. None: everything is granted, and nothing is counted.
  explicit ItemMemory(MemoryCharge* charge = nullptr) : charge_(charge) {}

  // Of each below: false if there is no room for it now; then nothing was charged.

  // One more item, of so many stored bytes, for an answer: with the part of the answer that is made of it.
  [[nodiscard]] bool TakeRead(std::size_t stored) { return Hold(read_ + stored, json_, written_); }
  // The answer is of so many stored bytes in all, whoever read them, and of so many bytes of JSON where that is known.
  [[nodiscard]] bool CoverAnswer(std::size_t stored, std::size_t json = 0);
  // One more write, which keeps so many bytes until it is committed.
  [[nodiscard]] bool TakeWrite(std::size_t bytes) { return Hold(read_, json_, written_ + bytes); }

 private:
  bool Hold(std::size_t read, std::size_t json, std::size_t written);

  MemoryCharge* charge_;
  std::size_t read_ = 0;     // stored bytes
  std::size_t json_ = 0;     // bytes of JSON
  std::size_t written_ = 0;  // bytes
  std::size_t held_ = 0;     // bytes charged
};

}  // namespace insula::storage
