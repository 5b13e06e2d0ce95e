#include "storage/change_trimmer.h"

#include <algorithm>

#include "base/background_thread.h"
#include "base/run_task.h"
#include "storage/change_log.h"

namespace insula::storage {
namespace {

constexpr std::chrono::milliseconds kFirstRoundAfter{60'000};

}  // namespace

ChangeTrimmer::ChangeTrimmer(tenancy::Catalog& catalog, Engine& engine, ChangeTrimmerOptions options)
    : streams_(catalog), engine_(engine), options_(options) {}

ChangeTrimmer::~ChangeTrimmer() { Stop(); }

void ChangeTrimmer::Start() {
  if (engine_.change_log() == nullptr) return;
  thread_ = std::thread([this] { Work(); });
}

void ChangeTrimmer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ChangeTrimmer::Work() {
  BecomeBackgroundThread("trimmer");
  // The first round soon: a server that is often restarted must trim, too.
  for (auto wait = std::min(options_.period, kFirstRoundAfter); Sleep(wait); wait = options_.period) TrimAll();
}

bool ChangeTrimmer::Sleep(std::chrono::microseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return stopping_; });
}

void ChangeTrimmer::TrimAll() {
  const std::chrono::microseconds pause(1'000'000 / options_.logs_per_second);
  for (const tenancy::Streams::Log& log : streams_.Logs()) {
    const Incarnation incarnation = log.table->ref.incarnation();
    if (log.needed) {
      empty_.erase(incarnation);
    } else if (!log.dropped && empty_.contains(incarnation)) {
      continue;
    }
    if (Trim(log).ok() && !log.needed) empty_.insert(incarnation);
    if (!Sleep(pause)) return;
  }
}

Result<void> ChangeTrimmer::Trim(const tenancy::Streams::Log& log) {
  const TableRef& table = log.table->ref;
  if (log.dropped && !log.needed) {
    INSULA_TRY(RunTask(engine_.DropTable(table)));
    return RunTask(streams_.Forget(log.table));
  }
  INSULA_ASSIGN(const std::uint64_t first_kept, RunTask(engine_.change_log()->Find(table, log.kept_since)));
  return RunTask(engine_.change_log()->Trim(table, first_kept));
}

}  // namespace insula::storage
