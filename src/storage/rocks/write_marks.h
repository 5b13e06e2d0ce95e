// The marks of writes as rows of their table. Their keys: key_format.h.
#pragma once

#include "storage/rocks/engine_parts.h"
#include "storage/write_marks.h"

namespace insula::storage::rocks {

class RocksWriteMarks final : public WriteMarks {
 public:
  explicit RocksWriteMarks(EngineParts* parts) : parts_(parts) {}
  Task<Result<std::vector<std::uint64_t>>> Find(tenancy::TableRef table, std::uint64_t job) override;
  Task<Result<void>> Forget(tenancy::TableRef table, std::uint64_t job) override;

 private:
  EngineParts* const parts_;
};

}  // namespace insula::storage::rocks
