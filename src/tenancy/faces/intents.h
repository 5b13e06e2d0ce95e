// The provisioner's side of the catalog: what is pending, and what an engine has done of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tenancy/catalog/catalog.h"
#include "tenancy/state/change_marks.h"
#include "tenancy/state/intent.h"
#include "tenancy/state/records.h"

namespace insula::tenancy {

// Every method is idempotent. Safe from any thread; the catalog outlives it.
class Intents {
 public:
  explicit Intents(Catalog& catalog) : catalog_(catalog) {}

  // All that is pending now.
  std::vector<Intent> Pending() const;
  // Calls `listener` with every intent that a change leaves, from the thread that made the change; it must not block.
  // An empty function ends it: when Listen returns, no call is running.
  void Listen(std::function<void(const Intent&)> listener);

  struct Work {
    TablePtr table;
    bool drop = false;          // DELETING, or its tenant is
    bool keep_changes = false;  // dropped, but for the change log: a stream of it can still be read
  };
  // The table as it is now; no value if it is gone.
  std::optional<Work> WorkOf(const TableIntent& intent) const;

  // The engine has the table: CREATING becomes ACTIVE. Or follows the schema of this epoch: UPDATING becomes ACTIVE,
  // with new indexes ready and deleted ones gone, time to live ENABLED or DISABLED, and streams begun and ended at
  // `marks`; nothing of it happens if the schema is another by now. Returns the table as it is then, nullptr if that
  // incarnation is gone.
  Task<Result<TablePtr>> Settle(TableIntent intent, Incarnation incarnation, std::uint32_t epoch,
                                ChangeMarks marks = {});
  // The engine has dropped the incarnation: its record goes. Where its change log was kept, `kept_next` is the sequence
  // that comes after the last in it, and the streams stay.
  Task<Result<void>> Dropped(TableIntent intent, Incarnation incarnation,
                             std::optional<std::uint64_t> kept_next = std::nullopt);

  bool IsBeingDeleted(const TenantId& tenant) const;
  // Of a tenant that is being deleted: its tables that are left, and the stores of its own.
  std::vector<TableIntent> TablesOf(const TenantId& tenant) const;
  std::vector<StoreId> StoresOf(const TenantId& tenant) const;
  // And those that are gone but for their change log.
  std::vector<TablePtr> KeptLogsOf(const TenantId& tenant) const;
  // Tables and stores are gone: so go placements and tenant; its accounts are closed. FailedPrecondition while a table
  // or a change log is left.
  Task<Result<void>> TenantGone(TenantId tenant);

  // Brings the placement up to its service's template. False: a table in the way is being changed; try again later.
  Task<Result<bool>> RollOut(RolloutIntent intent);

 private:
  Catalog& catalog_;
};

}  // namespace insula::tenancy
