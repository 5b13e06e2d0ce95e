#include "objects/object_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace insula::objects {
namespace {

constexpr std::size_t kPartSizeMax = 240;  // a file's name has 255 bytes, some of them a temporary one's own

Error Refused(std::string_view what) { return {ErrorCode::kInvalidArgument, fmt::format("An object's key {}", what)}; }

Result<void> CheckCharacters(std::string_view text) {
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x20 || first == 0x7F) return Refused("has no control characters");
    const std::size_t size = Utf8SequenceAt(text);
    if (size == 0) return Refused("is UTF-8");
    text.remove_prefix(size);
  }
  return {};
}

Result<void> CheckPart(std::string_view part) {
  if (part.empty()) return Refused("has no empty part between slashes");
  if (part == "." || part == "..") return Refused("has no part '.' or '..'");
  if (part.size() > kPartSizeMax) return Refused(fmt::format("has at most {} bytes between slashes", kPartSizeMax));
  if (part.starts_with(kReservedPart)) return Refused(fmt::format("has no part that begins with {}", kReservedPart));
  return {};
}

}  // namespace

Result<void> CheckPrefix(std::string_view prefix) {
  if (prefix.size() > kKeySizeMax) return Refused(fmt::format("has at most {} bytes", kKeySizeMax));
  INSULA_TRY(CheckCharacters(prefix));
  for (std::size_t slash = prefix.find('/'); slash != std::string_view::npos; slash = prefix.find('/')) {
    INSULA_TRY(CheckPart(prefix.substr(0, slash)));
    prefix.remove_prefix(slash + 1);
  }
  if (prefix == "." || prefix == "..") return CheckPart(prefix);
  return {};
}

Result<void> CheckKey(std::string_view key) {
  INSULA_TRY(CheckPrefix(key));
  return CheckPart(key.substr(key.rfind('/') + 1));
}

Result<ObjectInfo> PutObject(ObjectStore& store, std::string_view key, std::string_view bytes) {
  INSULA_ASSIGN(auto writer, store.Create(key));
  INSULA_TRY(writer->Write(bytes));
  return writer->Finish();
}

}  // namespace insula::objects
