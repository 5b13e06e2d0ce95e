#include "tenancy/identity/minted_id.h"

#include <fmt/format.h>

#include "base/crypto.h"

namespace insula::tenancy {

std::string RandomUuid() {
  std::string bytes = RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = HexOf(bytes);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

std::string RandomIdEnd() { return HexOf(RandomBytes(4)); }

std::string TimedId(WallTime at, const std::string& end) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  return fmt::format("{:014}-{}", ms, end);
}

}  // namespace insula::tenancy
