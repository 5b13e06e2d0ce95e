// Which items of a table are due is known by rows of their own, in the order of time, kept in the batches of the items
// (item_change.h): finding what is due is a seek. What a look has seen, and what writers add to it, is kept in memory
// (TableState::next_due), so that a table in which nothing is due isn't even looked at.
#pragma once

#include "storage/expiry.h"
#include "storage/rocks/engine_parts.h"

namespace insula::storage::rocks {

class RocksExpiry final : public Expiry {
 public:
  explicit RocksExpiry(EngineParts* parts) : parts_(parts) {}

  Task<Result<void>> Rebuild(tenancy::TableRef table, std::stop_token stop) override;
  WallTime NextDue(const tenancy::TableRef& table) const override;
  Task<Result<Expired>> DeleteDue(tenancy::TableRef table, WallTime now, std::size_t items_max) override;

 private:
  EngineParts* const parts_;
};

}  // namespace insula::storage::rocks
