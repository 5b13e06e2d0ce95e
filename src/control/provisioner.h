// Makes the engine follow the catalog: tables being made, changed or dropped, tenants being removed, templates being
// rolled out (tenancy/faces/intents.h). Whatever a crash interrupted is pending again at the next start.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "control/stuck_work.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::control {

// Told what the engine has been told of a table; each may be empty. Called on the provisioner's thread.
struct TableEvents {
  std::function<void(const tenancy::TableRef&)> dropped;
  std::function<void(const tenancy::TableRef&)> schema_set;  // with that schema
};

// Works on a runner's thread (runner.h), on many intents at a time but never on two of the same thing; contexts take
// turns, and filling indexes keeps nobody's CreateTable waiting. A step that fails is tried again, after a tenth of a
// second first and ten seconds at most. Safe from any thread.
class Provisioner {
 public:
  // Both outlive the provisioner. `table_delay`: how long each step of a table waits before it is taken, so that what a
  // program does with a table that isn't ACTIVE yet can be tried.
  Provisioner(tenancy::Catalog& catalog, storage::Engine& engine, std::chrono::milliseconds table_delay = {},
              TableEvents events = {});
  ~Provisioner();  // stops

  // Takes up what is pending, and from then on every intent as soon as the catalog has it: a table is ACTIVE within
  // milliseconds of its CreateTable.
  void Start();
  // Takes up nothing more, finishes the steps in hand and waits for them. Not from the engine's threads.
  void Stop();

  // Returns once nothing is pending or in hand, for tests and tools.
  void WaitIdle();

  // What fails now; each failed try is in the log, too.
  std::vector<StuckWork> Stuck() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::control
