#include "operations/items/vector_answer.h"

#include <algorithm>

#include "model/vector_value.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

// Of the two figures that the service reports for one and the same search, the lower and more frequent one.
constexpr double kSearchBytesPerDimension = 17.6;
constexpr double kSearchBytesMin = 1024;
constexpr std::size_t kAnswerBytesMax = 16u << 20;

std::size_t SizeBesideVector(const EncodedItem& item, const TableSchema& schema, const IndexSchema& index) {
  const auto size_of = [&](const std::string& name) {
    std::string_view value = item.FindEncoded(name);
    return value.empty() ? 0 : name.size() + MeasureEncodedValue(&value);
  };
  const std::size_t vector = size_of(index.vector.attribute);
  if (index.projection.type == ProjectionType::kAll) return item.size() - vector;
  std::size_t size = 0;
  for (const std::string& name : ProjectedNames(schema, index)) size += size_of(name);
  return size - vector;
}

// What the answer shows of an item: what the index has of it, the vector as the index has it, as far as it is asked
// for.
AttributeMap Shown(const EncodedItem& item, const TableSchema& schema, const IndexSchema& index,
                   const std::optional<expression::ProjectionList>& projection) {
  AttributeMap shown;
  if (index.projection.type == ProjectionType::kAll && !projection) {
    shown = item.Decode();
  } else if (index.projection.type == ProjectionType::kAll) {
    shown = item.Decode(projection->attributes());
  } else {
    std::vector<std::string> names = ProjectedNames(schema, index);
    if (projection) {
      const std::vector<std::string>& wanted = projection->attributes();
      std::erase_if(names, [&](const std::string& name) { return std::ranges::find(wanted, name) == wanted.end(); });
    }
    shown = item.Decode(names);
  }
  if (AttributeValue* vector = shown.Find(index.vector.attribute)) *vector = ValueOf(VectorFrom(*vector));
  return projection ? projection->Apply(shown) : shown;
}

}  // namespace

double SearchCost(const std::vector<storage::VectorMatch>& matches, const TableSchema& schema,
                  const IndexSchema& index) {
  std::size_t beside = 0;
  for (const storage::VectorMatch& match : matches) beside += SizeBesideVector(match.item, schema, index);
  return std::max(kSearchBytesMin, kSearchBytesPerDimension * index.vector.dimensions + static_cast<double>(beside));
}

Result<std::string> SearchAnswer(const std::vector<storage::VectorMatch>& matches, const TableSchema& schema,
                                 const IndexSchema& index, const std::optional<expression::ProjectionList>& projection,
                                 ReturnCapacity show) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  if (show != ReturnCapacity::kNone) {
    writer.Key("ConsumedCapacity");
    writer.BeginObject();
    writer.DoubleField("VectorSearchRequestBytes", SearchCost(matches, schema, index));
    writer.EndObject();
  }
  writer.Key("SearchResults");
  writer.BeginArray();
  for (const storage::VectorMatch& match : matches) {
    writer.BeginObject();
    writer.Key("Item");
    wire::WriteItem(Shown(match.item, schema, index, projection), &writer);
    writer.DoubleField("Score", ScoreOf(index.vector.distance, match.distance));
    writer.EndObject();
    if (body.size() > kAnswerBytesMax) {
      return ValidationError(
          "The search results exceed the maximum response size of 16 MB. Use a narrower projection or a lower TopK");
    }
  }
  writer.EndArray();
  writer.EndObject();
  return body;
}

}  // namespace insula::operations
