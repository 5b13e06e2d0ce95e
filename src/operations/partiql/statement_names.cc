#include "operations/partiql/statement_names.h"

#include <string>
#include <variant>
#include <vector>

#include "expression/ast.h"
#include "operations/partiql/partiql_statement.h"

namespace insula::operations {
namespace {

using expression::AndNode;
using expression::ComparisonNode;
using expression::ConditionNode;
using expression::Constant;
using expression::DocumentPath;
using expression::InNode;
using expression::Operand;

// Of an attribute itself; nullptr: something within one, or no attribute.
const std::string* AttributeOf(const Operand& operand) {
  const auto* path = std::get_if<DocumentPath>(&operand);
  return path != nullptr && path->size() == 1 ? &path->front().name() : nullptr;
}

void NameEqual(NamedItems* named, const Operand& left, const Operand& right) {
  const std::string* attribute = AttributeOf(left);
  const auto* constant = std::get_if<Constant>(&right);
  if (attribute != nullptr && constant != nullptr) named->AddKeyValue(*attribute, **constant);
}

void NameKeys(NamedItems* named, const ConditionNode& condition) {
  if (const auto* all = std::get_if<AndNode>(&condition.node)) {
    for (const ConditionNode& term : all->terms) NameKeys(named, term);
  } else if (const auto* comparison = std::get_if<ComparisonNode>(&condition.node)) {
    if (comparison->comparator != expression::Comparator::kEqual) return;
    NameEqual(named, comparison->left, comparison->right);
    NameEqual(named, comparison->right, comparison->left);
  } else if (const auto* in = std::get_if<InNode>(&condition.node)) {
    for (const Operand& candidate : in->candidates) NameEqual(named, in->value, candidate);
  }
}

void NamePath(NamedItems* named, const DocumentPath& path) { named->AddAttributes({&path.front().name(), 1}); }

void NameWhere(NamedItems* named, const partiql::Where& where) {
  if (where == nullptr) return;
  NameKeys(named, *where);
  expression::VisitPaths(*where, [named](const DocumentPath& path) { NamePath(named, path); });
}

struct Namer {
  NamedItems* named;
  void operator()(const partiql::SelectStatement& select) const {
    for (const partiql::Column& column : select.columns) NamePath(named, column.path);
    NameWhere(named, select.where);
  }
  void operator()(const partiql::InsertStatement& insert) const { named->AddItem(insert.item); }
  void operator()(const partiql::UpdateStatement& update) const {
    for (const expression::UpdateAction& action : update.update.actions) NamePath(named, expression::PathOf(action));
    NameWhere(named, update.where);
  }
  void operator()(const partiql::DeleteStatement& erase) const { NameWhere(named, erase.where); }
  void operator()(const partiql::ExistsStatement& exists) const { (*this)(exists.select); }
};

}  // namespace

void NameIn(NamedItems* named, const partiql::Statement& statement) { std::visit(Namer{named}, statement); }

Intent IntentOf(const partiql::Statement& statement, const ItemNamer& namer) {
  Intent intent(AccessOf(statement), PermissionOf(statement), namer);
  if (const auto& index = partiql::SourceOf(statement).index) intent.index = *index;
  return intent;
}

}  // namespace insula::operations
