#include "operations/pages/page_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expression/legacy.h"
#include "operations/core/parameters.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

using wire::StructureView;

std::optional<Select> SelectOf(StructureView input) {
  std::optional<std::string_view> name = input.String("Select");
  if (!name) return std::nullopt;
  if (*name == "ALL_ATTRIBUTES") return Select::kAllAttributes;
  if (*name == "ALL_PROJECTED_ATTRIBUTES") return Select::kAllProjectedAttributes;
  return *name == "COUNT" ? Select::kCount : Select::kSpecificAttributes;
}

std::string_view SpelledOut(Select select) {
  switch (select) {
    case Select::kAllAttributes:
      return "ALL_ATTRIBUTES";
    case Select::kAllProjectedAttributes:
      return "ALL_PROJECTED_ATTRIBUTES";
    case Select::kCount:
      return "only the Count";
    case Select::kSpecificAttributes:
      return "SPECIFIC_ATTRIBUTES";
  }
  return {};
}

// What Select says against the projection and the index. `prefix` is what the operation's front end begins with.
Result<void> CheckSelect(StructureView input, std::string_view prefix) {
  std::optional<Select> select = SelectOf(input);
  if (!select) return {};
  bool names = input.Has("AttributesToGet");
  bool expression = input.Has("ProjectionExpression");
  if (*select == Select::kSpecificAttributes) {
    if (names || expression) return {};
    return ValidationError(
        fmt::format("{}Must specify the AttributesToGet or ProjectionExpression when choosing to get "
                    "SPECIFIC_ATTRIBUTES",
                    prefix));
  }
  if (names || expression) {
    return ValidationError(fmt::format("{}Cannot specify the {} when choosing to get {}", prefix,
                                       names ? "AttributesToGet" : "ProjectionExpression", SpelledOut(*select)));
  }
  if (*select == Select::kAllProjectedAttributes && !input.Has("IndexName")) {
    return ValidationError(
        fmt::format("{}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName", prefix));
  }
  return {};
}

// DynamoDB says where an invalid value was only for some of the reasons.
Error InStartingKey(const Error& error) {
  static constexpr std::string_view kBare[] = {"contains duplicates", "number set", "numeric value",
                                               "significant digits", "number with magnitude"};
  bool bare = std::ranges::any_of(
      kBare, [&](std::string_view part) { return error.message().find(part) != std::string::npos; });
  return bare ? error : ValidationError("The provided starting key is invalid: " + error.message());
}

Result<void> DecodeStartKey(StructureView input, PageParameters* parameters) {
  wire::JsonValue json = input.Json("ExclusiveStartKey");
  if (json.is_null()) return {};
  Result<AttributeMap> key = wire::DecodeItem(json, input.values());
  if (!key.ok()) return InStartingKey(key.error());
  parameters->exclusive_start_key = std::move(key).value();
  return {};
}

Result<void> DecodeLegacyFilter(StructureView input, std::string_view field, PageParameters* parameters) {
  INSULA_ASSIGN(auto conditions, LegacyConditionsOf(input, field));
  if (!conditions || conditions->empty()) return {};
  INSULA_ASSIGN(expression::Condition filter, expression::FromFilter(*conditions, ConditionalOperatorOf(input)));
  parameters->filter = std::make_shared<const expression::Condition>(std::move(filter));
  parameters->legacy_filter = true;
  return {};
}

Result<void> DecodeAttributesToGet(StructureView input, PageParameters* parameters) {
  INSULA_ASSIGN(auto projection, AttributesToGetOf(input));
  if (projection) parameters->projection = std::move(projection);
  return {};
}

