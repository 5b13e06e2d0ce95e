#include "model/attribute_value.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>

#include "base/check.h"

namespace insula {
namespace {

constexpr std::array<std::string_view, 10> kTypeNames = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"};

bool NameLess(const AttributeMap::Entry& entry, std::string_view name) { return entry.first < name; }

}  // namespace

std::span<const std::string_view> AllNames(AttributeType) { return kTypeNames; }
std::string_view NameOf(AttributeType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

AttributeMap::AttributeMap() = default;
AttributeMap::AttributeMap(std::initializer_list<Entry> entries)
    : AttributeMap(FromUnsorted(std::vector<Entry>(entries))) {}
AttributeMap::AttributeMap(const AttributeMap&) = default;
AttributeMap::AttributeMap(AttributeMap&&) noexcept = default;
AttributeMap& AttributeMap::operator=(const AttributeMap&) = default;
AttributeMap& AttributeMap::operator=(AttributeMap&&) noexcept = default;
AttributeMap::~AttributeMap() = default;

AttributeMap AttributeMap::FromUnsorted(std::vector<Entry> entries) {
  AttributeMap map;
  const auto not_ascending = [](const Entry& a, const Entry& b) { return a.first >= b.first; };
  if (std::adjacent_find(entries.begin(), entries.end(), not_ascending) == entries.end()) {
    map.entries_ = std::move(entries);
    return map;
  }
  // By name, and of equal names the last first; entries themselves are moved once.
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int by_name = entries[a].first.compare(entries[b].first);
    return by_name != 0 ? by_name < 0 : a > b;
  });
  map.entries_.reserve(entries.size());
  for (std::size_t i : order) {
    if (!map.entries_.empty() && map.entries_.back().first == entries[i].first) continue;
    map.entries_.push_back(std::move(entries[i]));
  }
  return map;
}

const AttributeValue* AttributeMap::Find(std::string_view name) const {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), name, NameLess);
  return it != entries_.end() && it->first == name ? &it->second : nullptr;
}

AttributeValue* AttributeMap::Find(std::string_view name) {
  return const_cast<AttributeValue*>(static_cast<const AttributeMap*>(this)->Find(name));
}

void AttributeMap::Set(std::string name, AttributeValue value) {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), name, NameLess);
  if (it != entries_.end() && it->first == name) {
    it->second = std::move(value);
  } else {
    entries_.emplace(it, std::move(name), std::move(value));
  }
}

bool AttributeMap::Erase(std::string_view name) {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), name, NameLess);
  if (it == entries_.end() || it->first != name) return false;
  entries_.erase(it);
  return true;
}

void AttributeMap::SetAll(std::vector<Entry> entries) {
  if (entries.size() < 2) {
    for (Entry& entry : entries) Set(std::move(entry.first), std::move(entry.second));
    return;
  }
  std::vector<Entry> merged;
  merged.reserve(entries_.size() + entries.size());
  auto old = entries_.begin();
  for (Entry& entry : entries) {
    while (old != entries_.end() && old->first < entry.first) merged.push_back(std::move(*old++));
    if (old != entries_.end() && old->first == entry.first) ++old;
    merged.push_back(std::move(entry));
  }
  std::move(old, entries_.end(), std::back_inserter(merged));
  entries_ = std::move(merged);
}

void AttributeMap::EraseAll(const std::vector<std::string_view>& names) {
  auto next = names.begin();
  std::erase_if(entries_, [&](const Entry& entry) {
    while (next != names.end() && *next < entry.first) ++next;
    return next != names.end() && *next == entry.first;
  });
}

std::size_t AttributeMap::size() const { return entries_.size(); }
std::vector<AttributeMap::Entry>::const_iterator AttributeMap::begin() const { return entries_.begin(); }
std::vector<AttributeMap::Entry>::const_iterator AttributeMap::end() const { return entries_.end(); }
std::vector<AttributeMap::Entry>::iterator AttributeMap::begin() { return entries_.begin(); }
std::vector<AttributeMap::Entry>::iterator AttributeMap::end() { return entries_.end(); }
bool AttributeMap::operator==(const AttributeMap&) const = default;

namespace {

struct ValueOrder {
  template <class T>
  std::strong_ordering operator()(const T& a, const T& b) const {
    return a <=> b;
  }
  std::strong_ordering operator()(const StringSet& a, const StringSet& b) const { return a.elements <=> b.elements; }
  std::strong_ordering operator()(const NumberSet& a, const NumberSet& b) const { return a.elements <=> b.elements; }
  std::strong_ordering operator()(const BinarySet& a, const BinarySet& b) const { return a.elements <=> b.elements; }
  std::strong_ordering operator()(const AttributeList& a, const AttributeList& b) const {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(), CompareValues);
  }
  std::strong_ordering operator()(const AttributeMap& a, const AttributeMap& b) const {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                  [](const AttributeMap::Entry& x, const AttributeMap::Entry& y) {
                                                    const std::strong_ordering by_name = x.first <=> y.first;
                                                    return by_name != 0 ? by_name : CompareValues(x.second, y.second);
                                                  });
  }
};

}  // namespace

std::strong_ordering CompareValues(const AttributeValue& a, const AttributeValue& b) {
  if (a.type() != b.type()) return a.type() <=> b.type();
  return std::visit(
      [&](const auto& left) {
        using T = std::decay_t<decltype(left)>;
        return ValueOrder()(left, *b.As<T>());
      },
      a.variant());
}

std::strong_ordering CompareScalars(const AttributeValue& a, const AttributeValue& b) {
  INSULA_CHECK(a.type() == b.type());
  switch (a.type()) {
    case AttributeType::kS:
      return *a.As<std::string>() <=> *b.As<std::string>();
    case AttributeType::kN:
      return *a.As<Number>() <=> *b.As<Number>();
    case AttributeType::kB:
      return *a.As<Binary>() <=> *b.As<Binary>();
    default:
      INSULA_CHECK(!"CompareScalars needs S, N or B");
      return std::strong_ordering::equal;
  }
}

}  // namespace insula
