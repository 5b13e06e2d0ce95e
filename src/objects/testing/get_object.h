// A whole object in one call, for tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "objects/object_store.h"

namespace insula::objects {

// StorageFull for an object of more than `bytes_max`.
inline Result<std::string> GetObject(ObjectStore& store, std::string_view key, std::size_t bytes_max) {
  INSULA_ASSIGN(auto reader, store.Open(key));
  std::string text;
  std::string buffer(std::min<std::size_t>(bytes_max + 1, 64 * 1024), '\0');
  for (;;) {
    INSULA_ASSIGN(const std::size_t read, reader->Read(buffer));
    if (read == 0) return text;
    text.append(buffer, 0, read);
    if (text.size() > bytes_max) {
      return Error(ErrorCode::kStorageFull, fmt::format("The object {} has more than {} bytes", key, bytes_max));
    }
  }
}

}  // namespace insula::objects
