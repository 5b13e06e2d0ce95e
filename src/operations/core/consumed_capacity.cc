#include "operations/core/consumed_capacity.h"

#include <algorithm>

#include "wire/attribute_value_json.h"

namespace insula::operations {

ReturnCapacity ReturnCapacityOf(wire::StructureView input) {
  std::string_view text = input.String("ReturnConsumedCapacity").value_or("NONE");
  if (text == "TOTAL") return ReturnCapacity::kTotal;
  if (text == "INDEXES") return ReturnCapacity::kIndexes;
  return ReturnCapacity::kNone;
}

ConsumedCapacity::IndexPart& ConsumedCapacity::PartOf(std::uint16_t index) {
  auto found = std::ranges::find(indexes_, index, &IndexPart::id);
  if (found != indexes_.end()) return *found;
  indexes_.push_back({index, {}, {}});
  return indexes_.back();
}

void ConsumedCapacity::AddIndexRead(std::uint16_t index, HalfUnits cost) { PartOf(index).read += cost; }

void ConsumedCapacity::Add(const storage::WriteUsage& usage) {
  table_written_ += usage.table;
  for (const auto& [index, cost] : usage.indexes) PartOf(index).written += cost;
  for (const auto& [index, bytes] : usage.vector_indexes) vector_bytes_written_[index] += bytes;
}

bool ConsumedCapacity::only_failed() const {
  return failed_.value() != 0 && table_read_.value() == 0 && table_written_.value() == 0 && indexes_.empty();
}

HalfUnits ConsumedCapacity::read() const {
  HalfUnits sum = table_read_;
  for (const IndexPart& part : indexes_) sum += part.read;
  return sum;
}

HalfUnits ConsumedCapacity::written() const {
  HalfUnits sum = table_written_ + failed_;
  for (const IndexPart& part : indexes_) sum += part.written;
  return sum;
}

namespace {

void WriteUnits(HalfUnits read, HalfUnits written, bool transactional, wire::JsonWriter* writer) {
  writer->DoubleField("CapacityUnits", (read + written).units());
  if (!transactional) return;
  if (read.value() != 0) writer->DoubleField("ReadCapacityUnits", read.units());
  if (written.value() != 0) writer->DoubleField("WriteCapacityUnits", written.units());
}

}  // namespace

void ConsumedCapacity::WriteUnitsOf(IndexKind kind, const TableSchema& schema, bool transactional,
                                    wire::JsonWriter* writer) const {
  bool open = false;
  for (const IndexPart& part : indexes_) {
    auto index = std::ranges::find(schema.indexes, part.id, &IndexSchema::id);
    if (index == schema.indexes.end() || index->kind != kind) continue;
    if (!open) {
      writer->Key(kind == IndexKind::kGlobal ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
      writer->BeginObject();
      open = true;
    }
    writer->Key(index->name);
    writer->BeginObject();
    WriteUnits(part.read, part.written, transactional, writer);
    writer->EndObject();
  }
  if (open) writer->EndObject();
}

void ConsumedCapacity::WriteVectorBytes(const TableSchema& schema, wire::JsonWriter* writer) const {
  bool open = false;
  for (const IndexSchema& index : schema.indexes) {
    const auto found = vector_bytes_written_.find(index.id);
    if (found == vector_bytes_written_.end()) continue;
    if (!open) {
      writer->Key("VectorIndexes");
      writer->BeginObject();
      open = true;
    }
    writer->Key(index.name);
    writer->BeginObject();
    writer->DoubleField("VectorWriteRequestBytes", static_cast<double>(found->second));
    writer->EndObject();
  }
  if (open) writer->EndObject();
}

void ConsumedCapacity::Write(ReturnCapacity mode, std::string_view table_name, const TableSchema& schema,
                             bool transactional, wire::JsonWriter* writer) const {
  writer->BeginObject();
  writer->StringField("TableName", table_name);
  WriteUnits(read(), written(), transactional, writer);
  if (mode == ReturnCapacity::kIndexes) {
    writer->Key("Table");
    writer->BeginObject();
    WriteUnits(table_read_, table_written_, transactional, writer);
    writer->EndObject();
    WriteUnitsOf(IndexKind::kLocal, schema, transactional, writer);
    WriteUnitsOf(IndexKind::kGlobal, schema, transactional, writer);
    WriteVectorBytes(schema, writer);
  }
  writer->EndObject();
}

bool WantsCollectionMetrics(wire::StructureView input, const TableSchema& schema) {
  if (input.String("ReturnItemCollectionMetrics").value_or("NONE") != "SIZE") return false;
  return std::ranges::any_of(schema.indexes, [](const IndexSchema& index) { return index.local(); });
}

void WriteCollectionMetrics(const PrimaryKey& key, const TableSchema& schema, std::uint64_t collection_bytes,
                            wire::JsonWriter* writer) {
  constexpr std::uint64_t kGigabyte = 1024ULL * 1024 * 1024;
  const std::uint64_t gigabytes = collection_bytes / kGigabyte;
  auto lower = static_cast<double>(gigabytes);
  writer->BeginObject();
  writer->Key("ItemCollectionKey");
  writer->BeginObject();
  writer->Key(schema.hash().name);
  wire::WriteValue(key.hash, writer);
  writer->EndObject();
  writer->Key("SizeEstimateRangeGB");
  writer->BeginArray();
  writer->Double(lower);
  writer->Double(lower + 1);
  writer->EndArray();
  writer->EndObject();
}

}  // namespace insula::operations
