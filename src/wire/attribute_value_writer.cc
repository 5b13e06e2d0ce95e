// WriteValue and WriteItem: attribute values as DynamoDB's JSON, from the tree and from stored bytes.
#include <array>

#include "base/check.h"
#include "wire/attribute_value_json.h"

namespace insula::wire {
namespace {

// By AttributeType; the name needs no escaping.
constexpr std::array<std::string_view, 10> kQuotedTypes = {
    "\"S\":", "\"N\":", "\"B\":", "\"BOOL\":", "\"NULL\":", "\"SS\":", "\"NS\":", "\"BS\":", "\"L\":", "\"M\":"};

void WriteNumber(const Number& number, JsonWriter* writer) {
  writer->BeginQuoted();
  number.AppendTo(writer->out());
  writer->EndQuoted();
}

struct WritePayload {
  JsonWriter* writer;

  void operator()(const std::string& s) const { writer->String(s); }
  void operator()(const Number& n) const { WriteNumber(n, writer); }
  void operator()(const Binary& b) const { writer->Base64(b.bytes); }
  void operator()(bool b) const { writer->Boolean(b); }
  void operator()(const Null&) const { writer->Boolean(true); }
  void operator()(const StringSet& set) const { Elements(set.elements); }
  void operator()(const NumberSet& set) const { Elements(set.elements); }
  void operator()(const BinarySet& set) const { Elements(set.elements); }
  void operator()(const AttributeList& list) const {
    writer->BeginArray();
    for (const AttributeValue& value : list) WriteValue(value, writer);
    writer->EndArray();
  }
  void operator()(const AttributeMap& map) const { WriteItem(map, writer); }

