// One data file of an export: JSON lines, packed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "model/encoded_item.h"
#include "objects/object_store.h"
#include "tenancy/state/transfer_records.h"
#include "transfer/compression.h"
#include "transfer/net_changes.h"

namespace insula::transfer {

// Used by one job.
class DataFile {
 public:
  static Result<DataFile> Create(objects::ObjectStore& bucket, const tenancy::TransferRecord& transfer,
                                 std::size_t number);
  Result<void> Add(const EncodedItem& item);  // {"Item":{…}}
  // {"Metadata":{…},"Keys":{…},"OldImage":{…},"NewImage":{…}}, the images where there are any.
  Result<void> Add(const NetChange& change, const KeySchema& schema);
  std::uint64_t items() const { return items_; }
  Result<tenancy::ExportedFile> Finish();

 private:
  DataFile(std::string name, std::unique_ptr<GzipWriter> writer) : name_(std::move(name)), writer_(std::move(writer)) {}
  Result<void> Flush();

  std::string name_;
  std::unique_ptr<GzipWriter> writer_;
  std::string lines_;
  std::uint64_t items_ = 0;
};

}  // namespace insula::transfer
