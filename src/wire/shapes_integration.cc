// What ties a table to other services: Kinesis destinations and resource policies.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

Shape KinesisStreamArn() { return String({NotNull(), MinLength(37), MaxLength(1024)}); }
Shape PolicyArn() { return String({NotNull(), MinLength(1), MaxLength(1283)}); }
Shape RevisionId() { return String({MinLength(1), MaxLength(255)}); }

Shape Precision(const char* class_name) {
  return Structure(class_name,
                   {{"ApproximateCreationDateTimePrecision", String({Enum({"MILLISECOND", "MICROSECOND"})})}});
}

Shape KinesisDestination() {
  return Structure("KinesisStreamingDestinationInput",
                   {
                       {"TableName", TableNameParameter()},
                       {"StreamArn", KinesisStreamArn()},
                       {"EnableKinesisStreamingConfiguration", Precision("EnableKinesisStreamingConfiguration")},
                   });
}

}  // namespace

const Shape& EnableKinesisStreamingDestination() {
  static const Shape shape = KinesisDestination();
  return shape;
}

const Shape& DisableKinesisStreamingDestination() {
  static const Shape shape = KinesisDestination();
  return shape;
}

const Shape& UpdateKinesisStreamingDestination() {
  static const Shape shape =
      Structure("UpdateKinesisStreamingDestinationInput",
                {
                    {"TableName", TableNameParameter()},
                    {"StreamArn", KinesisStreamArn()},
                    {"UpdateKinesisStreamingConfiguration", Precision("UpdateKinesisStreamingConfiguration")},
                });
  return shape;
}

const Shape& DescribeKinesisStreamingDestination() {
  static const Shape shape =
      Structure("DescribeKinesisStreamingDestinationInput", {{"TableName", TableNameParameter()}});
  return shape;
}

const Shape& PutResourcePolicy() {
  static const Shape shape = Structure("PutResourcePolicyInput", {
                                                                     {"ResourceArn", PolicyArn()},
                                                                     {"Policy", String({NotNull()})},
                                                                     {"ExpectedRevisionId", RevisionId()},
                                                                     {"ConfirmRemoveSelfResourceAccess", Boolean()},
                                                                 });
  return shape;
}

const Shape& GetResourcePolicy() {
  static const Shape shape = Structure("GetResourcePolicyInput", {{"ResourceArn", PolicyArn()}});
  return shape;
}

const Shape& DeleteResourcePolicy() {
  static const Shape shape =
      Structure("DeleteResourcePolicyInput", {{"ResourceArn", PolicyArn()}, {"ExpectedRevisionId", RevisionId()}});
  return shape;
}

}  // namespace insula::wire::shapes
