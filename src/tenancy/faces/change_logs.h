// The trimmer's side of the catalog (control/change_trimmer.h): which change logs there are, and since when each is
// needed.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/catalog/catalog.h"

namespace insula::tenancy {

// Safe from any thread; the catalog outlives it.
class ChangeLogs {
 public:
  explicit ChangeLogs(Catalog& catalog) : catalog_(catalog) {}

  struct Log {
    TablePtr table;
    WallTime kept_since{};  // what was committed before may go
    bool needed = false;    // by a stream or by point in time; if it isn't, kept_since is now
    bool dropped = false;   // the table is gone: so may be the log, once nothing needs it
  };
  // Of every table that has, or once had, a change log.
  std::vector<Log> All() const;
  // The engine has dropped a gone table's log, too.
  Task<Result<void>> Forget(TablePtr table);

 private:
  Catalog& catalog_;
};

}  // namespace insula::tenancy
