// CheckEncodedItem: exactly the bytes that EncodedItem::From makes are well-formed, so the check also demands what
// readers don't need: shortest lengths, ascending names and set elements, the right item size.
#include <optional>

#include "model/encoded_item.h"
#include "model/item_size.h"

namespace insula {
namespace {

constexpr int kDepthMax = 64;  // of containers; DynamoDB's limit is 32

// Reads with bounds; the first thing wrong is kept in `problem` and everything after it yields nothing.
class Checker {
 public:
  explicit Checker(std::string_view bytes) : rest_(bytes) {}

  const char* Run() {
    if (TakeByte() != 1) return Fail("unknown version");
    const std::uint64_t size = TakeVarint();
    const std::uint64_t counted = Attributes(0);
    if (problem_ == nullptr && !rest_.empty()) return Fail("bytes after the last attribute");
    if (problem_ == nullptr && size != counted) return Fail("the size is wrong");
    return problem_;
  }

 private:
  const char* Fail(const char* what) {
    if (problem_ == nullptr) problem_ = what;
    rest_ = {};
    return problem_;
  }

  int TakeByte() {
    if (rest_.empty()) {
      Fail("cut short");
      return -1;
    }
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::uint64_t TakeVarint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      const int byte = TakeByte();
      if (byte < 0) return 0;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        if (byte == 0 && shift > 0) Fail("an overlong length");
        return value;
      }
    }
    Fail("an overlong length");
    return 0;
  }

  // Every element takes a byte at least, so a count is bounded by what is left.
  std::uint64_t TakeCount() {
    const std::uint64_t count = TakeVarint();
    if (count > rest_.size()) {
      Fail("cut short");
      return 0;
    }
    return count;
  }

  std::string_view TakeBytes() {
    const std::uint64_t length = TakeVarint();
    if (length > rest_.size()) {
      Fail("cut short");
      return {};
    }
    std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  std::optional<Number> TakeNumber() {
    Number number;
    if (!Number::TryConsumeOrdered(&rest_, &number)) {
      Fail("a malformed number");
      return std::nullopt;
    }
    return number;
  }

  std::uint64_t Attributes(int depth) {
    std::uint64_t size = 0;
    std::optional<std::string_view> previous;
    for (std::uint64_t n = TakeCount(); n > 0 && problem_ == nullptr; --n) {
      const std::string_view name = TakeBytes();
      if (previous && *previous >= name) Fail("names out of order");
      previous = name;
      size += name.size() + Value(depth);
    }
    return size;
  }

  std::uint64_t BytesSet() {
    std::uint64_t size = 0;
    std::optional<std::string_view> previous;
    for (std::uint64_t n = TakeSetCount(); n > 0 && problem_ == nullptr; --n) {
      const std::string_view element = TakeBytes();
      if (previous && *previous >= element) Fail("a set out of order");
      previous = element;
      size += element.size();
    }
    return size;
  }

  std::uint64_t NumberSetSize() {
    std::uint64_t size = 0;
    std::optional<Number> previous;
    for (std::uint64_t n = TakeSetCount(); n > 0 && problem_ == nullptr; --n) {
      const std::optional<Number> element = TakeNumber();
      if (!element) return 0;
      if (previous && *previous >= *element) Fail("a set out of order");
      previous = element;
      size += element->SizeBytes();
    }
    return size;
  }

  std::uint64_t TakeSetCount() {
    const std::uint64_t count = TakeCount();
    if (count == 0) Fail("an empty set");
    return count;
  }

  std::uint64_t Value(int depth) {
    if (depth > kDepthMax) {
      Fail("nested too deep");
      return 0;
    }
    const int type = TakeByte();
    if (type < 0) return 0;
    if (type > static_cast<int>(AttributeType::kM)) {
      Fail("an unknown type");
      return 0;
    }
    switch (static_cast<AttributeType>(type)) {
      case AttributeType::kS:
      case AttributeType::kB:
        return TakeBytes().size();
      case AttributeType::kN: {
        const std::optional<Number> number = TakeNumber();
        return number ? number->SizeBytes() : 0;
      }
      case AttributeType::kBool:
        if (TakeByte() > 1) Fail("a malformed boolean");
        return 1;
      case AttributeType::kNull:
        return 1;
      case AttributeType::kSS:
      case AttributeType::kBS:
        return BytesSet();
      case AttributeType::kNS:
        return NumberSetSize();
      case AttributeType::kL: {
        std::uint64_t size = 3;
        for (std::uint64_t n = TakeCount(); n > 0 && problem_ == nullptr; --n) size += 1 + Value(depth + 1);
        return size;
      }
      case AttributeType::kM: {
        std::string_view ahead = rest_;
        const std::uint64_t count = TakeVarint();
        if (problem_ != nullptr) return 0;
        rest_ = ahead;
        return 3 + count + Attributes(depth + 1);
      }
    }
    return 0;
  }

  std::string_view rest_;
  const char* problem_ = nullptr;
};

}  // namespace

Result<void> CheckEncodedItem(std::string_view bytes) {
  if (const char* problem = Checker(bytes).Run()) {
    return Error(ErrorCode::kCorruption, std::string("Malformed item: ") + problem);
  }
  return {};
}

}  // namespace insula
