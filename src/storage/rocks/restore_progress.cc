#include "storage/rocks/restore_progress.h"

#include "model/encoded_item.h"
#include "storage/rocks/byte_reader.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/varint.h"

namespace insula::storage::rocks {
namespace {

constexpr char kProgressVersion = 1;

}  // namespace

std::string RestoreProgressRowKey(const tenancy::TableRef& table) {
  std::string key = SystemPrefix(SystemRow::kRestore);
  AppendPlace(table, &key);
  return key;
}

std::string EncodeRestoreProgress(const RestoreProgressRow& row) {
  std::string out;
  out.push_back(kProgressVersion);
  out.push_back(row.done ? '\1' : '\0');
  AppendVarint(row.chunks, &out);
  AppendVarint(row.runs, &out);
  AppendSized(row.backup, &out);
  std::string counters;
  AppendCounters(row.counters, &counters);
  AppendSized(counters, &out);
  AppendSized(row.collection, &out);
  AppendVarint(row.collection_bytes, &out);
  return out;
}

Result<RestoreProgressRow> RestoreProgressFrom(std::string_view bytes) {
  const Error damaged(ErrorCode::kCorruption, "the progress of a restore is damaged");
  ByteReader in(bytes);
  RestoreProgressRow row;
  std::string_view version, state, backup, counters, collection;
  if (!in.Bytes(1, &version) || version.front() != kProgressVersion || !in.Bytes(1, &state)) return damaged;
  if (!in.Varint(&row.chunks) || !in.Varint(&row.runs) || !in.Sized(&backup) || !in.Sized(&counters)) return damaged;
  if (!in.Sized(&collection) || !in.Varint(&row.collection_bytes) || !in.empty()) return damaged;
  row.done = state.front() != '\0';
  row.backup = backup;
  row.collection = collection;
  INSULA_ASSIGN(row.counters, CountersFrom(counters));
  return row;
}

}  // namespace insula::storage::rocks
