// Ids that don't convert into one another.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace insula {

// A value of type Rep that means one thing only; Tag is an empty type that names the thing.
template <class Tag, class Rep>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(Rep value) : value_(std::move(value)) {}
  const Rep& value() const { return value_; }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  friend bool operator==(const StrongId&, const StrongId&) = default;

 private:
  Rep value_{};
};

}  // namespace insula

template <class Tag, class Rep>
struct std::hash<insula::StrongId<Tag, Rep>> {
  std::size_t operator()(const insula::StrongId<Tag, Rep>& id) const { return std::hash<Rep>{}(id.value()); }
};
