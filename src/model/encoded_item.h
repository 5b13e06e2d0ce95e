// The stored form of an item: becomes JSON without a tree in between, and knows its size without decoding.
//
//   item   := version(1)=1 size(varint: DynamoDB's item size in bytes) count(varint) attribute*
//   attribute := name-length(varint) name value          in byte order of the names
//   value  := type(1: AttributeType) payload
//   payload:  S, B: length(varint) bytes; N: Number::AppendOrdered; BOOL: 1 byte; NULL: nothing;
//             SS, BS: count(varint) (length bytes)*; NS: count(varint) number*;
//             L: count(varint) value*; M: count(varint) attribute*
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "model/attribute_value.h"

namespace insula {

// Owns the bytes of one item. Bytes from storage are checked by Check() when they are read from outside our own
// checksummed blocks; accessors assume a well-formed item.
class EncodedItem {
 public:
  EncodedItem() = default;
  static EncodedItem From(const AttributeMap& item);
  static EncodedItem FromBytes(std::string bytes) { return EncodedItem(std::move(bytes)); }

  const std::string& bytes() const { return bytes_; }
  std::string TakeBytes() && { return std::move(bytes_); }
  std::size_t size() const { return SizeOfBytes(bytes_); }  // DynamoDB's item size in bytes, without decoding
  static std::size_t SizeOfBytes(std::string_view bytes);   // precondition: a well-formed item's, or none
  AttributeMap Decode() const;
  // Only these top-level attributes, in any order given.
  AttributeMap Decode(std::span<const std::string> names) const;
  std::optional<AttributeValue> Find(std::string_view name) const;
  // The encoded value of a top-level attribute (the front of what is returned), or an empty view if there is none.
  std::string_view FindEncoded(std::string_view name) const;
  // The item that has only these top-level attributes, as bytes: nothing is decoded. Precondition: in order, each once.
  EncodedItem Select(std::span<const std::string> names) const;

 private:
  explicit EncodedItem(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// Walks the encoded bytes for writers (JSON) that need no tree.
class ItemCursor {
 public:
  explicit ItemCursor(std::string_view bytes);  // positioned at the first attribute
  std::size_t remaining() const { return remaining_; }
  // Precondition: remaining() > 0. The value is then at the front of rest(): pass it with one of the two below.
  std::string_view NextName();
  std::string_view rest() const { return rest_; }
  void SkipValue();
  void Advance(std::size_t bytes) { rest_.remove_prefix(bytes); }

 private:
  std::string_view rest_;
  std::size_t remaining_ = 0;
};

// Corruption with what is wrong, if `bytes` is not one whole well-formed item.
Result<void> CheckEncodedItem(std::string_view bytes);

void AppendVarint(std::uint64_t value, std::string* out);
std::uint64_t ConsumeVarint(std::string_view* in);  // precondition: well-formed
void AppendEncodedValue(const AttributeValue& value, std::string* out);
AttributeValue ConsumeEncodedValue(std::string_view* in);  // precondition: well-formed
void SkipEncodedValue(std::string_view* in);               // precondition: well-formed
// Skips a value and returns DynamoDB's size of it, as SizeOf gives it. Precondition: well-formed.
std::size_t MeasureEncodedValue(std::string_view* in);

}  // namespace insula
