// Kinesis streaming destinations: no table has one. What DynamoDB says of such a table is said here too.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
#include <fmt/format.h>

#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"
#include "operations/tables/table_operations.h"
#include "operations/tables/unoffered_operations.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

Result<TableHandle> Find(const Call& call) {
  return TableHandle::OpenForControl(call, *call.input().String("TableName"), Access::kRead);
}

// DynamoDB speaks of enabling whatever was asked for.
Error NotInState(std::string_view what) {
  return ValidationError(
      fmt::format("Table is not in a valid state to enable Kinesis Streaming Destination: {}", what));
}

}  // namespace

Task<Result<std::string>> DescribeKinesisStreamingDestination(Call& call) {
  INSULA_CO_ASSIGN(const TableHandle table, Find(call));
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.StringField("TableName", table->definition.name);
  writer.Key("KinesisDataStreamDestinations");
  writer.BeginArray();
  writer.EndArray();
  writer.EndObject();
  co_return body;
}

Task<Result<std::string>> EnableKinesisStreamingDestination(Call& call) {
  INSULA_CO_TRY(Find(call));
  co_return KinesisDestinationsNotOffered();
}

Task<Result<std::string>> DisableKinesisStreamingDestination(Call& call) {
  INSULA_CO_TRY(Find(call));
  co_return NotInState("KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
}

Task<Result<std::string>> UpdateKinesisStreamingDestination(Call& call) {
  INSULA_CO_TRY(Find(call));
  co_return NotInState("Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state.");
}

}  // namespace insula::operations
