#include "storage/rocks/upkeep.h"

#include <pthread.h>

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "storage/rocks/engine_parts.h"
#include "storage/rocks/sweeper.h"

namespace insula::storage::rocks {
namespace {

constexpr int kTicksPerIdleCheck = 10;
constexpr int kTicksPerSweep = 600;  // also without a drop: request tokens grow old

}  // namespace

void Upkeep::Start() {
  thread_ = std::thread([this] { Work(); });
}

void Upkeep::Stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

void Upkeep::SweepSoon() {
  const MutexLock lock(mutex_);
  sweep_ = true;
}

void Upkeep::Work() {
  pthread_setname_np(pthread_self(), "upkeep");
  for (int tick = 0;; ++tick) {
    bool sweep = false;
    {
      const auto until = std::chrono::steady_clock::now() + parts_->stores.options().upkeep_tick;
      const MutexLock lock(mutex_);
      while (!stopping_ && wake_.WaitUntil(mutex_, until)) {
      }
      if (stopping_) return;
      sweep = std::exchange(sweep_, false) || tick % kTicksPerSweep == kTicksPerSweep - 1;
    }
    parts_->locks.ExpireWaiters();
    CheckSpace();  // each time: a disk fills up quickly
    parts_->stores.LookAfterDamage();
    if (tick % kTicksPerIdleCheck == 0) parts_->stores.CloseIdle();
    if (sweep) SweepAll();
  }
}

void Upkeep::CheckSpace() {
  if (!parts_->stores.CheckSpace()) return;
  for (StoreLease& store : parts_->stores.OpenStores()) {
    if (!store->out_of_space() || store->fenced()) continue;
    if (store->db()->Resume().ok()) store->set_out_of_space(false);
  }
}

void Upkeep::SweepAll() {
  const RocksOptions& options = parts_->stores.options();
  for (StoreLease& store : parts_->stores.OpenStores()) {
    if (store->fenced()) continue;
    const Result<bool> more = Sweep(&*store, parts_->clock.Now(), options.sweep_rows_per_second / 10);
    if (!more.ok()) {
      options.log(more.error().message());
    } else if (*more) {
      SweepSoon();
    }
  }
}

}  // namespace insula::storage::rocks
