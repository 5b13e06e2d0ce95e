// What keeps items. Typed requests in, encoded items out; never JSON, never a tenant's name to interpret.
//
// Implementations: storage/rocks (embedded), router.h (several as one). storage/engine_contract_test.h
// is the suite that every implementation passes.
//
// What a table's data or others' work on it forbids is a Refusal (refusal.h): engines know no protocol's words. Rules
// of items and expressions have their own errors, which are passed on.
//
// All methods are safe from any thread and resume the caller on its own executor. Everything a write returned is
// durable. Every operation is serializable with every other one, except that a BatchWrite or BatchGet is a number of
// independent ones, and that without consistent_read an engine may answer from an earlier state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "expression/expression.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "model/engine_capabilities.h"
#include "model/item_size.h"
#include "model/primary_key.h"
#include "model/table_schema.h"
#include "storage/item_memory.h"
#include "storage/write_marks.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage {

using tenancy::TableRef;

class Backups;       // backups.h
class ChangeLog;     // change_log.h
class Expiry;        // expiry.h
class FileCheck;     // file_check.h
class VectorSearch;  // vector_search.h

// What a read of many items may take.
struct ReadBounds {
  std::size_t bytes_max;         // of items, as ItemSize
  ItemMemory* memory = nullptr;  // outlives the read; none: not counted
};

struct GetRequest {
  TableRef table;
  PrimaryKey key{};
  bool consistent_read = false;
};
using MaybeItem = std::optional<EncodedItem>;

enum class WriteKind : std::uint8_t { kPut, kUpdate, kDelete, kConditionCheck };

// One item's write. Validated before it gets here (key types and sizes, item size, index key types of a put);
// what only the result of an update shows is checked by the engine (rules/item_rules.h).
struct WriteRequest {
  TableRef table;
  WriteKind kind = WriteKind::kPut;
  PrimaryKey key{};
  AttributeMap item{};                                       // kPut
  std::shared_ptr<const expression::Update> update{};        // kUpdate; nullptr creates the bare key if it is absent
  std::shared_ptr<const expression::Condition> condition{};  // nullptr: none
  bool want_collection_size = false;                         // fill WriteOutcome::collection_bytes
  bool want_items = true;                                    // fill old_item and new_item; off saves copies
  // kUpdate: fill updated_old and updated_new.
  expression::Update::Report report = expression::Update::Report::kNone;
  // The service's own deletion: its change record says so, and it costs nothing.
  bool by_time_to_live = false;
  std::optional<WriteMark> mark{};  // left with a put; where the engine has write_marks() only
  ItemMemory* memory = nullptr;     // outlives the write; none: not counted
};

// What a write cost: the table's part and each index's that it touched.
struct WriteUsage {
  HalfUnits table;
  std::vector<std::pair<std::uint16_t, HalfUnits>> indexes;             // by IndexSchema::id
  std::vector<std::pair<std::uint16_t, std::uint64_t>> vector_indexes;  // bytes, which are counted apart from units
};

struct WriteOutcome {
  bool condition_met = true;  // false: nothing was written; `old_item` is the item that failed the condition
  MaybeItem old_item;
  MaybeItem new_item;
  AttributeMap updated_old;  // what ReturnValues UPDATED_OLD and UPDATED_NEW show, as `report` says
  AttributeMap updated_new;
  WriteUsage usage;                    // also when the condition failed
  std::uint64_t collection_bytes = 0;  // the item collection's size, tables with local indexes
};

// Of a parallel scan: the rows whose key's 64-bit hash h (the first 8 bytes of the key) has h * total / 2^64 == number.
struct Segment {
  std::uint32_t number = 0;
  std::uint32_t total = 1;
};

// A page of a Query (key_condition set) or a Scan, of the table or one of its indexes.
struct PageRequest {
  TableRef table;
  std::optional<std::uint16_t> index = std::nullopt;  // IndexSchema::id
  std::optional<expression::KeyCondition> key_condition = std::nullopt;
  bool forward = true;  // of a Scan, too
  bool consistent_read = false;
  std::optional<AttributeMap> exclusive_start_key = std::nullopt;  // all key attributes of the table and of the index
  std::optional<std::uint64_t> limit = std::nullopt;               // items evaluated, before the filter
  std::shared_ptr<const expression::Condition> filter = nullptr;
  std::optional<Segment> segment = std::nullopt;  // exclusive_start_key must be in it
  bool fetch_from_table = false;  // read whole items of the table behind an index that doesn't project them
  bool count_only = false;        // leave `items` empty
  // The page ends with the item that brings the sizes of what is evaluated, or of what is fetched, to as much.
  std::size_t bytes_max = std::size_t{1024} * 1024;
};

struct Page {
  std::vector<EncodedItem> items;  // after the filter, in key order
  std::uint64_t count = 0;
  std::uint64_t scanned_count = 0;
  std::uint64_t bytes = 0;  // item sizes evaluated, as stored in what was read: capacity is ReadCost of it
  std::vector<std::uint64_t> fetched_bytes;  // sizes of the items fetched from the table, one by one
  std::optional<AttributeMap> last_evaluated_key;
};

