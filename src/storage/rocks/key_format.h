// The keys of RocksDB's rows. Grammar and invariants: docs/data_format.md, "Storage keys".
//
//   row    := place kind rest
//   place  := table(4) tenant(4) incarnation(8)                 all numbers big-endian
//   kind   := 1 item | 2 index | 3 counters | 4 collection | 5 expiry | 6 mark
//   item        rest := key                                     key: model/primary_key.h
//   index       rest := index-id(2) hash(8) length(2) hash-bytes range-part* key
//   counters    rest :=
//   collection  rest := hash(8) length(2) hash-bytes            of the table's hash key
//   expiry      rest := second(8) key                           model/expiry_time.h
//   mark        rest := job(8) number(8)                        storage/write_marks.h
//
// hash-bytes of an index with several hash attributes are their parts in order. A part is self-delimiting and keeps the
// order of its values: a number as it is, text and bytes with 00 written 00 FF and ended by 00 01.
//
// Table number FFFFFFFF is the store's own: pending drops, request tokens and restores.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/primary_key.h"
#include "model/table_schema.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

enum class RowKind : std::uint8_t { kItem = 1, kIndex = 2, kCounters = 3, kCollection = 4, kExpiry = 5, kMark = 6 };
enum class SystemRow : std::uint8_t { kPendingDrop = 1, kToken = 2, kRestore = 3, kStore = 4 };

inline constexpr std::size_t kPlaceSize = 16;
inline constexpr std::size_t kItemPrefixSize = kPlaceSize + 1;
inline constexpr std::size_t kIndexPrefixSize = kPlaceSize + 3;
inline constexpr std::size_t kExpiryPrefixSize = kPlaceSize + 9;

void AppendBigEndian16(std::uint16_t value, std::string* out);
void AppendBigEndian32(std::uint32_t value, std::string* out);
void AppendBigEndian64(std::uint64_t value, std::string* out);
std::uint64_t BigEndian64From(std::string_view bytes);  // the first 8 bytes

void AppendPlace(const tenancy::TableRef& table, std::string* out);
void AppendRowPrefix(const tenancy::TableRef& table, RowKind kind, std::string* out);
void AppendIndexPrefix(const tenancy::TableRef& table, std::uint16_t index, std::string* out);
std::string SystemPrefix(SystemRow row);

std::string ItemRowKey(const tenancy::TableRef& table, const PrimaryKey& key);
std::string CountersRowKey(const tenancy::TableRef& table);
// Precondition: `item_row_key` is a well-formed item row's.
std::string CollectionRowKey(std::string_view item_row_key);

// An item's row among those that expire, in the order of time. Precondition: `second` isn't negative, `item_row_key` is
// a well-formed item row's.
std::string ExpiryRowKey(std::string_view item_row_key, std::int64_t second);
// What stands before all rows of this second and later ones.
std::string ExpiryRowsFrom(const tenancy::TableRef& table, std::int64_t second);
std::int64_t SecondOf(std::string_view expiry_row_key);
std::string ItemRowKeyOf(std::string_view expiry_row_key);

// What stands before the numbers in the keys of a job's marks.
std::string MarkPrefix(const tenancy::TableRef& table, std::uint64_t job);

// The text of a string, the bytes of a binary. Precondition: S or B.
std::string_view BytesOf(const AttributeValue& value);
// The self-delimiting part of an index key. Precondition: S, N or B.
void AppendPart(const AttributeValue& value, std::string* out);
// What every part of a text or binary value that begins with `prefix` begins with.
void AppendPartPrefix(const AttributeValue& prefix, std::string* out);
// hash(8) length(2) hash-bytes of an index. Precondition: one value per hash attribute.
void AppendIndexHash(std::span<const AttributeValue> hash, std::string* out);

// The least key greater than all that begin with `prefix`; empty if there is none.
std::string SuccessorOf(std::string prefix);

// What key locks go by.
std::uint64_t LockIdOf(StoreId store, std::string_view row_key);

}  // namespace insula::storage::rocks
