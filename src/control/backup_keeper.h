// Does what the catalog has decided about backups (tenancy/faces/backup_intents.h): has the engine copy tables, remove
// copies and fill tables from them. What a crash interrupted is pending again at the next start.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "control/stuck_work.h"
#include "storage/backups.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/backup_intents.h"

namespace insula::control {

// Works on a runner's thread (runner.h), on a few tasks at a time, on two copies of one context at most; contexts take
// turns. A step that fails is tried again, after a tenth of a second first and ten seconds at most; one that can't
// succeed is given up. Safe from any thread.
class BackupKeeper {
 public:
  // Both outlive it.
  BackupKeeper(tenancy::Catalog& catalog, storage::Engine& engine);
  ~BackupKeeper();  // stops

  void Start();
  // Takes up nothing more, interrupts what is in hand and waits for it; it goes on at the next start. Not from the
  // engine's threads.
  void Stop();
  // Returns once nothing is pending or in hand, for tests and tools.
  void WaitIdle();
  // What fails now, and is tried again.
  std::vector<StuckWork> Stuck() const;
  // How far the restore of a table is; nothing where none is in hand.
  std::optional<storage::RestoreProgress> ProgressOf(const tenancy::RestoreTask& task) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::control
