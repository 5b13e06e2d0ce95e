// The records of all objects under a prefix, from a cursor on: objects in the order of their keys, records in their
// order within them. An object that can't be read to its end is read as far as that goes, and its last record says why.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "objects/object_store.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/state/transfer_records.h"
#include "transfer/job.h"
#include "transfer/record_reader.h"

namespace insula::transfer {

struct InputSource {
  objects::ObjectStore* bucket = nullptr;
  std::string prefix;
  std::string left_out{};  // objects whose keys begin with it are none of the input; empty: all are
  tenancy::InputFormat format;
  tenancy::TablePtr table;
  bool with_conditions = false;  // a record may have a condition
  bool may_be_empty = false;     // no object is as good as any, if the bucket has another
};

struct InputRecord {
  std::string key;          // of its object
  std::uint64_t index = 0;  // within it
  Result<Record> record;    // what is to be put, or why it can't be
};

// Used by one job; what its constructor is given outlives it.
class Input {
 public:
  Input(const JobServices& services, InputSource source, tenancy::InputCursor cursor)
      : services_(services), source_(std::move(source)), cursor_(std::move(cursor)) {}

  // Finds the objects: before anything else, once. A failed job if there are none where there must be, too many or too
  // large ones.
  Result<void> List();
  // nullopt at the end. Errors are the bucket's.
  Result<std::optional<InputRecord>> Next();

  // Behind the record that was given out last.
  const tenancy::InputCursor& cursor() const { return cursor_; }
  std::uint64_t total_bytes() const { return total_bytes_; }        // of all objects as they are, packed or not
  std::uint64_t read_bytes() const;                                 // of these, so far
  std::uint64_t unpacked_bytes() const { return unpacked_bytes_; }  // that records were given out of

 private:
  class Counted;

  Result<void> CheckMayBeEmpty() const;
  Result<bool> OpenNext();
  void Close();

  const JobServices& services_;
  const InputSource source_;
  tenancy::InputCursor cursor_;
  std::vector<objects::ObjectInfo> objects_;
  std::size_t next_ = 0;  // of objects_, the one to be opened next
  std::uint64_t total_bytes_ = 0, bytes_before_ = 0, unpacked_bytes_ = 0;
  std::unique_ptr<RecordReader> records_;
  std::shared_ptr<std::uint64_t> object_bytes_;  // read of the open object, which counts them
  std::uint64_t counted_ = 0;                    // of records_->bytes()
};

}  // namespace insula::transfer
