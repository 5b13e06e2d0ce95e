// Takes fields off the front of bytes that may be damaged.
#pragma once

#include <cstdint>
#include <string_view>

namespace insula::storage::rocks {

// Each method is false, with nothing taken for granted afterwards, where the bytes end too early. Views are into them.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool Varint(std::uint64_t* value) {
    *value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      *value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool Bytes(std::size_t count, std::string_view* bytes) {
    if (count > rest_.size()) return false;
    *bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
  }
  // A varint and as many bytes.
  bool Sized(std::string_view* bytes) {
    std::uint64_t size = 0;
    return Varint(&size) && Bytes(size, bytes);
  }
  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace insula::storage::rocks
