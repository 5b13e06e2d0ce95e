#include "operations/copies/backup_description.h"

#include "operations/tables/table_description.h"

namespace insula::operations {
namespace {

using tenancy::BackupRecord;
using wire::JsonWriter;

void WriteUnits(const Throughput& throughput, JsonWriter* writer) {
  writer->Key("ProvisionedThroughput");
  writer->BeginObject();
  writer->IntegerField("ReadCapacityUnits", throughput.read);
  writer->IntegerField("WriteCapacityUnits", throughput.write);
  writer->EndObject();
}

void WriteSource(const BackupRecord& backup, JsonWriter* writer) {
  const TableDefinition& table = backup.table->definition;
  writer->Key("SourceTableDetails");
  writer->BeginObject();
  writer->StringField("TableName", table.name);
  writer->StringField("TableId", table.id);
  writer->StringField("TableArn", backup.table->arn);
  writer->IntegerField("TableSizeBytes", static_cast<std::int64_t>(backup.bytes));
  WriteKeySchema(table.schema->key, writer);
  WriteTime("TableCreationDateTime", table.created_at, writer);
  WriteUnits(table.throughput, writer);
  if (table.on_demand) WriteOnDemand(*table.on_demand, writer);
  writer->IntegerField("ItemCount", static_cast<std::int64_t>(backup.items));
  writer->StringField("BillingMode", NameOf(table.billing_mode));
  writer->EndObject();
}

void WriteIndexInfos(const TableDefinition& table, IndexKind kind, JsonWriter* writer) {
  bool any = false;
  for (const IndexSchema& index : table.schema->indexes) {
    if (index.kind != kind) continue;
    if (!any) {
      writer->Key(ListNameOf(kind));
      writer->BeginArray();
      any = true;
    }
    writer->BeginObject();
    if (kind == IndexKind::kVector) {
      WriteVectorIndexMembers(index, writer);
    } else {
      writer->StringField("IndexName", index.name);
      WriteKeySchema(index.key, writer);
      WriteProjection(index.projection, writer);
    }
    if (kind == IndexKind::kGlobal) {
      const auto settings = table.index_settings.find(index.name);
      if (settings != table.index_settings.end()) {
        WriteUnits(settings->second.throughput, writer);
        if (settings->second.on_demand) WriteOnDemand(*settings->second.on_demand, writer);
      }
    }
    writer->EndObject();
  }
  if (any) writer->EndArray();
}

void WriteFeatures(const BackupRecord& backup, JsonWriter* writer) {
  const TableDefinition& table = backup.table->definition;
  writer->Key("SourceTableFeatureDetails");
  writer->BeginObject();
  WriteIndexInfos(table, IndexKind::kLocal, writer);
  WriteIndexInfos(table, IndexKind::kGlobal, writer);
  WriteIndexInfos(table, IndexKind::kVector, writer);
  if (table.stream.enabled) {
    writer->Key("StreamDescription");
    writer->BeginObject();
    writer->BooleanField("StreamEnabled", true);
    writer->StringField("StreamViewType", NameOf(table.stream.view));
    writer->EndObject();
  }
  if (table.ttl.enabled) {
    writer->Key("TimeToLiveDescription");
    writer->BeginObject();
    writer->StringField("TimeToLiveStatus", "ENABLED");
    writer->StringField("AttributeName", table.ttl.attribute_name);
    writer->EndObject();
  }
  WriteEncryption(table, backup.table->arn, writer);
  writer->EndObject();
}

}  // namespace

void WriteBackupMembers(const BackupRecord& backup, std::string_view status, JsonWriter* writer) {
  writer->StringField("BackupArn", backup.arn);
  writer->StringField("BackupName", backup.name);
  WriteTime("BackupCreationDateTime", backup.created_at, writer);
  if (backup.expires_at) WriteTime("BackupExpiryDateTime", *backup.expires_at, writer);
  writer->StringField("BackupStatus", status);
  writer->StringField("BackupType", NameOf(backup.kind));
  writer->IntegerField("BackupSizeBytes", static_cast<std::int64_t>(backup.bytes));
}

std::string BackupDescriptionAnswer(const BackupRecord& backup, std::string_view status) {
  std::string body;
  JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("BackupDescription");
  writer.BeginObject();
  writer.Key("BackupDetails");
  writer.BeginObject();
  WriteBackupMembers(backup, status, &writer);
  writer.EndObject();
  WriteSource(backup, &writer);
  WriteFeatures(backup, &writer);
  writer.EndObject();
  writer.EndObject();
  return body;
}

}  // namespace insula::operations
