// gzip and deflate, as Content-Encoding and Accept-Encoding name them (RFC 9110, 8.4 and 12.5.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/memory_budget.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::http {

enum class ContentCoding : std::uint8_t { kIdentity, kGzip, kDeflate };

// "gzip"; empty for identity.
std::string_view NameOf(ContentCoding coding);

// What a Content-Encoding header names; none, or "identity", is identity. nullopt: a coding that isn't known here, or
// more than one.
std::optional<ContentCoding> ContentCodingOf(std::string_view content_encoding);

// What an answer may be sent in, by the Accept-Encoding header of its request: what the client weighs highest, gzip
// before deflate before identity where it doesn't say.
ContentCoding AcceptedCoding(std::string_view accept_encoding);

// Undoes a coding a piece at a time: no call does more work, or appends more, than a piece is worth.
class Inflater {
 public:
  static constexpr std::size_t kPieceBytes = 64 * 1024;

  // `coding` isn't identity; `coded` must outlive the inflater. gzip: one member after the other. deflate: with
  // zlib's frame, as it should be, or bare, as some send it.
  Inflater(ContentCoding coding, std::string_view coded);
  ~Inflater();

  // Appends up to kPieceBytes; false once everything has been read. Serialization: the bytes are not what they claim
  // to be, end early, or are followed by others.
  Result<bool> Step(std::string* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The body with its coding undone, on the caller's event loop, which gets a turn between pieces. `coded` must live
// until the task ends. Serialization as above; RequestTooLarge beyond `size_max`, found as soon as that is passed;
// ServiceUnavailable where `memory` (if any) may not grow by it.
Task<Result<std::string>> Decode(ContentCoding coding, std::string_view coded, std::size_t size_max,
                                 MemoryCharge* memory);

// `body` in a coding that isn't identity; again in pieces. nullopt where that is no shorter. `body` must live until the
// task ends.
Task<std::optional<std::string>> Encode(ContentCoding coding, std::string_view body);

}  // namespace insula::http
