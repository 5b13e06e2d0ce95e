#include "wire/shape_parts.h"

namespace insula::wire::parts {
namespace {

Shape ComparisonOperator(std::vector<Constraint> constraints) {
  constraints.push_back(Enum({"IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE",
                              "BEGINS_WITH", "GE", "CONTAINS"}));
  return String(std::move(constraints));
}

}  // namespace

Shape TableName() { return String({NotNull(), TableNameOrArn()}); }
Shape NewerTableName() { return String({NotNull(), NewerTableNameOrArn()}); }
Shape TableNameParameter() { return String({RequiredParameter(), TableNameOrArn()}); }

Shape IndexName(std::vector<Constraint> first) {
  first.insert(first.end(), {NamePattern(), MinLength(3), MaxLength(255)});
  return String(std::move(first));
}

Shape ReturnConsumedCapacity() { return String({Enum({"INDEXES", "TOTAL", "NONE"})}); }
Shape ReturnItemCollectionMetrics() { return String({Enum({"SIZE", "NONE"})}); }
Shape ReturnValues(Constraint::Place place) {
  return String({NewerEnum({"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"},
                           {"ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATE_NEW", "NONE"}, place)});
}
Shape ReturnValuesOnConditionCheckFailure() { return String({Enum({"ALL_OLD", "NONE"})}); }
Shape ConditionalOperator() { return String({Enum({"OR", "AND"})}); }
Shape ConditionalOperator(Constraint::Place place) { return String({NewerEnum({"OR", "AND"}, {"ALL", "OR"}, place)}); }
Shape Select() {
  return String({Enum({"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"})});
}

Shape Attributes(std::vector<Constraint> constraints) { return Map(AttributeValueShape(), std::move(constraints)); }
Shape ExpressionAttributeNames() { return Map(String()); }

Shape Expected() {
  return Map(Structure("ExpectedAttributeValue", {{"AttributeValueList", List(AttributeValueShape())},
                                                  {"ComparisonOperator", ComparisonOperator({})},
                                                  {"Exists", Boolean()},
                                                  {"Value", AttributeValueShape()}}));
}

Shape Conditions() {
  return Map(Structure("Condition", {{"AttributeValueList", List(AttributeValueShape())},
                                     {"ComparisonOperator", ComparisonOperator({NotNull()})}}));
}

Shape AttributesToGet() { return List(String(), {MinLength(1), MaxLength(255)}); }

Shape BillingMode() { return String({Enum({"PROVISIONED", "PAY_PER_REQUEST"})}); }
Shape TableClass() { return String({Enum({"STANDARD", "STANDARD_INFREQUENT_ACCESS"})}); }
Shape RegionName(std::vector<Constraint> constraints) { return String(std::move(constraints)); }

Shape Tags(std::vector<Constraint> constraints) {
  // What a tag may be is said in words of its own (operations/tables/settings_rules.h).
  return List(Structure("Tag", {{"Key", String({NotNull()})}, {"Value", String()}}), std::move(constraints));
}

}  // namespace insula::wire::parts
