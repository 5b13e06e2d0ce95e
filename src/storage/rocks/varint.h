// The fields of a row's value. Those that read take what they read off the front of `in`, which may be damaged, and are
// false where that isn't there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/encoded_item.h"

namespace insula::storage::rocks {

inline bool TakeVarint(std::string_view* in, std::uint64_t* value) {
  *value = 0;
  for (unsigned shift = 0; shift < 64 && !in->empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in->front());
    in->remove_prefix(1);
    *value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

inline bool TakeSigned(std::string_view* in, std::int64_t* value) {
  std::uint64_t raw = 0;
  if (!TakeVarint(in, &raw)) return false;
  *value = static_cast<std::int64_t>(raw);
  return true;
}

// A length, and as many bytes.
inline void AppendSized(std::string_view bytes, std::string* out) {
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}
inline bool TakeSized(std::string_view* in, std::string_view* bytes) {
  std::uint64_t size = 0;
  if (!TakeVarint(in, &size) || size > in->size()) return false;
  *bytes = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

}  // namespace insula::storage::rocks
