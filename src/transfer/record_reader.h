// The records of one object of an import, each an item or the reason why it is none.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/table_definition.h"
#include "objects/object_store.h"
#include "tenancy/transfer_records.h"

namespace insula::transfer {

// Used by one job.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // nullopt at the end. The inner error is the record's, the outer one the object's: nothing follows it.
  virtual Result<std::optional<Result<AttributeMap>>> Next() = 0;
  // Passes over one record without looking at it, as far as that can be. False at the end.
  virtual Result<bool> Skip() = 0;
  virtual std::uint64_t bytes() const = 0;  // unpacked, so far
};

// Unpacks `object` and reads it as `import` says. Corruption for packed data that is damaged; ValidationException for
// what makes the whole object useless, such as a bad header.
std::unique_ptr<RecordReader> OpenRecords(std::unique_ptr<objects::ObjectReader> object,
                                          const tenancy::ImportDetails& import, const TableDefinition& definition,
                                          std::size_t record_bytes_max);

}  // namespace insula::transfer
