// Bulk operations: items read from a bucket into a table that is there.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

Shape BulkOperationArn() { return String({NotNull()}); }

Shape Input() {
  return Structure("InputS3Configuration",
                   {
                       {"S3Bucket", String({NotNull()})},
                       {"InputFormat", String({NotNull(), Enum({"DYNAMODB_JSON", "ION"})})},
                       {"S3BucketOwner", String()},
                       {"S3KeyPrefix", String()},
                       {"InputCompressionType", String({Enum({"ZSTD", "NONE", "GZIP"})})},
                   },
                   {NotNull()});
}

Shape Output() {
  return Structure("OutputS3Configuration",
                   {
                       {"OutputType", List(String({Enum({"ERROR", "CONDITION_CHECK_FAILURE"})}), {NotNull()})},
                       {"S3BucketOwner", String()},
                       {"S3Bucket", String()},
                       {"S3KeyPrefix", String()},
                       {"S3SseAlgorithm", String({Enum({"AES256", "KMS"})})},
                       {"S3SseKmsKeyId", String()},
                   },
                   {NotNull()});
}

}  // namespace

const Shape& StartBulkPutItems() {
  static const Shape shape =
      Structure("StartBulkPutItemsInput", {
                                              {"TableName", TableNameParameter()},
                                              {"InputS3Configuration", Input()},
                                              {"OutputS3Configuration", Output()},
                                              {"ClientToken", String()},
                                              {"MaxWriteRequestUnits", Long({MinValue(1024)})},
                                              {"PerformanceTier", String({Enum({"STANDARD", "ACCELERATED"})})},
                                          });
  return shape;
}

const Shape& DescribeBulkOperation() {
  static const Shape shape = Structure("DescribeBulkOperationInput", {{"BulkOperationArn", BulkOperationArn()}});
  return shape;
}

const Shape& CancelBulkOperation() {
  static const Shape shape = Structure("CancelBulkOperationInput", {{"BulkOperationArn", BulkOperationArn()}});
  return shape;
}

const Shape& ListBulkOperations() {
  static const Shape shape = Structure("ListBulkOperationsInput", {{"MaxResults", Integer()}, {"NextToken", String()}});
  return shape;
}

}  // namespace insula::wire::shapes
