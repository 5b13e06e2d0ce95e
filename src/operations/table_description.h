// How a table looks in the answers of CreateTable, DescribeTable, UpdateTable and DeleteTable.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/table_definition.h"
#include "storage/engine.h"
#include "wire/json_writer.h"

namespace insula::operations {

// What an answer leaves out because DynamoDB doesn't know it yet, or not any more.
enum class DescriptionPart : std::uint8_t { kWhole, kJustCreated, kBeingDeleted };

struct TableView {
  const TableDefinition& definition;
  std::string_view arn;
  std::string_view region;
  storage::TableStats stats;
  WallTime now;
  DescriptionPart part = DescriptionPart::kWhole;
};

// The value of "Table" or "TableDescription": an object.
void WriteTableDescription(const TableView& view, wire::JsonWriter* writer);

// {"TableDescription":{…}} or {"Table":{…}}
std::string DescriptionAnswer(std::string_view member, const TableView& view);

// Seconds since 1970 with milliseconds, as DynamoDB writes points in time.
void WriteTime(std::string_view member, WallTime time, wire::JsonWriter* writer);

}  // namespace insula::operations
