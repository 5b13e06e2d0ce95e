// Key bytes: whatever decodes encodes to the same bytes, and the order of bytes is the order of keys.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "model/primary_key.h"

namespace {

using namespace insula;

constexpr AttributeType kTypes[] = {AttributeType::kS, AttributeType::kN, AttributeType::kB};

void CheckDecoding(std::string_view bytes) {
  for (AttributeType hash : kTypes) {
    KeySchema schema;
    schema.hash = {{"pk", hash}};
    for (int range = -1; range < 3; ++range) {
      schema.range.clear();
      if (range >= 0) schema.range = {{"sk", kTypes[range]}};
      Result<PrimaryKey> key = DecodeKey(bytes, schema);
      if (key.ok()) INSULA_CHECK(EncodeKey(*key) == bytes);
    }
  }
}

// Makes a scalar of the front of *in.
AttributeValue Scalar(std::string_view* in, AttributeType type) {
  std::size_t length = 0;
  if (!in->empty()) {
    length = std::min<std::size_t>(static_cast<unsigned char>(in->front()), in->size() - 1);
    in->remove_prefix(1);
  }
  const std::string_view bytes = in->substr(0, length);
  in->remove_prefix(length);
  if (type == AttributeType::kS) return AttributeValue::S(std::string(bytes));
  if (type == AttributeType::kB) return AttributeValue::B(std::string(bytes));
  std::string_view number_bytes = bytes;
  Result<Number> number = Number::ConsumeOrdered(&number_bytes);
  if (!number.ok()) number = Number::Parse(bytes);
  return AttributeValue::N(number.ok() ? *number : Number(static_cast<std::int64_t>(length)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  CheckDecoding(in);
  if (in.empty()) return 0;
  const AttributeType hash_type = kTypes[data[0] % 3];
  const AttributeType range_type = kTypes[data[0] / 3 % 3];
  in.remove_prefix(1);
  const AttributeValue hash = Scalar(&in, hash_type);
  const AttributeValue a = Scalar(&in, range_type), b = Scalar(&in, range_type);

  KeySchema schema;
  schema.hash = {{"pk", hash_type}};
  schema.range = {{"sk", range_type}};
  const std::string first = EncodeKey({hash, a}), second = EncodeKey({hash, b});
  INSULA_CHECK((first <=> second) == CompareScalars(a, b));
  Result<PrimaryKey> again = DecodeKey(first, schema);
  INSULA_CHECK(again.ok() && *again == (PrimaryKey{hash, a}));
  std::string prefix;
  AppendHashPrefix(hash, &prefix);
  INSULA_CHECK(first.starts_with(prefix) && second.starts_with(prefix));
  return 0;
}
