// Exports, imports and bulk puts as the catalog keeps them: what was asked for, how far the work is, how it ended. One
// record per transfer is all that a restart needs to go on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"
#include "model/table_schema.h"

namespace insula::tenancy {

enum class TransferStatus : std::uint8_t {
  kInProgress,
  kCompleted,
  kFailed,
  kCancelled,
  kCompletedWithErrors,
  kCancelling
};
std::string_view NameOf(TransferStatus status);  // "IN_PROGRESS" …
std::span<const std::string_view> AllNames(TransferStatus);
inline bool HasEnded(TransferStatus status) {
  return status != TransferStatus::kInProgress && status != TransferStatus::kCancelling;
}

enum class TransferKind : std::uint8_t { kExport, kImport, kBulkPut };
std::string_view NameOf(TransferKind kind);  // "export", "import", "bulk-operation", as in ARNs
std::span<const std::string_view> AllNames(TransferKind);

// A data file of an export that is whole and durable.
struct ExportedFile {
  std::string name;  // "00000000.json.gz"
  std::uint64_t items = 0;
  std::string md5;  // base64
  std::string etag;
};

struct ExportDetails {
  bool incremental = false;
  std::string view;       // of an incremental one: "NEW_IMAGE", "NEW_AND_OLD_IMAGES"
  WallTime from{}, to{};  // of an incremental one: [from, to); of a full one: `to` is the point in time
  std::optional<std::string> sse_algorithm, sse_kms_key;
  std::string filter;  // FilterSpecification as it came, JSON; empty: there is none

  std::uint64_t items = 0, billed_bytes = 0;
  // Where the work goes on, in terms of the worker that wrote it; nullopt: at the beginning.
  std::optional<std::uint64_t> cursor;
  std::string position;             // of an incremental one: the key that comes next, encoded; with a cursor only
  std::vector<ExportedFile> files;  // empty once it has ended: the manifest has them
};

// What the objects of an import or a bulk put look like.
struct InputFormat {
  std::string format;                // "DYNAMODB_JSON", "CSV"
  std::string compression;           // "NONE", "GZIP", "ZSTD"
  std::string delimiter;             // of CSV; empty: none was given
  std::vector<std::string> headers;  // of CSV; empty: each file's first line
};

// How far they have been read: all objects before this one, and so many records of it.
struct InputCursor {
  std::string object;
  std::uint64_t records = 0;
};

struct ImportDetails {
  InputFormat input;
  std::string parameters;  // TableCreationParameters as they came, JSON

  std::uint64_t processed_bytes = 0, processed_items = 0, imported_items = 0, errors = 0;
  InputCursor cursor;
  std::uint64_t error_files = 0;  // written so far
};

// Bytes that were written: 1,024 for each write unit; of a vector index, those of its vectors' writes.
struct BulkPutUsage {
  struct Index {
    IndexKind kind = IndexKind::kLocal;
    std::uint64_t bytes = 0;
  };
  std::uint64_t table = 0;
  std::map<std::string, Index> indexes;  // by name, of each that was written to
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BulkOperationDescription.html
struct BulkPutDetails {
  InputFormat input;
  std::string output_bucket, output_prefix;
  std::optional<std::string> output_owner, sse_algorithm, sse_kms_key;
  bool report_errors = false, report_failed_conditions = false;
  std::optional<std::int64_t> write_units_max;  // per second
  std::string tier;                             // "STANDARD", "ACCELERATED"

  std::optional<std::uint64_t> total_bytes;  // of the objects as they are; none until they have been listed
  std::uint64_t processed_bytes = 0, processed_items = 0, errors = 0, failed_conditions = 0;
  BulkPutUsage usage;
  InputCursor cursor;
  std::uint64_t error_files = 0, condition_files = 0;  // written so far
};

struct TransferRecord {
  std::string id;  // "01693685827463-2d8752fd": in order of time
  ContextNames owner;
  std::string table;  // logical
  std::string table_id;
  Incarnation incarnation;
  StoreId store;  // that the table is in, to be found when it is gone
  std::string client_token;
  std::string fingerprint;  // of the request's parameters
  std::string bucket, prefix;
  std::optional<std::string> bucket_owner;
  WallTime started_at{};
  std::optional<WallTime> ended_at;
  TransferStatus status = TransferStatus::kInProgress;
  std::string failure_code, failure_message;
  std::variant<ExportDetails, ImportDetails, BulkPutDetails> details;

  TransferKind kind() const { return static_cast<TransferKind>(details.index()); }
  const ExportDetails& as_export() const { return std::get<ExportDetails>(details); }
  ExportDetails& as_export() { return std::get<ExportDetails>(details); }
  const ImportDetails& as_import() const { return std::get<ImportDetails>(details); }
  ImportDetails& as_import() { return std::get<ImportDetails>(details); }
  const BulkPutDetails& as_bulk_put() const { return std::get<BulkPutDetails>(details); }
  BulkPutDetails& as_bulk_put() { return std::get<BulkPutDetails>(details); }
};
using TransferPtr = std::shared_ptr<const TransferRecord>;

}  // namespace insula::tenancy
