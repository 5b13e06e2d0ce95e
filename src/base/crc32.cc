#include "base/crc32.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace insula {
namespace {

// Sixteen bytes a step: table k holds the checksum of a byte followed by k zero bytes.
constexpr std::size_t kTables = 16;
using Tables = std::array<std::array<std::uint32_t, 256>, kTables>;

constexpr Tables MakeTables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320u : 0u);
    tables[0][byte] = value;
  }
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    for (std::size_t k = 1; k < kTables; ++k) {
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kCrc = MakeTables();

}  // namespace

std::uint32_t Crc32(std::string_view data) {
  std::uint32_t crc = 0xFFFFFFFFu;
  const auto* p = reinterpret_cast<const unsigned char*>(data.data());
  std::size_t left = data.size();
  for (; left >= kTables; p += kTables, left -= kTables) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < 4; ++i) next ^= kCrc[15 - i][p[i] ^ ((crc >> (8 * i)) & 0xFF)];
    for (std::size_t i = 4; i < kTables; ++i) next ^= kCrc[15 - i][p[i]];
    crc = next;
  }
  for (; left > 0; ++p, --left) crc = (crc >> 8) ^ kCrc[0][(crc ^ *p) & 0xFF];
  return ~crc;
}

}  // namespace insula
