// The names of an enum's values: one table, used in both directions.
//
// An enum with names has beside it, found by its namespace:
//   std::span<const std::string_view> AllNames(TableStatus);  // in the enum's order; the argument only chooses
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/check.h"

namespace insula {

// The value's name. Precondition: it is one of the enum's values.
template <class Enum>
std::string_view NameFromTable(Enum value) {
  const std::span<const std::string_view> names = AllNames(value);
  INSULA_CHECK(static_cast<std::size_t>(value) < names.size());
  return names[static_cast<std::size_t>(value)];
}

// The value of this name; nullopt: there is none.
template <class Enum>
std::optional<Enum> FromName(std::string_view name) {
  const std::span<const std::string_view> names = AllNames(Enum{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace insula
