#include "operations/items/index_key_types.h"

#include <fmt/format.h>

#include <optional>
#include <variant>

#include "expression/ast.h"

namespace insula::operations {
namespace {

using expression::SetValue;

// The type that a value has whatever the item is.
std::optional<AttributeType> TypeOf(const SetValue& value) {
  struct Visitor {
    std::optional<AttributeType> operator()(const expression::DocumentPath&) const { return std::nullopt; }
    std::optional<AttributeType> operator()(const expression::Constant& constant) const { return constant->type(); }
    std::optional<AttributeType> operator()(const std::unique_ptr<expression::ArithmeticNode>&) const {
      return AttributeType::kN;
    }
    std::optional<AttributeType> operator()(const std::unique_ptr<expression::IfNotExistsNode>&) const {
      return std::nullopt;
    }
    std::optional<AttributeType> operator()(const std::unique_ptr<expression::ListAppendNode>&) const {
      return AttributeType::kL;
    }
  };
  return std::visit(Visitor{}, value);
}

std::optional<AttributeType> TypeOf(const expression::UpdateAction& action) {
  struct Visitor {
    std::optional<AttributeType> operator()(const expression::SetAction& set) const { return TypeOf(set.value); }
    std::optional<AttributeType> operator()(const expression::RemoveAction&) const { return std::nullopt; }
    std::optional<AttributeType> operator()(const expression::AddAction& add) const { return add.value->type(); }
    std::optional<AttributeType> operator()(const expression::DeleteAction& erase) const { return erase.value->type(); }
  };
  return std::visit(Visitor{}, action);
}

Result<void> CheckAttribute(const expression::Update& update, const KeyAttribute& attribute, const IndexSchema& index) {
  for (const expression::UpdateAction& action : update.root().actions) {
    const expression::DocumentPath& path = expression::PathOf(action);
    if (path.size() != 1 || path.front().name() != attribute.name) continue;
    std::optional<AttributeType> type = TypeOf(action);
    if (!type || *type == attribute.type) continue;
    return ValidationError(
        fmt::format("One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} Actual: {} "
                    "IndexName: {}",
                    attribute.name, NameOf(attribute.type), NameOf(*type), index.name));
  }
  return {};
}

}  // namespace

Result<void> CheckIndexKeyTypes(const expression::Update& update, const TableSchema& schema) {
  for (const IndexKind kind : {IndexKind::kGlobal, IndexKind::kLocal}) {
    for (const IndexSchema& index : schema.indexes) {
      if (index.kind != kind) continue;
      for (const KeyAttribute& attribute : index.key.hash) INSULA_TRY(CheckAttribute(update, attribute, index));
      for (const KeyAttribute& attribute : index.key.range) INSULA_TRY(CheckAttribute(update, attribute, index));
    }
  }
  return {};
}

}  // namespace insula::operations
