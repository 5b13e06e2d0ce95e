#include "operations/core/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

std::string Join(const std::vector<std::string_view>& names, std::string_view separator) {
  return fmt::format("{}", fmt::join(names, separator));
}

std::vector<std::string_view> PresentOf(wire::StructureView input, std::initializer_list<std::string_view> fields) {
  std::vector<std::string_view> present;
  for (std::string_view field : fields) {
    if (input.Has(field)) present.push_back(field);
  }
  return present;
}

bool Contains(std::initializer_list<std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// With ConditionalOperator there must be two conditions or more for it to join.
Result<void> CheckConditionalOperator(wire::StructureView input,
                                      std::initializer_list<std::string_view> non_expressions) {
  if (!Contains(non_expressions, "ConditionalOperator") || !input.Has("ConditionalOperator")) return {};
  std::size_t conditions = 0;
  for (std::string_view field : {"Expected", "QueryFilter", "ScanFilter"}) {
    if (!Contains(non_expressions, field)) continue;
    wire::JsonValue json = input.Json(field);
    if (!json.is_null()) conditions = json.size();
  }
  if (conditions == 0) return ValidationError("ConditionalOperator cannot be used without Filter or Expected");
  if (conditions == 1) {
    return ValidationError("ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
  return {};
}

Result<std::vector<AttributeValue>> DecodeValues(wire::JsonValue list, wire::ValueForm form) {
  std::vector<AttributeValue> values;
  values.reserve(list.size());
  for (wire::JsonValue element : list.elements()) {
    INSULA_ASSIGN(AttributeValue value, wire::DecodeValue(element, form));
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace

Result<void> CheckExpressionParameters(wire::StructureView input, std::initializer_list<std::string_view> expressions,
                                       std::initializer_list<std::string_view> non_expressions) {
  bool any_expression = std::ranges::any_of(expressions, [&](std::string_view field) { return input.Has(field); });
  if (any_expression) {
    std::vector<std::string_view> mixed = PresentOf(input, non_expressions);
    // KeyConditions go along with a FilterExpression or ProjectionExpression.
    if (Contains(expressions, "KeyConditionExpression") && !input.Has("KeyConditionExpression")) {
      std::erase(mixed, "KeyConditions");
    }
    if (!mixed.empty()) {
      return ValidationError(
          fmt::format("Can not use both expression and non-expression parameters in the same request: Non-expression "
                      "parameters: {{{}}} Expression parameters: {{{}}}",
                      Join(mixed, ", "), Join(PresentOf(input, expressions), ", ")));
    }
  } else if (input.Has("ExpressionAttributeNames")) {
    return ValidationError("ExpressionAttributeNames can only be specified when using expressions");
  }
  bool takes_values = std::ranges::any_of(expressions, [](auto field) { return field != "ProjectionExpression"; });
  if (takes_values && input.Has("ExpressionAttributeValues")) {
    std::vector<std::string_view> fields;
    for (std::string_view field : expressions) {
      if (field != "ProjectionExpression") fields.push_back(field);
    }
    if (std::ranges::none_of(fields, [&](std::string_view field) { return input.Has(field); })) {
      // The newer front end doesn't say this of a write.
      const bool names_them = input.shape().FindField("ReturnValues") == nullptr;
      return ValidationError(
          "ExpressionAttributeValues can only be specified when using expressions" +
          (names_them ? fmt::format(": {} {} null", Join(fields, " and "), fields.size() > 1 ? "are" : "is") : ""));
    }
  }
  return CheckConditionalOperator(input, non_expressions);
}

Result<expression::Placeholders> PlaceholdersOf(wire::StructureView input) {
  expression::AttributeNames names;
  expression::AttributeValues values;
  if (auto given = input.StringMap("ExpressionAttributeNames")) {
    names = std::move(*given);
    INSULA_TRY(expression::CheckAttributeNames(names));
  }
  bool takes_values = input.shape().FindField("ExpressionAttributeValues") != nullptr;
  wire::JsonValue given = takes_values ? input.Json("ExpressionAttributeValues") : wire::JsonValue();
  if (!given.is_null()) {
    // All keys are checked before the first value.
    for (const auto& [key, json] : given.members()) values.try_emplace(std::string(key));
    INSULA_TRY(expression::CheckAttributeValueNames(values));
    for (const auto& [key, json] : given.members()) {
      Result<AttributeValue> value = wire::DecodeValue(json, input.values());
      if (!value.ok()) {
        if (input.values() == wire::ValueForm::kCurrent) return std::move(value).error();
        return ValidationError(fmt::format("ExpressionAttributeValues contains invalid value: {} for key {}",
                                           value.error().message(), key));
      }
      values.find(key)->second = std::move(value).value();
    }
  }
  return expression::Placeholders(std::move(names), std::move(values));
}

Result<std::optional<expression::ProjectionList>> AttributesToGetOf(wire::StructureView input) {
  std::optional<std::vector<std::string>> names = input.Strings("AttributesToGet");
  if (!names) return std::optional<expression::ProjectionList>();
  std::set<std::string_view> seen;
  for (const std::string& name : *names) {
    INSULA_TRY(wire::CheckAttributeName(name));
    if (!seen.insert(name).second) {
      return ValidationError(
          fmt::format("One or more parameter values were invalid: Duplicate value in attribute name: {}", name));
    }
  }
  return std::optional(expression::ProjectionList::OfNames(*names));
}

expression::ConditionalOperator ConditionalOperatorOf(wire::StructureView input) {
  return input.String("ConditionalOperator").value_or("AND") == "OR" ? expression::ConditionalOperator::kOr
                                                                     : expression::ConditionalOperator::kAnd;
}

Result<std::shared_ptr<const expression::Condition>> ExpectedOf(wire::StructureView input) {
  auto entries = input.StructureMap("Expected");
  if (!entries || entries->empty()) return std::shared_ptr<const expression::Condition>();
  std::map<std::string, expression::ExpectedAttribute> expected;
  for (const auto& [name, entry] : *entries) {
    INSULA_TRY(wire::CheckAttributeName(name));
    expression::ExpectedAttribute attribute;
    attribute.exists = entry.Boolean("Exists");
    attribute.comparison = expression::ComparisonOperatorOf(entry.String("ComparisonOperator").value_or(""));
    if (wire::JsonValue value = entry.Json("Value"); !value.is_null()) {
      INSULA_ASSIGN(attribute.value, wire::DecodeValue(value, entry.values()));
    }
    if (wire::JsonValue list = entry.Json("AttributeValueList"); !list.is_null()) {
      INSULA_ASSIGN(attribute.attribute_value_list, DecodeValues(list, entry.values()));
    }
    expected.insert_or_assign(std::string(name), std::move(attribute));
  }
  INSULA_ASSIGN(expression::Condition condition, expression::FromExpected(expected, ConditionalOperatorOf(input)));
  return std::make_shared<const expression::Condition>(std::move(condition));
}

Result<std::shared_ptr<const expression::Update>> AttributeUpdatesOf(wire::StructureView input) {
  auto entries = input.StructureMap("AttributeUpdates");
  if (!entries || entries->empty()) return std::shared_ptr<const expression::Update>();
  std::map<std::string, expression::AttributeUpdate> updates;
  for (const auto& [name, entry] : *entries) {
    INSULA_TRY(wire::CheckAttributeName(name));
    expression::AttributeUpdate update;
    std::string_view action = entry.String("Action").value_or("PUT");
    if (action == "ADD") {
      update.action = expression::AttributeAction::kAdd;
    } else if (action == "DELETE") {
      update.action = expression::AttributeAction::kDelete;
    } else if (action != "PUT") {
      return ValidationError(
          fmt::format("Value '{}' at 'attributeUpdates.{}.member.action' failed to "
                      "satisfy constraint: Member must satisfy enum value set: [ADD, PUT, DELETE]",
                      action, name));
    }
    if (wire::JsonValue value = entry.Json("Value"); !value.is_null()) {
      INSULA_ASSIGN(update.value, wire::DecodeValue(value, entry.values()));
    }
    updates.insert_or_assign(std::string(name), std::move(update));
  }
  INSULA_ASSIGN(expression::Update update, expression::FromAttributeUpdates(updates));
  return std::make_shared<const expression::Update>(std::move(update));
}

Result<std::optional<std::map<std::string, expression::LegacyCondition>>> LegacyConditionsOf(wire::StructureView input,
                                                                                             std::string_view field) {
  using Conditions = std::map<std::string, expression::LegacyCondition>;
  auto entries = input.StructureMap(field);
  if (!entries) return std::optional<Conditions>();
  Conditions conditions;
  for (const auto& [name, entry] : *entries) {
    INSULA_TRY(wire::CheckAttributeName(name));
    expression::LegacyCondition condition;
    condition.comparison = expression::ComparisonOperatorOf(entry.String("ComparisonOperator").value_or(""))
                               .value_or(expression::ComparisonOperator::kEq);
    if (wire::JsonValue list = entry.Json("AttributeValueList"); !list.is_null()) {
      INSULA_ASSIGN(condition.attribute_value_list, DecodeValues(list, entry.values()));
    }
    conditions.insert_or_assign(std::string(name), std::move(condition));
  }
  return std::optional(std::move(conditions));
}

Result<std::shared_ptr<const expression::Condition>> ConditionOf(wire::StructureView input, std::string_view field,
                                                                 expression::Placeholders& placeholders) {
  std::optional<std::string_view> text = input.String(field);
  if (!text) return std::shared_ptr<const expression::Condition>();
  INSULA_ASSIGN(expression::Condition condition, expression::Condition::Parse(*text, placeholders, field));
  return std::make_shared<const expression::Condition>(std::move(condition));
}

Result<std::optional<expression::ProjectionList>> ProjectionOf(wire::StructureView input,
                                                               expression::Placeholders& placeholders) {
  std::optional<std::string_view> text = input.String("ProjectionExpression");
  if (!text) return std::optional<expression::ProjectionList>();
  INSULA_ASSIGN(expression::ProjectionList projection, expression::ProjectionList::Parse(*text, placeholders));
  return std::optional(std::move(projection));
}

}  // namespace insula::operations
