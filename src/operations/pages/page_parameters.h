// The parameters of Query and Scan, as far as they can be judged without the table.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "expression/expression.h"
#include "model/attribute_value.h"
#include "storage/engine.h"
#include "wire/request.h"

namespace insula::operations {

enum class Select : std::uint8_t { kAllAttributes, kAllProjectedAttributes, kSpecificAttributes, kCount };

struct PageParameters {
  std::string_view table_name;
  std::optional<std::string_view> index_name;
  std::optional<Select> select;
  bool consistent = false;
  bool forward = true;
  std::optional<std::uint64_t> limit;
  std::optional<AttributeMap> exclusive_start_key;
  std::optional<expression::KeyConditionExpression> key_condition;  // a Query's
  std::shared_ptr<const expression::Condition> filter;
  bool legacy_filter = false;  // QueryFilter or ScanFilter
  std::optional<expression::ProjectionList> projection;
  std::optional<storage::Segment> segment;
};

// Everything DynamoDB checks before it looks whether the table exists, in its order.
Result<PageParameters> DecodeQuery(wire::StructureView input);
Result<PageParameters> DecodeScan(wire::StructureView input);
// Of an export's FilterSpecification: a Query's expressions, or a Scan's where it has no KeyConditionExpression.
Result<PageParameters> DecodeExportFilter(wire::StructureView specification);

}  // namespace insula::operations
