#include "model/encoded_item.h"

#include <algorithm>

#include "base/check.h"
#include "model/item_size.h"

namespace insula {
namespace {

constexpr char kVersion = 1;

std::string_view Take(std::size_t count, std::string_view* in) {
  std::string_view taken = in->substr(0, count);
  in->remove_prefix(count);
  return taken;
}

std::string_view ConsumeBytes(std::string_view* in) {
  const std::size_t length = ConsumeVarint(in);
  return Take(length, in);
}

void AppendBytes(std::string_view bytes, std::string* out) {
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

void AppendAttributes(const AttributeMap& map, std::string* out) {
  AppendVarint(map.size(), out);
  for (const auto& [name, value] : map) {
    AppendBytes(name, out);
    AppendEncodedValue(value, out);
  }
}

struct AppendPayload {
  std::string* out;

  void operator()(const std::string& s) const { AppendBytes(s, out); }
  void operator()(const Number& n) const { n.AppendOrdered(out); }
  void operator()(const Binary& b) const { AppendBytes(b.bytes, out); }
  void operator()(bool b) const { out->push_back(b ? 1 : 0); }
  void operator()(const Null&) const {}
  void operator()(const StringSet& set) const { Elements(set.elements); }
  void operator()(const NumberSet& set) const { Elements(set.elements); }
  void operator()(const BinarySet& set) const { Elements(set.elements); }
  void operator()(const AttributeList& list) const {
    AppendVarint(list.size(), out);
    for (const AttributeValue& value : list) AppendEncodedValue(value, out);
  }
  void operator()(const AttributeMap& map) const { AppendAttributes(map, out); }

  template <class T>
  void Elements(const std::vector<T>& elements) const {
    AppendVarint(elements.size(), out);
    for (const T& element : elements) (*this)(element);
  }
};

Number ConsumeNumber(std::string_view* in) {
  Number number;
  INSULA_CHECK(Number::TryConsumeOrdered(in, &number));
  return number;
}

AttributeMap ConsumeAttributes(std::string_view* in) {
  const std::size_t count = ConsumeVarint(in);
  std::vector<AttributeMap::Entry> entries;
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::string name(ConsumeBytes(in));
    entries.emplace_back(std::move(name), ConsumeEncodedValue(in));
  }
  return AttributeMap::FromUnsorted(std::move(entries));  // sorted already: one comparison each
}

}  // namespace

void AppendVarint(std::uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

std::uint64_t ConsumeVarint(std::string_view* in) {
  std::uint64_t value = 0;
  int shift = 0;
  std::size_t i = 0;
  while (i < in->size()) {
    const auto byte = static_cast<unsigned char>((*in)[i++]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
    shift += 7;
  }
  in->remove_prefix(i);
  return value;
}

void AppendEncodedValue(const AttributeValue& value, std::string* out) {
  out->push_back(static_cast<char>(value.type()));
  std::visit(AppendPayload{out}, value.variant());
}

AttributeValue ConsumeEncodedValue(std::string_view* in) {
  const auto type = static_cast<AttributeType>(Take(1, in).front());
  switch (type) {
    case AttributeType::kS:
      return AttributeValue::S(std::string(ConsumeBytes(in)));
    case AttributeType::kN:
      return AttributeValue::N(ConsumeNumber(in));
    case AttributeType::kB:
      return AttributeValue::B(std::string(ConsumeBytes(in)));
    case AttributeType::kBool:
      return AttributeValue::Bool(Take(1, in).front() != 0);
    case AttributeType::kNull:
      return AttributeValue::NullValue();
    case AttributeType::kSS: {
      StringSet set;
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) set.elements.emplace_back(ConsumeBytes(in));
      return AttributeValue(AttributeValue::Variant(std::move(set)));
    }
    case AttributeType::kNS: {
      NumberSet set;
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) set.elements.push_back(ConsumeNumber(in));
      return AttributeValue(AttributeValue::Variant(std::move(set)));
    }
    case AttributeType::kBS: {
      BinarySet set;
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) set.elements.push_back({std::string(ConsumeBytes(in))});
      return AttributeValue(AttributeValue::Variant(std::move(set)));
    }
    case AttributeType::kL: {
      const std::size_t count = ConsumeVarint(in);
      AttributeList list;
      list.reserve(count);
      for (std::size_t i = 0; i < count; ++i) list.push_back(ConsumeEncodedValue(in));
      return AttributeValue::L(std::move(list));
    }
    case AttributeType::kM:
      return AttributeValue::M(ConsumeAttributes(in));
  }
  INSULA_CHECK(!"a stored value has an unknown type");
  return AttributeValue();
}

void SkipEncodedValue(std::string_view* in) {
  const auto type = static_cast<AttributeType>(Take(1, in).front());
  switch (type) {
    case AttributeType::kS:
    case AttributeType::kB:
      ConsumeBytes(in);
      return;
    case AttributeType::kN:
      ConsumeNumber(in);
      return;
    case AttributeType::kBool:
      in->remove_prefix(1);
      return;
    case AttributeType::kNull:
      return;
    case AttributeType::kSS:
    case AttributeType::kBS:
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) ConsumeBytes(in);
      return;
    case AttributeType::kNS:
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) ConsumeNumber(in);
      return;
    case AttributeType::kL:
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) SkipEncodedValue(in);
      return;
    case AttributeType::kM:
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) {
        ConsumeBytes(in);
        SkipEncodedValue(in);
      }
      return;
  }
  INSULA_CHECK(!"a stored value has an unknown type");
}

