#include "expression/set_operations.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace insula::expression {
namespace {

// Calls f(elements of set, elements of operand) for the type of set they both are.
template <class F>
auto WithElements(AttributeValue* set, const AttributeValue& operand, const F& f) {
  INSULA_CHECK(set->type() == operand.type());
  if (auto* strings = set->As<StringSet>()) return f(strings->elements, operand.As<StringSet>()->elements);
  if (auto* numbers = set->As<NumberSet>()) return f(numbers->elements, operand.As<NumberSet>()->elements);
  auto* binaries = set->As<BinarySet>();
  INSULA_CHECK(binaries != nullptr);
  return f(binaries->elements, operand.As<BinarySet>()->elements);
}

}  // namespace

void AddElements(AttributeValue* set, const AttributeValue& elements) {
  WithElements(set, elements, [](auto& have, const auto& more) {
    std::decay_t<decltype(have)> merged;
    merged.reserve(have.size() + more.size());
    std::set_union(std::make_move_iterator(have.begin()), std::make_move_iterator(have.end()), more.begin(), more.end(),
                   std::back_inserter(merged));
    have = std::move(merged);
  });
}

bool DeleteElements(AttributeValue* set, const AttributeValue& elements) {
  return WithElements(set, elements, [](auto& have, const auto& gone) {
    std::erase_if(have, [&](const auto& element) { return std::binary_search(gone.begin(), gone.end(), element); });
    return !have.empty();
  });
}

}  // namespace insula::expression
