// Stored items: no bytes make the checker misbehave, and bytes it passes are exactly those the encoder makes.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "model/encoded_item.h"
#include "model/item_size.h"
#include "wire/attribute_value_json.h"

using namespace insula;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (!CheckEncodedItem(bytes).ok()) return 0;
  const EncodedItem item = EncodedItem::FromBytes(bytes);
  const AttributeMap decoded = item.Decode();
  INSULA_CHECK(item.size() == SizeOf(decoded));
  INSULA_CHECK(EncodedItem::From(decoded).bytes() == bytes);
  for (const auto& [name, value] : decoded) INSULA_CHECK(item.Find(name) == value);

  std::string from_tree, from_bytes;
  wire::JsonWriter tree_writer(&from_tree), bytes_writer(&from_bytes);
  wire::WriteItem(decoded, &tree_writer);
  wire::WriteItem(item, &bytes_writer);
  INSULA_CHECK(from_tree == from_bytes);
  return 0;
}
