#include "storage/rocks/backup_chunk.h"

#include <xxhash.h>
#include <zstd.h>

#include "base/check.h"
#include "model/encoded_item.h"
#include "storage/rocks/byte_reader.h"
#include "storage/rocks/key_format.h"

namespace insula::storage::rocks {
namespace {

constexpr std::string_view kChunkMagic = "ichk";
constexpr char kChunkVersion = 1;
constexpr std::size_t kHeaderSize = 4 + 1 + 8 + 8;  // magic version raw-size checksum
// An item is at most 400 KB and its encoding not much more; anything larger is damage, not a chunk.
constexpr std::size_t kRawBytesMax = kChunkBytesMax + (2u << 20);
constexpr int kCompressionLevel = 1;  // as fast as the disk

Error Damage(std::string_view what) { return {ErrorCode::kCorruption, std::string(what)}; }

}  // namespace

bool ChunkBuilder::Add(std::string_view key, std::string_view item) {
  const std::size_t before = entries_.size();
  AppendVarint(key.size(), &entries_);
  entries_.append(key);
  AppendVarint(item.size(), &entries_);
  entries_.append(item);
  ++items_;
  if (entries_.size() >= kChunkBytesMax) return true;
  if (entries_.size() < kChunkBytesMin) return false;
  // An item ends a chunk with a probability that grows with its size, so that chunks are alike in bytes.
  constexpr std::uint64_t kPerByte = ~std::uint64_t{0} / (kChunkBytesMean - kChunkBytesMin);
  const std::uint64_t hash = XXH3_64bits(key.data(), key.size());
  return hash / kPerByte < entries_.size() - before;
}

ChunkBuilder::Built ChunkBuilder::Finish() {
  Built built;
  built.ref.digest = Sha256::Of(entries_);
  built.ref.raw_bytes = entries_.size();
  built.ref.items = items_;
  std::string& file = built.file;
  file.resize(kHeaderSize + ZSTD_compressBound(entries_.size()));
  const std::size_t stored = ZSTD_compress(file.data() + kHeaderSize, file.size() - kHeaderSize, entries_.data(),
                                           entries_.size(), kCompressionLevel);
  INSULA_CHECK(!ZSTD_isError(stored));
  file.resize(kHeaderSize + stored);
  std::string header(kChunkMagic);
  header.push_back(kChunkVersion);
  AppendBigEndian64(entries_.size(), &header);
  AppendBigEndian64(XXH3_64bits_withSeed(file.data() + kHeaderSize, stored, entries_.size()), &header);
  file.replace(0, kHeaderSize, header);
  built.ref.stored_bytes = file.size();
  entries_.clear();
  items_ = 0;
  return built;
}

Result<void> CheckChunkFile(std::string_view file, const ChunkRef& ref) {
  if (file.size() != ref.stored_bytes) return Damage("it has another length than when it was written");
  if (file.size() < kHeaderSize || !file.starts_with(kChunkMagic)) return Damage("it isn't part of a backup");
  if (file[4] != kChunkVersion) return Damage("its format is unknown");
  if (BigEndian64From(file.substr(5)) != ref.raw_bytes || ref.raw_bytes > kRawBytesMax) {
    return Damage("its header is damaged");
  }
  const std::string_view stored = file.substr(kHeaderSize);
  if (BigEndian64From(file.substr(13)) != XXH3_64bits_withSeed(stored.data(), stored.size(), ref.raw_bytes)) {
    return Damage("its checksum is wrong");
  }
  return {};
}

Result<std::string> ChunkEntriesFrom(std::string_view file, const ChunkRef& ref) {
  INSULA_TRY(CheckChunkFile(file, ref));
  const std::string_view stored = file.substr(kHeaderSize);
  std::string entries(ref.raw_bytes, '\0');
  const std::size_t raw = ZSTD_decompress(entries.data(), entries.size(), stored.data(), stored.size());
  if (ZSTD_isError(raw) || raw != ref.raw_bytes) return Damage("it can't be decompressed");
  if (Sha256::Of(entries) != ref.digest) return Damage("what it holds isn't what its name says");
  return entries;
}

Result<bool> ChunkWalk::Next() {
  if (rest_.empty()) return false;
  ByteReader reader(rest_);
  const std::string_view last = key_;
  if (!reader.Sized(&key_) || !reader.Sized(&item_)) return Damage("an entry in it is cut off");
  if (key_.size() < 10 || key_ <= last) return Damage("its keys aren't in order");
  INSULA_TRY(CheckEncodedItem(item_));
  rest_ = reader.rest();
  ++items_;
  return true;
}

}  // namespace insula::storage::rocks
