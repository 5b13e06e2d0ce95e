// What was wrong with the records of an import, as objects in the bucket kErrorBucket of the import's own context:
// IMPORT-ID/00000001.jsonl and so on, a line for each record, as DynamoDB writes them to CloudWatch:
//   {"itemS3Pointer":{"bucket":"b","key":"k","itemIndex":7},"importArn":"arn:…","errorMessages":["…"]}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "objects/object_store.h"
#include "tenancy/transfer_records.h"

namespace insula::transfer {

inline constexpr std::string_view kErrorBucket = "insula-import-errors";

// Used by one job.
class ErrorLog {
 public:
  ErrorLog(objects::ObjectStore& bucket, std::string import_arn, std::uint64_t logged_max)
      : bucket_(bucket), import_arn_(std::move(import_arn)), logged_max_(logged_max) {}

  // Counts it in the record, and notes it unless there are too many. `index` counts records of the object from 0.
  void Add(std::string_view key, std::uint64_t index, std::string_view message, tenancy::TransferRecord* transfer);
  bool full() const { return lines_.size() >= kFileBytes; }
  // Writes what was noted as the next object, counted in the record: before the record is saved.
  Result<void> Write(tenancy::TransferRecord* transfer);

 private:
  static constexpr std::size_t kFileBytes = 1024 * 1024;

  objects::ObjectStore& bucket_;
  const std::string import_arn_;
  const std::uint64_t logged_max_;
  std::string lines_;
};

}  // namespace insula::transfer