struct TransactWriteRequest {
  std::vector<WriteRequest> writes;  // distinct keys
  struct Token {
    std::string key;          // context and client request token
    std::string fingerprint;  // of the parameters: another one under the same token is kTokenReused
  };
  std::optional<Token> token;  // remembered for ten minutes
};
struct TransactWriteOutcome {
  std::vector<WriteOutcome> outcomes;
  bool replayed = false;  // the token had already succeeded: nothing was written now
};

struct TableStats {
  std::uint64_t item_count = 0;
  std::uint64_t size_bytes = 0;
  struct Index {
    std::uint16_t id = 0;
    std::uint64_t item_count = 0;
    std::uint64_t size_bytes = 0;
    // What the vectors of its entries take in their items beyond the floats that they are billed as; negative for
    // vectors of short numbers.
    std::int64_t vector_excess_bytes = 0;
  };
  std::vector<Index> indexes;
  HalfUnits written;  // consumed by writes since the table was created; durable with the writes themselves
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual const EngineCapabilities& capabilities() const = 0;

  // --- items ---
  virtual Task<Result<MaybeItem>> Get(GetRequest request) = 0;
  // In the order of `requests`. Results stop being filled (nullopt in the outer optional) once the items' sizes pass
  // `bytes_max`, or memory has no room for more: the rest is the caller's UnprocessedKeys. ServiceUnavailable if it has
  // none for the first.
  virtual Task<Result<std::vector<std::optional<MaybeItem>>>> BatchGet(std::vector<GetRequest> requests,
                                                                       ReadBounds bounds) = 0;
  // Stops with the item that brings their sizes above `bytes_max`: the caller, who sees the sum, can't use them.
  // ServiceUnavailable if memory has no room for all.
  virtual Task<Result<std::vector<MaybeItem>>> TransactGet(std::vector<GetRequest> requests, ReadBounds bounds) = 0;
  // Of this and the two below: ServiceUnavailable, with nothing written, where memory has no room for what is written.
  virtual Task<Result<WriteOutcome>> Write(WriteRequest request) = 0;
  // Independent writes in one call; one result each.
  virtual Task<std::vector<Result<WriteOutcome>>> BatchWrite(std::vector<WriteRequest> requests) = 0;
  // kTransactionCanceled with a MemberRefusal each; kTokenInUse, kTokenReused; kSeveralStores.
  virtual Task<Result<TransactWriteOutcome>> TransactWrite(TransactWriteRequest request) = 0;
  virtual Task<Result<Page>> ReadPage(PageRequest request) = 0;

  // --- tables; each idempotent, so that an interrupted intent can be replayed ---
  // Makes what the table needs before its first use: where the engine keeps an account's tables apart, that place, too,
  // which nothing else makes. Opens the table.
  virtual Task<Result<void>> CreateTable(TableRef table) = 0;
  // What the engine keeps apart for an account goes, with everything in it.
  virtual Task<Result<void>> DropStore(StoreId store) = 0;
  // Tells the engine of a table and the schema its writers follow, ahead of its first use. A table that the engine
  // hasn't been told of since its start is opened by its first use, with the schema of that use: so starting costs
  // nothing per table.
  virtual Task<Result<void>> OpenTable(TableRef table) = 0;
  // From its return on, no write to this incarnation succeeds; space is given back in the background. With
  // `keep_changes` its change log stays readable until it is dropped once more without.
  virtual Task<Result<void>> DropTable(TableRef table, bool keep_changes = false) = 0;
  // Publishes table.schema(): returns once every writer of an older epoch is done. New indexes in it must be
  // `backfilling`; indexes no longer in it are dropped.
  virtual Task<Result<void>> SetSchema(TableRef table) = 0;
  // Writes the entries that are missing in a backfilling index, item by item under its lock. Resumable. An item whose
  // key attribute has the wrong type or size is left out, as in DynamoDB. ServiceUnavailable once `stop` was requested.
  virtual Task<Result<void>> BackfillIndex(TableRef table, std::uint16_t index, std::stop_token stop = {}) = 0;
  virtual Task<Result<TableStats>> Stats(TableRef table) = 0;

  // --- what not every engine has: nullptr where it has none ---
  virtual ChangeLog* change_log() = 0;
  virtual Backups* backups() = 0;
  virtual Expiry* expiry() = 0;
  virtual VectorSearch* vector_search() = 0;
  virtual WriteMarks* write_marks() = 0;
  // What keeps every table from being written to, such as a disk that failed or is full; what concerns some alone isn't
  // told. Blocks nobody.
  virtual Result<void> CheckWritable() { return {}; }
  // For operators, who have the engine itself: what wraps one for requests needn't pass it on.
  virtual FileCheck* file_check() { return nullptr; }

  // Refuses new work, finishes what was accepted, closes the files.
  virtual Task<Result<void>> Stop() = 0;
};

}  // namespace insula::storage
