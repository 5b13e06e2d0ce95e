#include "model/item_size.h"

#include <algorithm>

namespace insula {
namespace {

struct SizeOfValue {
  std::size_t operator()(const std::string& s) const { return s.size(); }
  std::size_t operator()(const Number& n) const { return n.SizeBytes(); }
  std::size_t operator()(const Binary& b) const { return b.bytes.size(); }
  std::size_t operator()(bool) const { return 1; }
  std::size_t operator()(const Null&) const { return 1; }
  std::size_t operator()(const StringSet& set) const { return SumOf(set.elements); }
  std::size_t operator()(const NumberSet& set) const { return SumOf(set.elements); }
  std::size_t operator()(const BinarySet& set) const { return SumOf(set.elements); }
  std::size_t operator()(const AttributeList& list) const {
    std::size_t sum = kContainerOverhead;
    for (const AttributeValue& element : list) sum += kElementOverhead + SizeOf(element);
    return sum;
  }
  std::size_t operator()(const AttributeMap& map) const {
    return kContainerOverhead + kElementOverhead * map.size() + SizeOf(map);
  }

  template <class T>
  std::size_t SumOf(const std::vector<T>& elements) const {
    std::size_t sum = 0;
    for (const T& element : elements) sum += (*this)(element);
    return sum;
  }
};

std::int64_t Steps(std::size_t bytes, std::size_t step) {
  return static_cast<std::int64_t>(std::max<std::size_t>(1, (bytes + step - 1) / step));
}

}  // namespace

std::size_t SizeOf(const AttributeValue& value) { return std::visit(SizeOfValue(), value.variant()); }

std::size_t SizeOf(const AttributeMap& item) {
  std::size_t sum = 0;
  for (const auto& [name, value] : item) sum += name.size() + SizeOf(value);
  return sum;
}

HalfUnits ReadCost(std::size_t bytes, bool consistent) { return HalfUnits(Steps(bytes, 4096) * (consistent ? 2 : 1)); }

HalfUnits WriteCost(std::size_t bytes) { return HalfUnits(Steps(bytes, 1024) * 2); }

}  // namespace insula