  template <class T>
  void Elements(const std::vector<T>& elements) const {
    writer->BeginArray();
    for (const T& element : elements) (*this)(element);
    writer->EndArray();
  }
};

std::string_view ConsumeBytes(std::string_view* in) {
  const std::size_t length = ConsumeVarint(in);
  const std::string_view bytes = in->substr(0, length);
  in->remove_prefix(length);
  return bytes;
}

void WriteEncodedNumber(std::string_view* in, JsonWriter* writer) {
  Number number;
  INSULA_CHECK(Number::TryConsumeOrdered(in, &number));
  WriteNumber(number, writer);
}

void WriteEncodedAttributes(std::string_view* in, std::size_t count, JsonWriter* writer);

template <class WriteElement>
void WriteEncodedElements(std::string_view* in, JsonWriter* writer, WriteElement write) {
  writer->BeginArray();
  for (std::size_t n = ConsumeVarint(in); n > 0; --n) write();
  writer->EndArray();
}

void WriteEncodedValue(std::string_view* in, JsonWriter* writer) {
  const auto type = static_cast<AttributeType>(in->front());
  in->remove_prefix(1);
  writer->BeginObject();
  writer->QuotedKey(kQuotedTypes[static_cast<std::size_t>(type)]);
  switch (type) {
    case AttributeType::kS:
      writer->String(ConsumeBytes(in));
      break;
    case AttributeType::kN:
      WriteEncodedNumber(in, writer);
      break;
    case AttributeType::kB:
      writer->Base64(ConsumeBytes(in));
      break;
    case AttributeType::kBool:
      writer->Boolean(in->front() != 0);
      in->remove_prefix(1);
      break;
    case AttributeType::kNull:
      writer->Boolean(true);
      break;
    case AttributeType::kSS:
      WriteEncodedElements(in, writer, [&] { writer->String(ConsumeBytes(in)); });
      break;
    case AttributeType::kNS:
      WriteEncodedElements(in, writer, [&] { WriteEncodedNumber(in, writer); });
      break;
    case AttributeType::kBS:
      WriteEncodedElements(in, writer, [&] { writer->Base64(ConsumeBytes(in)); });
      break;
    case AttributeType::kL:
      WriteEncodedElements(in, writer, [&] { WriteEncodedValue(in, writer); });
      break;
    case AttributeType::kM:
      WriteEncodedAttributes(in, ConsumeVarint(in), writer);
      break;
  }
  writer->EndObject();
}

void WriteEncodedAttributes(std::string_view* in, std::size_t count, JsonWriter* writer) {
  writer->BeginObject();
  for (; count > 0; --count) {
    writer->Key(ConsumeBytes(in));
    WriteEncodedValue(in, writer);
  }
  writer->EndObject();
}

std::size_t EncodedAttributesSize(std::string_view* in, std::size_t count);

// Of a list: its brackets, its elements, and the commas between them.
template <class ElementSize>
std::size_t EncodedElementsSize(std::string_view* in, ElementSize element_size) {
  const std::size_t count = ConsumeVarint(in);
  std::size_t size = 2 + (count > 0 ? count - 1 : 0);
  for (std::size_t n = count; n > 0; --n) size += element_size();
  return size;
}

std::size_t Base64Size(std::size_t bytes) { return 2 + (bytes + 2) / 3 * 4; }

std::size_t EncodedNumberSize(std::string_view* in) {
  Number number;
  INSULA_CHECK(Number::TryConsumeOrdered(in, &number));
  return 2 + number.ToString().size();
}

std::size_t EncodedValueSize(std::string_view* in) {
  const auto type = static_cast<AttributeType>(in->front());
  in->remove_prefix(1);
  std::size_t size = 2 + kQuotedTypes[static_cast<std::size_t>(type)].size();
  switch (type) {
    case AttributeType::kS:
      return size + QuotedSizeOf(ConsumeBytes(in));
    case AttributeType::kN:
      return size + EncodedNumberSize(in);
    case AttributeType::kB:
      return size + Base64Size(ConsumeBytes(in).size());
    case AttributeType::kBool:
      size += in->front() != 0 ? 4 : 5;
      in->remove_prefix(1);
      return size;
    case AttributeType::kNull:
      return size + 4;
    case AttributeType::kSS:
      return size + EncodedElementsSize(in, [&] { return QuotedSizeOf(ConsumeBytes(in)); });
    case AttributeType::kNS:
      return size + EncodedElementsSize(in, [&] { return EncodedNumberSize(in); });
    case AttributeType::kBS:
      return size + EncodedElementsSize(in, [&] { return Base64Size(ConsumeBytes(in).size()); });
    case AttributeType::kL:
      return size + EncodedElementsSize(in, [&] { return EncodedValueSize(in); });
    case AttributeType::kM:
      return size + EncodedAttributesSize(in, ConsumeVarint(in));
  }
  return size;
}

std::size_t EncodedAttributesSize(std::string_view* in, std::size_t count) {
  std::size_t size = 2 + (count > 0 ? count - 1 : 0);
  for (; count > 0; --count) {
    size += QuotedSizeOf(ConsumeBytes(in)) + 1;
    size += EncodedValueSize(in);
  }
  return size;
}

}  // namespace

void WriteValue(const AttributeValue& value, JsonWriter* writer) {
  writer->BeginObject();
  writer->QuotedKey(kQuotedTypes[static_cast<std::size_t>(value.type())]);
  std::visit(WritePayload{writer}, value.variant());
  writer->EndObject();
}

void WriteItem(const AttributeMap& item, JsonWriter* writer) {
  writer->BeginObject();
  for (const auto& [name, value] : item) {
    writer->Key(name);
    WriteValue(value, writer);
  }
  writer->EndObject();
}

void WriteItem(const EncodedItem& item, JsonWriter* writer) {
  const ItemCursor cursor(item.bytes());
  std::string_view rest = cursor.rest();
  WriteEncodedAttributes(&rest, cursor.remaining(), writer);
}

std::size_t JsonSizeOf(const EncodedItem& item) {
  const ItemCursor cursor(item.bytes());
  std::string_view rest = cursor.rest();
  return EncodedAttributesSize(&rest, cursor.remaining());
}

void WriteKey(const PrimaryKey& key, const KeySchema& schema, JsonWriter* writer) {
  AttributeMap attributes;
  AddKeyTo(&attributes, key, schema);
  WriteItem(attributes, writer);
}

}  // namespace insula::wire
