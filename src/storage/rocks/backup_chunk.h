// A chunk: some MB of a table's items in key order, compressed. Grammar: docs/data_format.md, "Backups".
//
// Where a chunk ends depends on the keys and sizes of its items alone, so that equal stretches of a table, before and
// after a change elsewhere in it, are equal chunks. A chunk's name is the SHA-256 of what it holds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/result.h"

namespace insula::storage::rocks {

inline constexpr std::size_t kChunkBytesMin = 1u << 20;
inline constexpr std::size_t kChunkBytesMean = 3u << 20;  // about
inline constexpr std::size_t kChunkBytesMax = 8u << 20;   // but for one item

// What a manifest says of a chunk.
struct ChunkRef {
  Sha256Digest digest{};
  std::uint64_t raw_bytes = 0;
  std::uint64_t stored_bytes = 0;  // the file's
  std::uint64_t items = 0;
  bool operator==(const ChunkRef&) const = default;
};

class ChunkBuilder {
 public:
  // Keys in ascending order; `key` as in model/primary_key.h, `item` encoded. True: the chunk ends here.
  bool Add(std::string_view key, std::string_view item);
  bool empty() const { return items_ == 0; }

  struct Built {
    ChunkRef ref;
    std::string file;  // its bytes
  };
  // The chunk, and the builder empty again.
  Built Finish();

 private:
  std::string entries_;
  std::uint64_t items_ = 0;
};

// The entries in a chunk's file. Corruption, saying what is wrong but not where, unless they are what `ref` stands for.
Result<std::string> ChunkEntriesFrom(std::string_view file, const ChunkRef& ref);
// The cheaper half of that, without decompressing: every stored byte is as it was written.
Result<void> CheckChunkFile(std::string_view file, const ChunkRef& ref);

// Walks entries in order, checking each: keys ascend, items are well-formed.
class ChunkWalk {
 public:
  explicit ChunkWalk(std::string_view entries) : rest_(entries) {}
  // False at the end. `key` and `item` are views into the entries.
  Result<bool> Next();
  std::string_view key() const { return key_; }
  std::string_view item() const { return item_; }
  std::uint64_t items() const { return items_; }

 private:
  std::string_view rest_;
  std::string_view key_;
  std::string_view item_;
  std::uint64_t items_ = 0;
};

}  // namespace insula::storage::rocks
