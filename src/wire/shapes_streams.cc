// DynamoDB Streams.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

namespace {

constexpr std::int64_t kStreamsPageMax = 100;

Shape StreamArn(std::vector<Constraint> first = {}) {
  first.insert(first.end(), {MaxLength(1024), MinLength(37)});
  return String(std::move(first));
}
Shape ShardId(std::vector<Constraint> first = {}) {
  first.insert(first.end(), {MaxLength(65), MinLength(28)});
  return String(std::move(first));
}

}  // namespace

const Shape& ListStreams() {
  static const Shape shape =
      Structure("ListStreamsInput", {
                                        {"TableName", String({NamePattern(), MaxLength(255), MinLength(3)})},
                                        {"Limit", Integer({MaxValue(kStreamsPageMax), MinValue(1)})},
                                        {"ExclusiveStartStreamArn", StreamArn()},
                                    });
  return shape;
}

const Shape& DescribeStream() {
  static const Shape shape =
      Structure("DescribeStreamInput", {
                                           {"StreamArn", StreamArn({NotNull()})},
                                           {"Limit", Integer({MaxValue(kStreamsPageMax), MinValue(1)})},
                                           {"ExclusiveStartShardId", ShardId()},
                                           {"ShardFilter", Structure("ShardFilter",
                                                                     {
                                                                         {"Type", String({Enum({"CHILD_SHARDS"})})},
                                                                         {"ShardId", ShardId()},
                                                                     })},
                                       });
  return shape;
}

const Shape& GetShardIterator() {
  static const Shape shape = Structure(
      "GetShardIteratorInput",
      {
          {"StreamArn", StreamArn({NotNull()})},
          {"ShardId", ShardId({NotNull()})},
          {"ShardIteratorType",
           String({NotNull(), Enum({"TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"})})},
          {"SequenceNumber", String({MaxLength(40), MinLength(21)})},
      });
  return shape;
}

const Shape& GetRecords() {
  static const Shape shape =
      Structure("GetRecordsInput", {
                                       {"ShardIterator", String({NotNull(), MaxLength(2048), MinLength(1)})},
                                       {"Limit", Integer({MinValue(1)})},
                                   });
  return shape;
}

}  // namespace insula::wire::shapes
