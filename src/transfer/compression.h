// What objects are packed in: gzip and zstd, as streams.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "objects/object_store.h"

namespace insula::transfer {

enum class Compression : std::uint8_t { kNone, kGzip, kZstd };
std::optional<Compression> CompressionOf(std::string_view name);  // "NONE", "GZIP", "ZSTD"

// Reads what is packed in `packed`: all members of a gzip file, all frames of a zstd one. Corruption if that is damaged
// or ends early; memory is bounded whatever it claims (a zstd window of at most 128 MiB).
std::unique_ptr<objects::ObjectReader> Unpacked(std::unique_ptr<objects::ObjectReader> packed, Compression compression);

struct PackedFile {
  objects::ObjectInfo object;
  std::string md5;  // of the packed bytes, base64
};

// Packs what is written into one gzip member of an object. Used by one thread.
class GzipWriter {
 public:
  explicit GzipWriter(std::unique_ptr<objects::ObjectWriter> object);
  ~GzipWriter();
  Result<void> Write(std::string_view text);
  Result<PackedFile> Finish();  // once; nothing may follow

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace insula::transfer
