// One sum of memory for everything that clients' requests hold, and who holds how much of it.
//
// A charge is made by growing one MemoryCharge per request (or connection) and given back when that ends. It counts
// against the whole, and against its holders: the client's address, and the tenant once it is known.
//
// No holder can take everything: it may hold a multiple of what is free now, not of what there is (dynamic thresholds).
// Alone, a tenant gets half and an address three quarters; the more others hold, the less, and something is always left
// for who comes next. Nobody has to say how many will share, and nothing is set aside for who isn't there.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "base/error.h"

namespace insula {

// What whoever is refused memory is told: it may try again.
inline constexpr char kServerBusy[] = "The server is busy";
inline Error ServerBusy() { return {ErrorCode::kServiceUnavailable, kServerBusy}; }

// Somebody who holds memory: all charges of one address, or of one tenant. Safe from any thread.
class MemoryHolder {
 public:
  // `share`: how many times what is free this holder may hold.
  explicit MemoryHolder(std::size_t share) : share_(share) {}
  std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  friend class MemoryBudget;
  friend class MemoryCharge;
  const std::size_t share_;
  std::atomic<std::size_t> held_{0};
  std::atomic<std::size_t> pledged_{0};
};

inline constexpr std::size_t kAddressMemoryShare = 3;
inline constexpr std::size_t kTenantMemoryShare = 1;

// Safe from any thread.
class MemoryBudget {
 public:
  // What one request needs at least: it is granted as long as the whole has room, whatever its holders have. So who has
  // reached its share with large requests can still send small ones.
  static constexpr std::size_t kSmallBytes = 64 * 1024;

  explicit MemoryBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  std::size_t bytes_max() const { return bytes_max_; }
  std::size_t held() const { return held_.load(std::memory_order_relaxed); }

  // Bytes that turned out to be taken by what isn't charged here; until the next call they can't be held.
  void SetTakenElsewhere(std::size_t bytes) { elsewhere_.store(bytes, std::memory_order_relaxed); }
  std::size_t taken_elsewhere() const { return elsewhere_.load(std::memory_order_relaxed); }

  // Whether `holder` could be charged `bytes` now. Reserves nothing: for what is announced, and would be refused later
  // at more cost.
  bool HasRoomFor(std::size_t bytes, const MemoryHolder* holder) const;

 private:
  friend class MemoryCharge;
  std::size_t Free() const;
  // Whether `bytes` more may be held by a request that has `request_held`, for each of its holders.
  bool Allows(std::size_t bytes, std::size_t request_held, const MemoryHolder* first, const MemoryHolder* second) const;

  const std::size_t bytes_max_;
  std::atomic<std::size_t> held_{0};
  std::atomic<std::size_t> elsewhere_{0};
};

// What one request or connection holds. Used by one coroutine at a time; gives everything back when it goes.
class MemoryCharge {
 public:
  // Without a budget every charge is granted, and nothing is counted.
  explicit MemoryCharge(MemoryBudget* budget = nullptr, std::shared_ptr<MemoryHolder> address = nullptr)
      : budget_(budget), address_(std::move(address)) {}
  MemoryCharge(const MemoryCharge&) = delete;
  MemoryCharge& operator=(const MemoryCharge&) = delete;
  ~MemoryCharge() {
    Unpledge();
    Shrink(bytes_);
  }

  // Before memory is taken. False: there is no room now, and nothing was charged.
  [[nodiscard]] bool Grow(std::size_t bytes);
  // For memory that is taken already: it counts, and what others ask for next is refused instead.
  void Add(std::size_t bytes);
  void Shrink(std::size_t bytes);
  void ShrinkTo(std::size_t bytes) {
    if (bytes_ > bytes) Shrink(bytes_ - bytes);
  }
  std::size_t bytes() const { return bytes_; }

  // Lines up for a large request of the tenant (none: always true): false while its others that were let in are
  // expected to need what it may hold. Takes no memory and keeps out nobody else's; it is for the tenant's own good,
  // whose requests would otherwise all begin, and all run out of memory halfway. Ends with the tenant, or Unpledge.
  [[nodiscard]] bool Pledge(std::size_t bytes);
  void Unpledge();

  // Charges the tenant, too, with what is held and what will be. Null: no tenant any more.
  void SetTenant(std::shared_ptr<MemoryHolder> tenant);
  bool has_tenant() const { return tenant_ != nullptr; }

 private:
  MemoryBudget* budget_;
  std::shared_ptr<MemoryHolder> address_;
  std::shared_ptr<MemoryHolder> tenant_;
  std::size_t bytes_ = 0;
  std::size_t pledged_ = 0;
};

}  // namespace insula
