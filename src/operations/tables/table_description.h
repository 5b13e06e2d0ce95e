// How a table looks in the answers of CreateTable, DescribeTable, UpdateTable and DeleteTable.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"
#include "storage/engine.h"
#include "tenancy/state/backup_records.h"
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
  std::optional<tenancy::RestoreSource> restored_from = std::nullopt;
  bool warm_asked = false;                   // CreateTable gave a WarmThroughput
  bool sse_changing = false;                 // UpdateTable changes how an encrypted table is encrypted
  const UpdateTableInput* update = nullptr;  // whose answer this is: its changes are under way
};

// The value of "Table" or "TableDescription": an object.
void WriteTableDescription(const TableView& view, wire::JsonWriter* writer);

// {"TableDescription":{…}} or {"Table":{…}}
std::string DescriptionAnswer(std::string_view member, const TableView& view);

// Parts of it that describe backups, too: "KeySchema", "Projection", "OnDemandThroughput", and "SSEDescription" where
// there is one. `arn` is the table's.
void WriteKeySchema(const KeySchema& schema, wire::JsonWriter* writer);
void WriteProjection(const Projection& projection, wire::JsonWriter* writer);
// "LocalSecondaryIndexes", "GlobalSecondaryIndexes", "VectorIndexes"
std::string_view ListNameOf(IndexKind kind);
// What a vector index is defined by, its name included.
void WriteVectorIndexMembers(const IndexSchema& index, wire::JsonWriter* writer);
void WriteOnDemand(const OnDemandThroughput& on_demand, wire::JsonWriter* writer);
void WriteEncryption(const TableDefinition& definition, std::string_view arn, wire::JsonWriter* writer,
                     bool changing = false);
// The ARN that it shows of the key. Precondition: the table is encrypted with one of the account's.
std::string EncryptionKeyArn(const TableDefinition& definition, std::string_view arn);

// Seconds since 1970 with milliseconds, as DynamoDB writes points in time.
void WriteTime(std::string_view member, WallTime time, wire::JsonWriter* writer);

}  // namespace insula::operations
