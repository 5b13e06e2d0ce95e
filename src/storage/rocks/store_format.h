// The file FORMAT of a store: which version of the format it has, whose it is, and whether it was ever whole.
//
//   format       := "insula-store 2 store " number " of " organization unfinished? "\n"
//                 | "insula-store 1" unfinished? "\n"                              doesn't say whose it is
//   organization := 32 hexadecimal digits
//   unfinished   := " unfinished"
//
// It is written before RocksDB's first file, and without the last word before the first write is accepted: from then on
// RocksDB makes nothing in the directory that it doesn't find there. One of version 1 becomes one of version 2 when its
// store is opened.
//
// Table numbers, tenants and incarnations begin anew in each account's store, so the rows of another account's, read in
// the place of one's own, would look like a store with nothing in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <rocksdb/env.h>

#include "base/result.h"
#include "model/ids.h"

namespace insula::storage::rocks {

inline constexpr int kStoreFormatVersion = 2;

// Which store of which organization.
struct StoreIdentity {
  StoreId store;
  std::string organization;  // made with the shared store, and the same in all stores beside it

  bool operator==(const StoreIdentity&) const = default;
};

// A name for an organization that is being made. No two are the same.
std::string NewOrganization();

enum class Made : std::uint8_t { kNo, kUnfinished, kYes };

struct StoreFormat {
  Made made = Made::kNo;
  std::optional<StoreIdentity> identity;  // nothing where it isn't said
};

// Whether a store was made in `directory`, and whose. FailedPrecondition if a newer program made it; Corruption if it
// can't be told, as the file is damaged or the only one that is missing.
Result<StoreFormat> ReadFormat(rocksdb::Env* env, const std::string& directory);

// Both are durable when they return. Precondition: the directory exists.
Result<void> BeginFormat(rocksdb::Env* env, const std::string& directory, const StoreIdentity& identity);
Result<void> FinishFormat(rocksdb::Env* env, const std::string& directory, const StoreIdentity& identity);

// Whether what lies in `directory` may be store `id` of `organization` (nothing: of any). Corruption, with what lies
// there, if it says that it is another one.
Result<void> CheckIdentity(const std::string& directory, const StoreFormat& format, StoreId id,
                           const std::optional<std::string>& organization);
// The same of the store of `id` in an engine's directory, also while an engine runs on it. Blocks.
Result<void> CheckIdentity(rocksdb::Env* env, const std::string& engine_directory, StoreId id);

}  // namespace insula::storage::rocks