std::size_t MeasureEncodedValue(std::string_view* in) {
  const auto type = static_cast<AttributeType>(Take(1, in).front());
  std::size_t size = 0;
  switch (type) {
    case AttributeType::kS:
    case AttributeType::kB:
      return ConsumeBytes(in).size();
    case AttributeType::kN:
      return ConsumeNumber(in).SizeBytes();
    case AttributeType::kBool:
      in->remove_prefix(1);
      return 1;
    case AttributeType::kNull:
      return 1;
    case AttributeType::kSS:
    case AttributeType::kBS:
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) size += ConsumeBytes(in).size();
      return size;
    case AttributeType::kNS:
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) size += ConsumeNumber(in).SizeBytes();
      return size;
    case AttributeType::kL:
      size = kContainerOverhead;
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) size += kElementOverhead + MeasureEncodedValue(in);
      return size;
    case AttributeType::kM:
      size = kContainerOverhead;
      for (std::size_t n = ConsumeVarint(in); n > 0; --n) {
        size += kElementOverhead + ConsumeBytes(in).size();
        size += MeasureEncodedValue(in);
      }
      return size;
  }
  INSULA_CHECK(!"a stored value has an unknown type");
  return 0;
}

EncodedItem EncodedItem::From(const AttributeMap& item) {
  const std::size_t size = SizeOf(item);
  std::string bytes;
  bytes.reserve(size + 8 * item.size() + 16);
  bytes.push_back(kVersion);
  AppendVarint(size, &bytes);
  AppendAttributes(item, &bytes);
  return EncodedItem(std::move(bytes));
}

std::size_t EncodedItem::SizeOfBytes(std::string_view bytes) {
  if (bytes.empty()) return 0;
  bytes.remove_prefix(1);
  return ConsumeVarint(&bytes);
}

AttributeMap EncodedItem::Decode() const {
  std::string_view in(bytes_);
  if (in.empty()) return {};
  in.remove_prefix(1);
  ConsumeVarint(&in);
  return ConsumeAttributes(&in);
}

AttributeMap EncodedItem::Decode(std::span<const std::string> names) const {
  // Both lists in order are gone through once, however long they are.
  std::vector<std::string_view> wanted(names.begin(), names.end());
  if (!std::is_sorted(wanted.begin(), wanted.end())) std::sort(wanted.begin(), wanted.end());
  std::vector<AttributeMap::Entry> entries;
  ItemCursor cursor(bytes_);
  for (auto next = wanted.begin(); cursor.remaining() > 0;) {
    const std::string_view name = cursor.NextName();
    while (next != wanted.end() && *next < name) ++next;
    if (next == wanted.end()) break;
    if (*next != name) {
      cursor.SkipValue();
      continue;
    }
    std::string_view rest = cursor.rest();
    entries.emplace_back(std::string(name), ConsumeEncodedValue(&rest));
    cursor.Advance(cursor.rest().size() - rest.size());
  }
  return AttributeMap::FromUnsorted(std::move(entries));
}

std::optional<AttributeValue> EncodedItem::Find(std::string_view name) const {
  ItemCursor cursor(bytes_);
  while (cursor.remaining() > 0) {
    const int order = cursor.NextName().compare(name);
    if (order == 0) {
      std::string_view rest = cursor.rest();
      return ConsumeEncodedValue(&rest);
    }
    if (order > 0) return std::nullopt;
    cursor.SkipValue();
  }
  return std::nullopt;
}

std::string_view EncodedItem::FindEncoded(std::string_view name) const {
  ItemCursor cursor(bytes_);
  while (cursor.remaining() > 0) {
    const int order = cursor.NextName().compare(name);
    if (order == 0) return cursor.rest();
    if (order > 0) return {};
    cursor.SkipValue();
  }
  return {};
}

EncodedItem EncodedItem::Select(std::span<const std::string> names) const {
  std::string attributes;
  std::size_t size = 0;
  std::size_t count = 0;
  ItemCursor cursor(bytes_);
  for (auto next = names.begin(); cursor.remaining() > 0 && next != names.end();) {
    const std::string_view name = cursor.NextName();
    while (next != names.end() && *next < name) ++next;
    if (next == names.end()) break;
    if (*next != name) {
      cursor.SkipValue();
      continue;
    }
    std::string_view rest = cursor.rest();
    size += name.size() + MeasureEncodedValue(&rest);
    const std::size_t length = cursor.rest().size() - rest.size();
    AppendBytes(name, &attributes);
    attributes.append(cursor.rest().substr(0, length));
    cursor.Advance(length);
    ++count;
  }
  std::string bytes;
  bytes.reserve(attributes.size() + 12);
  bytes.push_back(kVersion);
  AppendVarint(size, &bytes);
  AppendVarint(count, &bytes);
  bytes += attributes;
  return EncodedItem(std::move(bytes));
}

ItemCursor::ItemCursor(std::string_view bytes) : rest_(bytes) {
  if (rest_.empty()) return;
  rest_.remove_prefix(1);
  ConsumeVarint(&rest_);
  remaining_ = ConsumeVarint(&rest_);
}

std::string_view ItemCursor::NextName() {
  INSULA_CHECK(remaining_ > 0);
  --remaining_;
  return ConsumeBytes(&rest_);
}

void ItemCursor::SkipValue() { SkipEncodedValue(&rest_); }

}  // namespace insula
