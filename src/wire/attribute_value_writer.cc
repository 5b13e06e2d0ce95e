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

void WriteKey(const PrimaryKey& key, const KeySchema& schema, JsonWriter* writer) {
  AttributeMap attributes;
  AddKeyTo(&attributes, key, schema);
  WriteItem(attributes, writer);
}

}  // namespace insula::wire
