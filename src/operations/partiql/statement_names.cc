#include "operations/partiql/statement_names.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
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

// The attributes that every item has for which a condition is true, each with the values of which it has one. Views are
// into the condition.
using Known = std::map<std::string_view, std::vector<const AttributeValue*>>;

void KnowEqual(Known* known, const Operand& left, const Operand& right) {
  const std::string* attribute = AttributeOf(left);
  const auto* constant = std::get_if<Constant>(&right);
  if (attribute != nullptr && constant != nullptr) (*known)[*attribute].push_back(constant->value.get());
}

void Add(Known* known, const Known& more) {
  for (const auto& [attribute, values] : more) {
    auto& all = (*known)[attribute];
    all.insert(all.end(), values.begin(), values.end());
  }
}

Known KnownBy(const ConditionNode& condition) {
  Known known;
  if (const auto* all = std::get_if<AndNode>(&condition.node)) {
    for (const ConditionNode& term : all->terms) Add(&known, KnownBy(term));
  } else if (const auto* any = std::get_if<expression::OrNode>(&condition.node)) {
    known = KnownBy(any->terms.front());
    for (std::size_t i = 1; i < any->terms.size(); ++i) {
      const Known other = KnownBy(any->terms[i]);
      std::erase_if(known, [&](const auto& entry) { return !other.contains(entry.first); });
      for (const auto& [attribute, values] : other) {
        const auto in_all = known.find(attribute);
        if (in_all != known.end()) in_all->second.insert(in_all->second.end(), values.begin(), values.end());
      }
    }
  } else if (const auto* negated = std::get_if<expression::NotNode>(&condition.node)) {
    const auto* twice = std::get_if<expression::NotNode>(&negated->term->node);
    if (twice != nullptr) known = KnownBy(*twice->term);
  } else if (const auto* comparison = std::get_if<ComparisonNode>(&condition.node)) {
    if (comparison->comparator != expression::Comparator::kEqual) return known;
    KnowEqual(&known, comparison->left, comparison->right);
    KnowEqual(&known, comparison->right, comparison->left);
  } else if (const auto* in = std::get_if<InNode>(&condition.node)) {
    for (const Operand& candidate : in->candidates) KnowEqual(&known, in->value, candidate);
    // Something else among them may be anything.
    const bool all_known = std::ranges::all_of(
        in->candidates, [](const Operand& candidate) { return std::holds_alternative<Constant>(candidate); });
    if (!all_known) known.clear();
  }
  return known;
}

void NameKeys(NamedItems* named, const ConditionNode& condition) {
  for (const auto& [attribute, values] : KnownBy(condition)) {
    for (const AttributeValue* value : values) named->AddKeyValue(attribute, *value);
  }
}

void NamePath(NamedItems* named, const DocumentPath& path) { named->AddAttributes({&path.front().name(), 1}); }

void NameWhere(NamedItems* named, const partiql::Where& where) {
  if (where == nullptr) return;
  NameKeys(named, *where);
  expression::VisitPaths(*where, [named](const DocumentPath& path) { NamePath(named, path); });
}

// What RETURNING is as DynamoDB's parameter.
std::string_view ReturnValuesOf(partiql::Returning returning) {
  switch (returning) {
    case partiql::Returning::kAllOld:
      return "ALL_OLD";
    case partiql::Returning::kModifiedOld:
      return "UPDATED_OLD";
    case partiql::Returning::kAllNew:
      return "ALL_NEW";
    case partiql::Returning::kModifiedNew:
      return "UPDATED_NEW";
    case partiql::Returning::kNone:
      break;
  }
  return {};
}

struct Namer {
  NamedItems* named;
  void operator()(const partiql::SelectStatement& select) const {
    named->Reads(!select.columns.empty());
    for (const partiql::Column& column : select.columns) NamePath(named, column.path);
    NameWhere(named, select.where);
  }
  void operator()(const partiql::InsertStatement& insert) const { named->AddItem(insert.item); }
  void operator()(const partiql::UpdateStatement& update) const {
    named->AddUpdate(update.update);
    NameWhere(named, update.where);
    named->Returns(ReturnValuesOf(update.returning));
  }
  void operator()(const partiql::DeleteStatement& erase) const {
    NameWhere(named, erase.where);
    named->Returns(ReturnValuesOf(erase.returning));
  }
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
