#include "base/memory_budget.h"

#include <algorithm>
#include <utility>

namespace insula {

std::size_t MemoryBudget::Free() const { return bytes_max_ - std::min(bytes_max_, held() + taken_elsewhere()); }

bool MemoryBudget::Allows(std::size_t bytes, std::size_t request_held, const MemoryHolder* first,
                          const MemoryHolder* second) const {
  const std::size_t free = Free();
  if (bytes > free) return false;
  if (request_held + bytes <= kSmallBytes) return true;
  const std::size_t free_after = free - bytes;
  for (const MemoryHolder* holder : {first, second}) {
    if (holder != nullptr && holder->held() + bytes > holder->share_ * free_after) return false;
  }
  return true;
}

bool MemoryBudget::HasRoomFor(std::size_t bytes, const MemoryHolder* holder) const {
  return Allows(bytes, 0, holder, nullptr);
}

bool MemoryCharge::Grow(std::size_t bytes) {
  if (budget_ != nullptr && !budget_->Allows(bytes, bytes_, address_.get(), tenant_.get())) return false;
  Add(bytes);
  return true;
}

void MemoryCharge::Add(std::size_t bytes) {
  bytes_ += bytes;
  if (budget_ == nullptr) return;
  budget_->held_.fetch_add(bytes, std::memory_order_relaxed);
  if (address_) address_->held_.fetch_add(bytes, std::memory_order_relaxed);
  if (tenant_) tenant_->held_.fetch_add(bytes, std::memory_order_relaxed);
}

void MemoryCharge::Shrink(std::size_t bytes) {
  bytes = std::min(bytes, bytes_);
  bytes_ -= bytes;
  if (budget_ == nullptr || bytes == 0) return;
  budget_->held_.fetch_sub(bytes, std::memory_order_relaxed);
  if (address_) address_->held_.fetch_sub(bytes, std::memory_order_relaxed);
  if (tenant_) tenant_->held_.fetch_sub(bytes, std::memory_order_relaxed);
}

bool MemoryCharge::Pledge(std::size_t bytes) {
  if (budget_ == nullptr || tenant_ == nullptr) return true;
  const std::size_t others = tenant_->pledged_.fetch_add(bytes, std::memory_order_relaxed);
  pledged_ += bytes;
  // Alone it is let in: what it takes is looked at as it takes it.
  if (others == 0 || others + bytes <= tenant_->held() + tenant_->share_ * budget_->Free()) return true;
  Unpledge();
  return false;
}

void MemoryCharge::Unpledge() {
  if (tenant_) tenant_->pledged_.fetch_sub(pledged_, std::memory_order_relaxed);
  pledged_ = 0;
}

void MemoryCharge::SetTenant(std::shared_ptr<MemoryHolder> tenant) {
  if (tenant == tenant_) return;
  Unpledge();
  if (tenant_) tenant_->held_.fetch_sub(bytes_, std::memory_order_relaxed);
  tenant_ = std::move(tenant);
  if (tenant_) tenant_->held_.fetch_add(bytes_, std::memory_order_relaxed);
}

}  // namespace insula
