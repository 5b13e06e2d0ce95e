#include "storage/record_store_on_engine.h"

#include "base/check.h"

namespace insula::storage {
namespace {

PrimaryKey KeyOfRecord(const std::string& kind, const std::string& name) {
  PrimaryKey key;
  key.hash = AttributeValue::S(kind);
  key.range = AttributeValue::S(name);
  return key;
}

Result<Record> RecordFrom(const EncodedItem& item) {
  const AttributeMap attributes = item.Decode();
  Record record;
  for (const auto& [name, field] :
       {std::pair{"kind", &record.kind}, std::pair{"name", &record.name}, std::pair{"value", &record.value}}) {
    const AttributeValue* value = attributes.Find(name);
    const std::string* text = value ? value->As<std::string>() : nullptr;
    if (!text) return Error(ErrorCode::kCorruption, "a record of the control plane is damaged");
    *field = *text;
  }
  return record;
}

}  // namespace

Task<Result<std::vector<Record>>> EngineRecordStore::Load(std::string kind) {
  std::vector<Record> records;
  std::optional<AttributeMap> start;
  for (;;) {
    PageRequest request{.table = TableRef::ControlPlane()};
    request.key_condition.emplace().hash.push_back(AttributeValue::S(kind));
    request.consistent_read = true;
    request.exclusive_start_key = std::move(start);
    INSULA_CO_ASSIGN(Page page, co_await engine_.ReadPage(std::move(request)));
    for (const EncodedItem& item : page.items) {
      INSULA_CO_ASSIGN(Record record, RecordFrom(item));
      records.push_back(std::move(record));
    }
    if (!page.last_evaluated_key) co_return records;
    start = std::move(page.last_evaluated_key);
  }
}

Task<Result<void>> EngineRecordStore::Commit(std::vector<RecordChange> changes) {
  INSULA_CHECK(changes.size() <= 100);
  if (changes.empty()) co_return Result<void>();
  TransactWriteRequest request;
  for (RecordChange& change : changes) {
    WriteRequest write{.table = TableRef::ControlPlane()};
    write.key = KeyOfRecord(change.kind, change.name);
    write.kind = change.value ? WriteKind::kPut : WriteKind::kDelete;
    write.want_items = false;
    if (change.value) {
      write.item.Set("kind", AttributeValue::S(std::move(change.kind)));
      write.item.Set("name", AttributeValue::S(std::move(change.name)));
      write.item.Set("value", AttributeValue::S(*std::move(change.value)));
    }
    request.writes.push_back(std::move(write));
  }
  INSULA_CO_TRY(co_await engine_.TransactWrite(std::move(request)));
  co_return Result<void>();
}

}  // namespace insula::storage
