// When an item expires: the rules of time to live.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "model/number.h"

namespace insula {

// An item whose time lies further back is left alone: such a number was hardly meant as a time.
inline constexpr std::int64_t kExpiredSecondsMax = 5LL * 365 * 24 * 3600;

// Seconds since 1970, whole ones gone by.
std::int64_t EpochSecond(WallTime time);

// The first second since 1970 in which an item with this value has expired; nullopt if that is in no second that counts
// (before 1970, or beyond 64 bits).
std::optional<std::int64_t> ExpirySecond(const Number& value);

// The same of a stored item (encoded_item.h) by its top-level attribute of this name; nullopt, too, if it has none or
// its type isn't N. Precondition: well-formed.
std::optional<std::int64_t> ExpirySecond(std::string_view encoded_item, std::string_view attribute);

}  // namespace insula
