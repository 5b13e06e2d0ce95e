#include "operations/pages/page_answer.h"

#include "operations/core/read_projection.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {

std::string PageAnswer(const PageParameters& parameters, const storage::Page& page, const TableHandle& table,
                       ReturnCapacity show) {
  std::string body;
  body.reserve(page.bytes * 5 / 4 + 256);
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.IntegerField("Count", static_cast<std::int64_t>(page.count));
  writer.IntegerField("ScannedCount", static_cast<std::int64_t>(page.scanned_count));
  if (parameters.select != Select::kCount) {
    writer.Key("Items");
    writer.BeginArray();
    for (const EncodedItem& item : page.items) WriteProjected(item, parameters.projection, &writer);
    writer.EndArray();
  }
  if (page.last_evaluated_key) {
    writer.Key("LastEvaluatedKey");
    wire::WriteItem(*page.last_evaluated_key, &writer);
  }
  if (show != ReturnCapacity::kNone) {
    writer.Key("ConsumedCapacity");
    table.consumed().Write(show, table.name(), table.schema(), false, &writer);
  }
  writer.EndObject();
  return body;
}

}  // namespace insula::operations
