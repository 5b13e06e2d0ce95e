// The fields of exports, imports and bulk puts. A transfer's id is its record's name. Internal to the room.
#pragma once

#include "tenancy/codec/record_fields.h"
#include "tenancy/state/transfer_records.h"

namespace insula::tenancy {

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ExportedFile> file) {
  codec.Field("n", file.name);
  codec.Field("i", file.items);
  codec.Field("m", file.md5);
  codec.Field("e", file.etag);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ExportDetails> details) {
  codec.Field("incremental", details.incremental);
  codec.Field("view", details.view);
  codec.Field("from", details.from);
  codec.Field("to", details.to);
  codec.Field("sse_algorithm", details.sse_algorithm);
  codec.Field("sse_kms_key", details.sse_kms_key);
  codec.FieldIf(!details.filter.empty(), "filter", details.filter);
  codec.Field("items", details.items);
  codec.Field("billed_bytes", details.billed_bytes);
  codec.Field("cursor", details.cursor);
  codec.Hex("position", details.position);
  codec.Field("files", details.files);
}

// Part of what reads objects, as is the next.
template <class Codec>
void Fields(Codec& codec, Fielded<Codec, InputFormat> input) {
  codec.Field("format", input.format);
  codec.Field("compression", input.compression);
  codec.Field("delimiter", input.delimiter);
  codec.Field("headers", input.headers);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, InputCursor> cursor) {
  codec.Field("object", cursor.object);
  codec.Field("records", cursor.records);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ImportDetails> details) {
  Fields(codec, details.input);
  codec.Field("parameters", details.parameters);
  codec.Field("processed_bytes", details.processed_bytes);
  codec.Field("processed_items", details.processed_items);
  codec.Field("imported_items", details.imported_items);
  codec.Field("errors", details.errors);
  Fields(codec, details.cursor);
  codec.Field("error_files", details.error_files);
}

// One entry of BulkPutUsage::indexes.
struct UsedIndex {
  std::string name;
  BulkPutUsage::Index use;
};

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, UsedIndex> index) {
  codec.Field("n", index.name);
  codec.Number("k", index.use.kind, IndexKind::kVector);
  codec.Field("b", index.use.bytes);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, BulkPutUsage> usage) {
  std::vector<UsedIndex> indexes;
  if constexpr (!Codec::kReads) {
    for (const auto& [name, use] : usage.indexes) indexes.push_back({name, use});
  }
  codec.Field("table", usage.table);
  codec.Field("indexes", indexes);
  if constexpr (Codec::kReads) {
    for (UsedIndex& index : indexes) usage.indexes[std::move(index.name)] = index.use;
  }
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, BulkPutDetails> details) {
  Fields(codec, details.input);
  codec.Field("output_bucket", details.output_bucket);
  codec.Field("output_prefix", details.output_prefix);
  codec.Field("output_owner", details.output_owner);
  codec.Field("sse_algorithm", details.sse_algorithm);
  codec.Field("sse_kms_key", details.sse_kms_key);
  codec.Field("report_errors", details.report_errors);
  codec.Field("report_failed_conditions", details.report_failed_conditions);
  codec.Field("write_units_max", details.write_units_max);
  codec.Field("tier", details.tier);
  codec.Field("total_bytes", details.total_bytes);
  codec.Field("processed_bytes", details.processed_bytes);
  codec.Field("processed_items", details.processed_items);
  codec.Field("errors", details.errors);
  codec.Field("failed_conditions", details.failed_conditions);
  codec.Field("usage", details.usage);
  Fields(codec, details.cursor);
  codec.Field("error_files", details.error_files);
  codec.Field("condition_files", details.condition_files);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, TransferRecord> r) {
  Fields(codec, r.owner);
  codec.Field("table", r.table);
  codec.Field("table_id", r.table_id);
  codec.Field("incarnation", r.incarnation);
  codec.Field("store", r.store);
  codec.Field("client_token", r.client_token);
  codec.Field("fingerprint", r.fingerprint);
  codec.Field("bucket", r.bucket);
  codec.Field("prefix", r.prefix);
  codec.Field("bucket_owner", r.bucket_owner);
  codec.Field("started_at", r.started_at);
  codec.Field("ended_at", r.ended_at);
  codec.Field("status", r.status);
  codec.Field("failure_code", r.failure_code);
  codec.Field("failure_message", r.failure_message);
  // The details are under the name of the transfer's kind, which is told by nothing else.
  if constexpr (Codec::kReads) {
    if (codec.Has(NameOf(TransferKind::kImport))) {
      r.details.template emplace<ImportDetails>();
    } else if (codec.Has(NameOf(TransferKind::kBulkPut))) {
      r.details.template emplace<BulkPutDetails>();
    }
  }
  std::visit([&](auto& details) { codec.Field(NameOf(r.kind()), details); }, r.details);
}

}  // namespace insula::tenancy
