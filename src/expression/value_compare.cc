#include "expression/value_compare.h"

#include <algorithm>

#include "expression/operand_checks.h"
#include "expression/text_search.h"

namespace insula::expression {
namespace {

template <class Set, class Element>
bool SetContains(const Set& set, const Element* element) {
  return element != nullptr && std::binary_search(set.elements.begin(), set.elements.end(), *element);
}

// The length of Java's String: a code point beyond the basic plane counts twice.
std::size_t Utf16Length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    length += (byte < 0x80 || byte >= 0xC0) + (byte >= 0xF0);
  }
  return length;
}

}  // namespace

bool Compare(Comparator comparator, const AttributeValue* left, const AttributeValue* right) {
  const bool comparable = left != nullptr && right != nullptr && left->type() == right->type();
  switch (comparator) {
    case Comparator::kEqual:
      return comparable && *left == *right;
    case Comparator::kNotEqual:
      return !(comparable && *left == *right);
    default:
      break;
  }
  if (!comparable || !IsOrderedType(left->type())) return false;
  const auto order = CompareScalars(*left, *right);
  switch (comparator) {
    case Comparator::kLess:
      return order < 0;
    case Comparator::kLessOrEqual:
      return order <= 0;
    case Comparator::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool BeginsWith(const AttributeValue& value, const AttributeValue& prefix) {
  if (const auto* text = value.As<std::string>()) {
    const auto* start = prefix.As<std::string>();
    return start != nullptr && text->starts_with(*start);
  }
  if (const auto* binary = value.As<Binary>()) {
    const auto* start = prefix.As<Binary>();
    return start != nullptr && binary->bytes.starts_with(start->bytes);
  }
  return false;
}

bool Contains(const AttributeValue& container, const AttributeValue& element) {
  switch (container.type()) {
    case AttributeType::kS: {
      const auto* part = element.As<std::string>();
      return part != nullptr && ContainsPart(*container.As<std::string>(), *part);
    }
    case AttributeType::kB: {
      const auto* part = element.As<Binary>();
      return part != nullptr && ContainsPart(container.As<Binary>()->bytes, part->bytes);
    }
    case AttributeType::kSS:
      return SetContains(*container.As<StringSet>(), element.As<std::string>());
    case AttributeType::kNS:
      return SetContains(*container.As<NumberSet>(), element.As<Number>());
    case AttributeType::kBS:
      return SetContains(*container.As<BinarySet>(), element.As<Binary>());
    case AttributeType::kL: {
      const auto& list = *container.As<AttributeList>();
      return std::find(list.begin(), list.end(), element) != list.end();
    }
    default:
      return false;
  }
}

std::optional<std::size_t> SizeFunction(const AttributeValue& value) {
  switch (value.type()) {
    case AttributeType::kS:
      return Utf16Length(*value.As<std::string>());
    case AttributeType::kB:
      return value.As<Binary>()->bytes.size();
    case AttributeType::kSS:
      return value.As<StringSet>()->elements.size();
    case AttributeType::kNS:
      return value.As<NumberSet>()->elements.size();
    case AttributeType::kBS:
      return value.As<BinarySet>()->elements.size();
    case AttributeType::kL:
      return value.As<AttributeList>()->size();
    case AttributeType::kM:
      return value.As<AttributeMap>()->size();
    default:
      return std::nullopt;
  }
}

}  // namespace insula::expression