// Segment and TotalSegments come together or not at all.
Result<void> DecodeSegment(StructureView input, PageParameters* parameters) {
  std::optional<std::int64_t> number = input.Integer("Segment");
  std::optional<std::int64_t> total = input.Integer("TotalSegments");
  if (!number && !total) return {};
  if (!total) {
    return ValidationError(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
  }
  if (!number) {
    return ValidationError(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
  }
  if (*number >= *total) {
    return ValidationError(fmt::format(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {} is not less "
        "than TotalSegments: {}",
        *number, *total));
  }
  parameters->segment = storage::Segment{static_cast<std::uint32_t>(*number), static_cast<std::uint32_t>(*total)};
  return {};
}

// All expressions with their placeholders; a Query's key condition first.
Result<void> DecodeExpressions(StructureView input, bool query, PageParameters* parameters) {
  INSULA_ASSIGN(expression::Placeholders placeholders, PlaceholdersOf(input));
  if (query) {
    if (auto text = input.String("KeyConditionExpression")) {
      INSULA_ASSIGN(parameters->key_condition, expression::KeyConditionExpression::Parse(*text, placeholders));
    }
  }
  INSULA_ASSIGN(auto filter, ConditionOf(input, "FilterExpression", placeholders));
  if (filter) parameters->filter = std::move(filter);
  INSULA_ASSIGN(auto projection, ProjectionOf(input, placeholders));
  if (projection) parameters->projection = std::move(projection);
  return placeholders.CheckAllUsed();
}

Result<void> DecodeKeyConditions(StructureView input, PageParameters* parameters) {
  if (parameters->key_condition) return parameters->key_condition->Validate();
  INSULA_ASSIGN(auto conditions, LegacyConditionsOf(input, "KeyConditions"));
  INSULA_ASSIGN(parameters->key_condition, expression::FromKeyConditions(*conditions));
  return {};
}

PageParameters Common(StructureView input) {
  PageParameters parameters;
  parameters.table_name = *input.String("TableName");
  parameters.index_name = input.String("IndexName");
  parameters.select = SelectOf(input);
  parameters.consistent = input.Boolean("ConsistentRead").value_or(false);
  if (auto limit = input.Integer("Limit")) parameters.limit = static_cast<std::uint64_t>(*limit);
  return parameters;
}

}  // namespace

Result<PageParameters> DecodeQuery(StructureView input) {
  PageParameters parameters = Common(input);
  parameters.forward = input.Boolean("ScanIndexForward").value_or(true);
  INSULA_TRY(CheckSelect(input, "1 validation error detected: "));
  INSULA_TRY(CheckExpressionParameters(input, {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
                                       {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"}));
  INSULA_TRY(DecodeLegacyFilter(input, "QueryFilter", &parameters));
  INSULA_TRY(DecodeAttributesToGet(input, &parameters));
  INSULA_TRY(DecodeStartKey(input, &parameters));
  if (!input.Has("KeyConditions") && !input.Has("KeyConditionExpression")) {
    return ValidationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  }
  INSULA_TRY(DecodeExpressions(input, true, &parameters));
  INSULA_TRY(DecodeKeyConditions(input, &parameters));
  return parameters;
}

Result<PageParameters> DecodeScan(StructureView input) {
  PageParameters parameters = Common(input);
  INSULA_TRY(CheckSelect(input, ""));
  INSULA_TRY(CheckExpressionParameters(input, {"ProjectionExpression", "FilterExpression"},
                                       {"AttributesToGet", "ScanFilter", "ConditionalOperator"}));
  INSULA_TRY(DecodeAttributesToGet(input, &parameters));
  INSULA_TRY(DecodeLegacyFilter(input, "ScanFilter", &parameters));
  INSULA_TRY(DecodeStartKey(input, &parameters));
  INSULA_TRY(DecodeSegment(input, &parameters));
  INSULA_TRY(DecodeExpressions(input, false, &parameters));
  return parameters;
}

Result<PageParameters> DecodeExportFilter(StructureView specification) {
  PageParameters parameters;
  INSULA_TRY(CheckExpressionParameters(specification,
                                       {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"}, {}));
  INSULA_TRY(DecodeExpressions(specification, true, &parameters));
  if (parameters.key_condition) INSULA_TRY(parameters.key_condition->Validate());
  return parameters;
}

}  // namespace insula::operations
