// Where the capacity that one table of one context consumes is counted (metering/usage.h), and how to keep that place.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/item_size.h"

namespace insula {

// Safe from any thread. May lie in a mapped file: the layout is part of that file's format.
class UsageCells {
 public:
  // `requests`: 0 for what a request costs that was counted before.
  void AddRead(HalfUnits cost, std::uint64_t requests = 1) { Add(&read_, cost, requests); }
  void AddWrite(HalfUnits cost, std::uint64_t requests = 1) { Add(&written_, cost, requests); }

  // All that was counted here so far is counted there. What a crash in between takes is in the tenant's favour.
  void MoveTo(UsageCells* there) {
    there->read_.fetch_add(read_.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
    there->written_.fetch_add(written_.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
    there->requests_.fetch_add(requests_.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
  }

  HalfUnits read() const { return Load(read_); }
  HalfUnits written() const { return Load(written_); }
  std::uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }

 private:
  using Cell = std::atomic<std::uint64_t>;
  void Add(Cell* cell, HalfUnits cost, std::uint64_t requests) {
    cell->fetch_add(static_cast<std::uint64_t>(cost.value()), std::memory_order_relaxed);
    if (requests != 0) requests_.fetch_add(requests, std::memory_order_relaxed);
  }
  static HalfUnits Load(const Cell& cell) {
    return HalfUnits(static_cast<std::int64_t>(cell.load(std::memory_order_relaxed)));
  }

  Cell read_{0}, written_{0};  // half units
  Cell requests_{0};
};

// The cells of whatever holds it, once they have been looked up: what every request counts shouldn't be searched for by
// name every time. A copy is counted elsewhere: it begins unknown. Safe from any thread.
class UsageCellsLink {
 public:
  UsageCellsLink() = default;
  UsageCellsLink(const UsageCellsLink&) {}
  UsageCellsLink& operator=(const UsageCellsLink&) = delete;

  UsageCells* get() const { return cells_.load(std::memory_order_acquire); }  // nullptr: not known yet
  void set(UsageCells* cells) const { cells_.store(cells, std::memory_order_release); }

 private:
  mutable std::atomic<UsageCells*> cells_{nullptr};
};

}  // namespace insula
