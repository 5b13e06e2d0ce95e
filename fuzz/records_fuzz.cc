// Objects of imports and bulk puts: no bytes make reading their records misbehave; what comes of them doesn't depend on
// how the bytes arrive; passing over a record passes over the same one that reading it gives; and an item that is given
// out is one that its own JSON gives again. The first byte says what the object claims to be.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "model/encoded_item.h"
#include "objects/testing/text_reader.h"
#include "transfer/record_reader.h"
#include "wire/attribute_value_json.h"

using namespace insula;
using namespace insula::transfer;

namespace {

constexpr std::size_t kRecordsMax = 200;

const TableDefinition& Definition() {
  static const TableDefinition definition = [] {
    TableDefinition d;
    auto schema = std::make_shared<TableSchema>();
    schema->key = {{{"pk", AttributeType::kS}}, {{"sk", AttributeType::kN}}};
    d.schema = std::move(schema);
    d.attribute_definitions = {{"pk", AttributeType::kS}, {"sk", AttributeType::kN}, {"b", AttributeType::kB}};
    return d;
  }();
  return definition;
}

tenancy::InputFormat FormatOf(std::uint8_t choice) {
  static constexpr const char* kCompressions[] = {"NONE", "GZIP", "ZSTD"};
  tenancy::InputFormat format;
  format.format = choice & 1 ? "CSV" : "DYNAMODB_JSON";
  format.compression = kCompressions[(choice >> 1) % 3];
  if (choice & 16) format.delimiter = ";";
  if (choice & 32) format.headers = {"pk", "sk", "b", "x"};
  return format;
}

std::unique_ptr<RecordReader> Open(std::string_view bytes, std::uint8_t choice, std::size_t at_once) {
  return OpenRecords(std::make_unique<objects::testing::TextReader>(bytes, at_once), FormatOf(choice), Definition(),
                     {.size_max = 4096, .with_conditions = (choice & 8) != 0});
}

// What an item becomes when it is written and read again.
void CheckComesBack(const AttributeMap& item) {
  std::string line = "{\"Item\":";
  wire::JsonWriter writer(&line);
  wire::WriteItem(item, &writer);
  line += "}";
  const Result<AttributeMap> again = ItemFromJson(line);
  INSULA_CHECK(again.ok() && EncodedItem::From(*again).bytes() == EncodedItem::From(item).bytes());
}

// Each record, or what was wrong with it, in words.
std::vector<std::string> ReadAll(std::string_view bytes, std::uint8_t choice, std::size_t at_once) {
  std::vector<std::string> all;
  const auto reader = Open(bytes, choice, at_once);
  while (all.size() < kRecordsMax) {
    const auto next = reader->Next();
    if (!next.ok()) {
      all.push_back("end: " + next.error().message());
      break;
    }
    if (!next->has_value()) break;
    if (!(*next)->ok()) {
      all.push_back((*next)->error().message());
      continue;
    }
    CheckComesBack((**next)->item);
    all.push_back(EncodedItem::From((**next)->item).bytes());
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t choice = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<std::string> whole = ReadAll(bytes, choice, bytes.size() + 1);
  INSULA_CHECK(ReadAll(bytes, choice, 1) == whole);

  const auto reader = Open(bytes, choice, bytes.size() + 1);
  std::size_t passed = 0;
  while (passed < kRecordsMax) {
    const Result<bool> more = reader->Skip();
    if (!more.ok() || !*more) break;
    ++passed;
  }
  const bool ended_badly = !whole.empty() && whole.back().starts_with("end: ");
  INSULA_CHECK(passed == whole.size() - (ended_badly ? 1 : 0));
  return 0;
}
