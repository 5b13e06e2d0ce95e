// The file FORMAT of a store: which version of the format it has, and whether it was ever whole.
//
//   format := "insula-store " version " unfinished"? "\n"
//
// It is written before RocksDB's first file, and without the last word before the first write is accepted: from then on
// RocksDB makes nothing in the directory that it doesn't find there.
#pragma once

#include <cstdint>
#include <string>

#include <rocksdb/env.h>

#include "base/result.h"

namespace insula::storage::rocks {

inline constexpr int kStoreFormatVersion = 1;

enum class Made : std::uint8_t { kNo, kUnfinished, kYes };

// Whether a store was made in `directory`. FailedPrecondition if a newer program made it; Corruption if it can't be
// told, as the file is damaged or the only one that is missing.
Result<Made> CheckFormat(rocksdb::Env* env, const std::string& directory);

// Both are durable when they return. Precondition: the directory exists.
Result<void> BeginFormat(rocksdb::Env* env, const std::string& directory);
Result<void> FinishFormat(rocksdb::Env* env, const std::string& directory);

}  // namespace insula::storage::rocks
