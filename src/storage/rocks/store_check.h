// Before a store is opened: whether its files hold what was promised of them. Nothing is changed by looking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/file_system.h>

#include "base/result.h"
#include "model/ids.h"
#include "storage/rocks/witness.h"

namespace insula::storage::rocks {

// A file that lacks what it should hold.
struct Shortfall {
  std::string file;                  // its name
  std::uint64_t whole_bytes = 0;     // what is left of it
  std::string what;                  // "/data/stores/shared/000012.log is missing: it held …"
  std::optional<std::uint64_t> log;  // its number, if it is a log; without any other file nothing can be opened
};

// A file's end that a loss of power has torn: nothing that was promised is in it.
struct TornTail {
  std::string file;
  std::uint64_t whole_bytes = 0;  // up to where it counts
  std::string what;               // in words
};

struct StoreCheck {
  std::vector<Shortfall> shortfalls;
  std::vector<TornTail> torn_tails;
  // False: a program that keeps no witness has written here since, and the witness says nothing of what it wrote.
  bool witnessed = true;
  // False: which table files there should be can't be told.
  bool tables_compared = true;
  // The last acknowledged sequence, and the last one that the logs still have before the first shortfall; 0: none.
  std::uint64_t promised_sequence = 0;
  std::uint64_t whole_sequence = 0;
};

// Io where a file can't be read. `promise`: none where there is no witness; then only damage is found, not what is
// missing altogether.
Result<StoreCheck> CheckStore(rocksdb::FileSystem& files, const std::string& directory,
                              const std::optional<Promise>& promise);

// All of it in words: what is missing, and which sequences.
std::string Describe(const StoreCheck& check);

// Makes the store one that ends before its first shortfall: the logs from there on are moved into directory/lost, with
// a file that says what is missing, and what is whole of the first one is put back. Precondition: the shortfalls are
// logs.
Result<void> GiveUpWhatIsLost(rocksdb::FileSystem& files, const std::string& directory, const StoreCheck& check);

// Cuts the torn tails off, for which RocksDB would refuse the store: it takes a last write that is cut short for one
// that never was, but not one whose place is there and holds something else, as file systems leave it that make a file
// longer before they write to it. Precondition: nothing else is wrong.
Result<void> CutTornTails(rocksdb::FileSystem& files, const std::string& directory, const StoreCheck& check);

// What was given up here and not cleared away since; nothing if nothing was.
std::string WhatWasLost(rocksdb::FileSystem& files, const std::string& directory);

// Where a store is in the engine's directory.
std::string StoreDirectory(const std::string& engine_directory, StoreId id);

inline constexpr char kLostDirectory[] = "lost";
inline constexpr char kLostNote[] = "lost/LOST";

}  // namespace insula::storage::rocks
