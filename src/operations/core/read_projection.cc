#include "operations/core/read_projection.h"

#include "operations/core/key_checks.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {

Result<void> CheckProjectionParameters(wire::StructureView input, bool legacy) {
  if (!legacy) return CheckExpressionParameters(input, {"ProjectionExpression"}, {});
  return CheckExpressionParameters(input, {"ProjectionExpression"}, {"AttributesToGet"});
}

Result<std::optional<expression::ProjectionList>> DecodeProjection(wire::StructureView input, bool legacy) {
  if (legacy && input.Has("AttributesToGet")) return AttributesToGetOf(input);
  if (!input.Has("ProjectionExpression")) return std::optional<expression::ProjectionList>();
  INSULA_ASSIGN(expression::Placeholders placeholders, PlaceholdersOf(input));
  INSULA_ASSIGN(std::optional<expression::ProjectionList> projection, ProjectionOf(input, placeholders));
  INSULA_TRY(placeholders.CheckAllUsed());
  return projection;
}

Result<void> CheckProjection(const std::optional<expression::ProjectionList>& projection, const TableSchema& schema) {
  return projection ? CheckNoNestedKey(projection->nested_attributes(), schema) : Result<void>();
}

void WriteProjected(const EncodedItem& item, const std::optional<expression::ProjectionList>& projection,
                    wire::JsonWriter* writer) {
  if (projection) {
    wire::WriteItem(projection->Apply(item), writer);
  } else {
    wire::WriteItem(item, writer);
  }
}

}  // namespace insula::operations
