// Document paths: where in an item a value is, by attribute name, map key and list index.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/attribute_value.h"

namespace insula::expression {

inline constexpr std::size_t kPathElementsMax = 32;

// One step of a path: a name (of an attribute or a map's key) or the index of a list's element.
struct PathElement {
  std::variant<std::string, std::uint32_t> step;

  PathElement(std::string name) : step(std::move(name)) {}    // NOLINT: implicit by design
  PathElement(const char* name) : step(std::string(name)) {}  // NOLINT: implicit by design
  PathElement(std::uint32_t index) : step(index) {}           // NOLINT: implicit by design

  bool is_index() const { return step.index() == 1; }
  const std::string& name() const { return *std::get_if<0>(&step); }  // precondition: not an index
  std::uint32_t index() const { return *std::get_if<1>(&step); }      // precondition: an index

  auto operator<=>(const PathElement&) const = default;
  bool operator==(const PathElement&) const = default;
};

// Starts with a name, the top-level attribute; never empty.
using DocumentPath = std::vector<PathElement>;

// As DynamoDB's messages show a path: "[a, [1], b]".
std::string ToString(const DocumentPath& path);

// The value at `path`, or nullptr where the item has none there.
const AttributeValue* FindValue(const AttributeMap& item, const DocumentPath& path);

}  // namespace insula::expression
