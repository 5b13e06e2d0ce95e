// What a request means to do with a table: what its caller's policies are asked.
#pragma once

#include <cstdint>
#include <string_view>

#include "operations/core/named_items.h"

namespace insula::operations {

enum class Access : std::uint8_t { kRead, kWrite };

// What it views outlives the opening of the table.
struct Intent {
  Intent(Access access) : access(access) {}  // NOLINT: implicit by design
  Intent(Access access, const ItemNamer& items) : access(access), items(&items) {}
  Intent(Access access, std::string_view action, const ItemNamer& items)
      : access(access), action(action), items(&items) {}

  Access access;
  std::string_view action{};         // the permission ("PutItem"); empty: the operation's own
  std::string_view index{};          // the index that is read; empty: the table itself
  const ItemNamer* items = nullptr;  // nullptr: none in particular
};

}  // namespace insula::operations
