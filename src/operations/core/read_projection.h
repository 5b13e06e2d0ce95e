// What a read keeps of an item: ProjectionExpression or AttributesToGet.
#pragma once

#include <optional>

#include "base/result.h"
#include "expression/expression.h"
#include "model/encoded_item.h"
#include "model/table_schema.h"
#include "operations/core/parameters.h"
#include "wire/json_writer.h"
#include "wire/request.h"

namespace insula::operations {

// Both parameters with their checks, in DynamoDB's order. `legacy`: the shape has AttributesToGet. Split in two,
// because the values of a key are checked in between.
Result<void> CheckProjectionParameters(wire::StructureView input, bool legacy);
Result<std::optional<expression::ProjectionList>> DecodeProjection(wire::StructureView input, bool legacy);

// "Key attributes must be scalars …" against the table.
Result<void> CheckProjection(const std::optional<expression::ProjectionList>& projection, const TableSchema& schema);

// The item, or what the projection keeps of it, as an object.
void WriteProjected(const EncodedItem& item, const std::optional<expression::ProjectionList>& projection,
                    wire::JsonWriter* writer);

}  // namespace insula::operations
