// The records of one object, each an item that is to be put or the reason why it is none.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/table_definition.h"
#include "objects/object_store.h"
#include "tenancy/state/transfer_records.h"
#include "transfer/item_decoder.h"

namespace insula::transfer {

// Used by one job.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // nullopt at the end. The inner error is the record's, the outer one the object's: nothing follows it.
  virtual Result<std::optional<Result<Record>>> Next() = 0;
  // Passes over one record without looking at it, as far as that can be. False at the end.
  virtual Result<bool> Skip() = 0;
  virtual std::uint64_t bytes() const = 0;  // unpacked, so far
};

struct RecordOptions {
  std::size_t size_max = 0;      // of a record, in bytes
  bool with_conditions = false;  // those of JSON may have one
};

// Unpacks `object` and reads it as `format` says. Corruption for packed data that is damaged; ValidationException for
// what makes the whole object useless, such as a bad header.
std::unique_ptr<RecordReader> OpenRecords(std::unique_ptr<objects::ObjectReader> object,
                                          const tenancy::InputFormat& format, const TableDefinition& definition,
                                          RecordOptions options);

}  // namespace insula::transfer
