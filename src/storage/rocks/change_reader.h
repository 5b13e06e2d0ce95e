// Reading and trimming the change log of the embedded engine. Records are immutable and appended in order, so reading
// needs no snapshot: a gap in front of what is read can only be what was trimmed.
#pragma once

#include "storage/change_log.h"
#include "storage/rocks/engine_parts.h"

namespace insula::storage::rocks {

class ChangeReader final : public ChangeLog {
 public:
  explicit ChangeReader(EngineParts* parts) : parts_(parts) {}

  Task<Result<ChangePage>> Read(ChangesRequest request) override;
  Task<Result<ChangeBounds>> Bounds(TableRef table) override;
  std::optional<std::uint64_t> NextKnown(const TableRef& table) const override;
  Task<Result<std::uint64_t>> Find(TableRef table, WallTime time) override;
  Task<Result<void>> Trim(TableRef table, std::uint64_t first_kept) override;

 private:
  EngineParts* const parts_;
};

// When the record was committed; the epoch if it isn't kept.
Task<Result<WallTime>> ChangeTimeOf(EngineParts* parts, Store* store, TableRef table, std::uint64_t sequence);

}  // namespace insula::storage::rocks
