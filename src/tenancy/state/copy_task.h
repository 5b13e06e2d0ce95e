// What the catalog has decided about backups and an engine has yet to do: copy a table, remove a copy, fill a table
// from one. As with intents (intent.h), a task is no record of its own: it is a backup that isn't AVAILABLE or has
// expired, a table that is CREATING from one; what was interrupted is found again at start.
#pragma once

#include <string>
#include <variant>

#include "model/ids.h"

namespace insula::tenancy {

struct BackupTask {  // make or remove a backup: its status tells which
  ContextNames owner;
  std::string backup;  // its id
  auto operator<=>(const BackupTask&) const = default;
};
struct RestoreTask {  // fill a table
  ContextNames owner;
  std::string table;
  auto operator<=>(const RestoreTask&) const = default;
};
using CopyTask = std::variant<BackupTask, RestoreTask>;

}  // namespace insula::tenancy
