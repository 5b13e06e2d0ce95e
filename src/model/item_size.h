// Item size and capacity-unit arithmetic.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
#pragma once

#include <cstdint>

#include "model/attribute_value.h"

namespace insula {

// Bytes DynamoDB counts: names in UTF-8 plus values; lists and maps cost 3 plus 1 per element.
std::size_t SizeOf(const AttributeValue& value);
std::size_t SizeOf(const AttributeMap& item);

inline constexpr std::size_t kContainerOverhead = 3;  // of a list or map
inline constexpr std::size_t kElementOverhead = 1;    // of each of its elements
inline constexpr std::size_t kItemSizeMax = std::size_t{400} * 1024;
// What DynamoDB says of an update that would make an item larger.
inline constexpr const char* kUpdatedItemTooLarge = "Item size to update has exceeded the maximum allowed size";

// Capacity in half units: an eventually consistent read of up to 4 KB is 1, a consistent one 2, a write of up
// to 1 KB 2. Integers all the way; shown to clients as units.
class HalfUnits {
 public:
  constexpr HalfUnits() = default;
  constexpr explicit HalfUnits(std::int64_t halves) : halves_(halves) {}
  constexpr std::int64_t value() const { return halves_; }
  constexpr double units() const { return static_cast<double>(halves_) / 2; }
  constexpr HalfUnits& operator+=(HalfUnits other) {
    halves_ += other.halves_;
    return *this;
  }
  friend constexpr HalfUnits operator+(HalfUnits a, HalfUnits b) { return HalfUnits(a.halves_ + b.halves_); }
  friend constexpr HalfUnits operator*(HalfUnits a, std::int64_t n) { return HalfUnits(a.halves_ * n); }
  friend constexpr auto operator<=>(HalfUnits, HalfUnits) = default;

 private:
  std::int64_t halves_ = 0;
};

// Cost of reading `bytes` in one go (one item, or the sum of a page): 4 KB steps, at least one.
HalfUnits ReadCost(std::size_t bytes, bool consistent);
// Cost of writing an item of `bytes` (the larger of before and after): 1 KB steps, at least one.
HalfUnits WriteCost(std::size_t bytes);
// Transactional reads and writes cost twice.

// Writing an entry of a vector index costs its bytes, but at least these.
inline constexpr std::size_t kVectorWriteMin = 1024;

}  // namespace insula
