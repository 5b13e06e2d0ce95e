// Parameters that several operations have: expressions with their placeholders, and the legacy ones beside them.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "expression/legacy.h"
#include "model/attribute_value.h"
#include "wire/request.h"

namespace insula::operations {

// "Can not use both expression and non-expression parameters in the same request: …", and placeholders without any
// expression. Names are the fields' in DynamoDB's order; those of `value_expressions` are the ones that may use
// ExpressionAttributeValues (all but ProjectionExpression).
Result<void> CheckExpressionParameters(wire::StructureView input, std::initializer_list<std::string_view> expressions,
                                       std::initializer_list<std::string_view> non_expressions);

// ExpressionAttributeNames and, where the shape has them, ExpressionAttributeValues: not empty, well-formed.
Result<expression::Placeholders> PlaceholdersOf(wire::StructureView input);

// "One or more parameter values were invalid: Duplicate value in attribute name: a". nullopt: no AttributesToGet.
Result<std::optional<expression::ProjectionList>> AttributesToGetOf(wire::StructureView input);

// Expected with ConditionalOperator; nullptr: none.
Result<std::shared_ptr<const expression::Condition>> ExpectedOf(wire::StructureView input);
// AttributeUpdates; nullptr: none.
Result<std::shared_ptr<const expression::Update>> AttributeUpdatesOf(wire::StructureView input);
// KeyConditions, QueryFilter or ScanFilter, decoded but not checked yet; nullopt: absent.
Result<std::optional<std::map<std::string, expression::LegacyCondition>>> LegacyConditionsOf(wire::StructureView input,
                                                                                             std::string_view field);
expression::ConditionalOperator ConditionalOperatorOf(wire::StructureView input);

// ConditionExpression or FilterExpression, by field name; nullptr: absent.
Result<std::shared_ptr<const expression::Condition>> ConditionOf(wire::StructureView input, std::string_view field,
                                                                 expression::Placeholders& placeholders);
// ProjectionExpression; nullopt: absent.
Result<std::optional<expression::ProjectionList>> ProjectionOf(wire::StructureView input,
                                                               expression::Placeholders& placeholders);

}  // namespace insula::operations
