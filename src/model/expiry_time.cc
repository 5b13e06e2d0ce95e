#include "model/expiry_time.h"

#include <charconv>
#include <chrono>
#include <limits>
#include <string>

#include "base/check.h"
#include "model/encoded_item.h"

namespace insula {

std::int64_t EpochSecond(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::optional<std::int64_t> ExpirySecond(const Number& value) {
  if (value.negative()) return std::nullopt;
  if (const std::optional<std::int64_t> whole = value.ToInt64()) return whole;
  // A fraction of a second is over in the next one.
  const std::string text = value.ToString();
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return std::nullopt;
  std::int64_t second = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + point, second);
  if (parsed.ec != std::errc() || second == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return second + 1;
}

std::optional<std::int64_t> ExpirySecond(std::string_view encoded_item, std::string_view attribute) {
  for (ItemCursor cursor(encoded_item); cursor.remaining() > 0; cursor.SkipValue()) {
    if (cursor.NextName() != attribute) continue;
    std::string_view value = cursor.rest();
    if (static_cast<AttributeType>(value.front()) != AttributeType::kN) return std::nullopt;
    value.remove_prefix(1);
    Number number;
    INSULA_CHECK(Number::TryConsumeOrdered(&value, &number));
    return ExpirySecond(number);
  }
  return std::nullopt;
}

}  // namespace insula
