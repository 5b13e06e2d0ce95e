// What became of the records that were not put: a line for each, in objects FOLDER/00000001.jsonl and so on. A line is
// as DynamoDB writes one for an import to CloudWatch, with the image of what failed a condition behind it:
//   {"itemS3Pointer":{"bucket":"b","key":"k","itemIndex":7},"importArn":"arn:…","errorMessages":["…"]}
//   {"itemS3Pointer":{…},"bulkOperationArn":"arn:…","errorMessages":["…"],"Item":{…},"ExistingItem":{…}}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/encoded_item.h"
#include "objects/object_store.h"

namespace insula::transfer {

// Where a record stands: `index` counts those of the object from 0.
struct RecordPlace {
  std::string_view bucket, key;
  std::uint64_t index = 0;
};

// Used by one job.
class Report {
 public:
  // `arn_name` is what lines call the ARN of the job.
  Report(objects::ObjectStore& bucket, std::string folder, std::string arn_name, std::string arn)
      : bucket_(bucket), folder_(std::move(folder)), arn_name_(std::move(arn_name)), arn_(std::move(arn)) {}

  void Add(const RecordPlace& record, std::string_view message);
  // `item` is JSON; there may be no existing one.
  void AddFailedCondition(const RecordPlace& record, std::string_view item, const EncodedItem* existing);
  bool full() const { return lines_.size() >= kFileBytes; }
  // Writes what was added as the next object, if anything was, and counts it in `files`: before these are saved.
  Result<void> Write(std::uint64_t* files);

 private:
  static constexpr std::size_t kFileBytes = 1024 * 1024;

  objects::ObjectStore& bucket_;
  const std::string folder_, arn_name_, arn_;
  std::string lines_;
};

}  // namespace insula::transfer
