// What an engine does for items that expire (time to live): it finds those that are due without looking at the others,
// and deletes them as any writer would. Which tables, when and how fast is the expirer's business (expirer.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage {

struct Expired {
  std::uint64_t items = 0;  // deleted
  bool more = false;        // there was more that is due
};

// Safe from any thread. An item is due at `now` if the table's schema names a ttl attribute, the item has it as a
// number, and that lies in the last five years before `now` (model/expiry_time.h).
class Expiry {
 public:
  virtual ~Expiry() = default;

  // Makes what is kept for finding due items agree with the schema that writers follow now, after its ttl attribute has
  // changed: for every item where there is one, for none where there isn't. Writers go on meanwhile. Idempotent.
  // ServiceUnavailable once `stop` was requested.
  virtual Task<Result<void>> Rebuild(tenancy::TableRef table, std::stop_token stop = {}) = 0;

  // Before then nothing of the table is due; long past where that isn't known yet. From memory: cheap enough to ask of
  // ten thousand tables several times a second.
  virtual WallTime NextDue(const tenancy::TableRef& table) const = 0;

  // Deletes items that are due, the longest overdue first, at most `items_max` of them, in one commit. An item that
  // somebody changed in the meantime, so that it isn't due any more, stays. One call at a time for each table.
  virtual Task<Result<Expired>> DeleteDue(tenancy::TableRef table, WallTime now, std::size_t items_max) = 0;
};

}  // namespace insula::storage
