// SearchConditionExpression: which part of a vector index is searched. Equalities joined by AND, on the attributes of
// the index's search schema. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "model/table_schema.h"

namespace insula::expression {

struct SearchTerm {
  std::string attribute;
  AttributeValue value;  // what it equals
};

// In the order of the text. ValidationException in DynamoDB's words for any other form of condition, two terms on one
// attribute, or more terms than a search schema has elements.
Result<std::vector<SearchTerm>> ParseSearchCondition(std::string_view text, Placeholders& placeholders);

struct SearchCondition {
  std::optional<AttributeValue> partition;             // of the index's hash attribute
  std::vector<std::optional<AttributeValue>> filters;  // of VectorSchema::filters, in order
};

// ValidationException for an attribute that isn't the search schema's, for a missing hash attribute, for a value of
// another type. Precondition: a vector index.
Result<SearchCondition> ResolveSearchTerms(const std::vector<SearchTerm>& terms, const IndexSchema& index);

}  // namespace insula::expression
