#include "storage/rocks/backup_manifest.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "model/encoded_item.h"
#include "storage/rocks/byte_reader.h"
#include "storage/rocks/varint.h"

namespace insula::storage::rocks {
namespace {

constexpr std::string_view kManifestMagic = "insula-backup";
constexpr char kManifestVersion = 1;
constexpr std::size_t kDigestSize = sizeof(Sha256Digest);

void AppendAttributes(const std::vector<KeyAttribute>& attributes, std::string* out) {
  AppendVarint(attributes.size(), out);
  for (const KeyAttribute& attribute : attributes) {
    AppendSized(attribute.name, out);
    out->push_back(static_cast<char>(attribute.type));
  }
}

bool TakeAttributes(ByteReader* in, std::vector<KeyAttribute>* attributes) {
  std::uint64_t count = 0;
  if (!in->Varint(&count) || count > 1) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string_view name, type;
    if (!in->Sized(&name) || !in->Bytes(1, &type)) return false;
    const auto known = static_cast<AttributeType>(type.front());
    if (known != AttributeType::kS && known != AttributeType::kN && known != AttributeType::kB) return false;
    attributes->push_back({std::string(name), known});
  }
  return true;
}

bool TakeChunk(ByteReader* in, ChunkRef* chunk) {
  std::string_view digest;
  if (!in->Bytes(kDigestSize, &digest)) return false;
  std::copy(digest.begin(), digest.end(), chunk->digest.begin());
  return in->Varint(&chunk->raw_bytes) && in->Varint(&chunk->stored_bytes) && in->Varint(&chunk->items);
}

bool TakeBody(ByteReader* in, BackupManifest* manifest) {
  std::uint64_t as_of_us = 0, count = 0;
  std::string_view counters;
  if (!TakeAttributes(in, &manifest->key.hash) || !TakeAttributes(in, &manifest->key.range)) return false;
  if (manifest->key.hash.size() != 1) return false;
  if (!in->Varint(&as_of_us) || !in->Varint(&manifest->sequence) || !in->Sized(&counters)) return false;
  if (!in->Varint(&manifest->items) || !in->Varint(&manifest->bytes) || !in->Varint(&count)) return false;
  manifest->as_of = WallTime(std::chrono::microseconds(as_of_us));
  if (!counters.empty()) {
    Result<TableCounters> counted = CountersFrom(counters);
    if (!counted.ok()) return false;
    manifest->counters = std::move(counted).value();
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    ChunkRef chunk;
    if (!TakeChunk(in, &chunk)) return false;
    manifest->chunks.push_back(chunk);
  }
  return in->empty();
}

}  // namespace

BackupStats BackupManifest::stats() const {
  BackupStats stats{items, bytes, 0, as_of};
  for (const ChunkRef& chunk : chunks) stats.stored_bytes += chunk.stored_bytes;
  return stats;
}

std::string EncodeManifest(const BackupManifest& manifest) {
  std::string out(kManifestMagic);
  out.push_back(kManifestVersion);
  AppendAttributes(manifest.key.hash, &out);
  AppendAttributes(manifest.key.range, &out);
  AppendVarint(static_cast<std::uint64_t>(manifest.as_of.time_since_epoch().count()), &out);
  AppendVarint(manifest.sequence, &out);
  std::string counters;
  if (manifest.counters) AppendCounters(*manifest.counters, &counters);
  AppendSized(counters, &out);
  AppendVarint(manifest.items, &out);
  AppendVarint(manifest.bytes, &out);
  AppendVarint(manifest.chunks.size(), &out);
  for (const ChunkRef& chunk : manifest.chunks) {
    out.append(AsText(chunk.digest));
    AppendVarint(chunk.raw_bytes, &out);
    AppendVarint(chunk.stored_bytes, &out);
    AppendVarint(chunk.items, &out);
  }
  out.append(AsText(Sha256::Of(out)));
  return out;
}

Result<BackupManifest> ManifestFrom(std::string_view file) {
  if (file.size() < kManifestMagic.size() + 1 + kDigestSize || !file.starts_with(kManifestMagic)) {
    return Error(ErrorCode::kCorruption, "it is no manifest of a backup");
  }
  const std::string_view signed_part = file.substr(0, file.size() - kDigestSize);
  if (AsText(Sha256::Of(signed_part)) != file.substr(signed_part.size())) {
    return Error(ErrorCode::kCorruption, "its checksum is wrong");
  }
  if (file[kManifestMagic.size()] > kManifestVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("it has format {}; this program knows formats up to {}: use a newer one",
                             static_cast<int>(file[kManifestMagic.size()]), static_cast<int>(kManifestVersion)));
  }
  ByteReader reader(signed_part.substr(kManifestMagic.size() + 1));
  BackupManifest manifest;
  if (!TakeBody(&reader, &manifest)) return Error(ErrorCode::kCorruption, "what it says makes no sense");
  return manifest;
}

}  // namespace insula::storage::rocks
