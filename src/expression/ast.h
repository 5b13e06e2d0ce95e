// The syntax trees of expressions, placeholders resolved. Plain values: evaluated by condition.cc, search_condition.cc
// and update.cc, written out again by print.cc, built by the parsers, by legacy.cc and by partiql/.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "expression/document_path.h"
#include "model/attribute_value.h"

namespace insula::expression {

// A value of the request. Shared, so that a large one is not copied for each place it is used at.
struct Constant {
  std::shared_ptr<const AttributeValue> value;

  static Constant Of(AttributeValue v) { return {std::make_shared<const AttributeValue>(std::move(v))}; }
  const AttributeValue& operator*() const { return *value; }
  const AttributeValue* operator->() const { return value.get(); }
};

// --- Conditions -----------------------------------------------------------------------------------------------

// size(path) or size(:value): bytes of S and B, elements of a set, list or map; nothing for other types.
struct SizeOf {
  std::variant<DocumentPath, Constant> of;
};
using Operand = std::variant<DocumentPath, Constant, SizeOf>;

enum class Comparator : std::uint8_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct ConditionNode;

struct AndNode {
  std::vector<ConditionNode> terms;  // two or more
};
struct OrNode {
  std::vector<ConditionNode> terms;  // two or more
};
struct NotNode {
  std::unique_ptr<ConditionNode> term;
};
struct ComparisonNode {
  Comparator comparator;
  Operand left;
  Operand right;
};
struct BetweenNode {
  Operand value;
  Operand low;
  Operand high;
};
struct InNode {
  Operand value;
  std::vector<Operand> candidates;  // one to 100; from a legacy parameter, as many as a request has room for
};
struct ExistsNode {
  DocumentPath path;
  bool negated = false;  // attribute_not_exists
};
struct TypeNode {  // attribute_type
  Operand value;
  AttributeType type;
};
struct BeginsWithNode {
  Operand value;
  Operand prefix;
};
struct ContainsNode {
  Operand container;
  Operand element;
};

struct ConditionNode {
  std::variant<AndNode, OrNode, NotNode, ComparisonNode, BetweenNode, InNode, ExistsNode, TypeNode, BeginsWithNode,
               ContainsNode>
      node;
};

// --- Updates --------------------------------------------------------------------------------------------------

struct ArithmeticNode;
struct IfNotExistsNode;
struct ListAppendNode;

// What SET assigns. All of it reads the item as it was before the update.
using SetValue = std::variant<DocumentPath, Constant, std::unique_ptr<ArithmeticNode>, std::unique_ptr<IfNotExistsNode>,
                              std::unique_ptr<ListAppendNode>>;

struct ArithmeticNode {
  bool subtract = false;
  SetValue left;
  SetValue right;
};
struct IfNotExistsNode {
  DocumentPath path;
  SetValue otherwise;
};
struct ListAppendNode {
  SetValue first;
  SetValue second;
};

struct SetAction {
  DocumentPath path;
  SetValue value;
};
struct RemoveAction {
  DocumentPath path;
};
struct AddAction {
  DocumentPath path;
  Constant value;  // a number or a set; in a legacy update also a list
};
struct DeleteAction {
  DocumentPath path;
  Constant value;  // a set
};
using UpdateAction = std::variant<SetAction, RemoveAction, AddAction, DeleteAction>;

const DocumentPath& PathOf(const UpdateAction& action);

struct UpdateNode {
  std::vector<UpdateAction> actions;  // in the order of the text; no two paths overlap
  bool legacy = false;                // from AttributeUpdates: ADD appends to lists, and messages differ
};

// --- Paths in trees -------------------------------------------------------------------------------------------

// Calls visit(const DocumentPath&) for every path that is read.
template <class Visit>
void VisitPaths(const Operand& operand, const Visit& visit) {
  if (const auto* path = std::get_if<DocumentPath>(&operand)) {
    visit(*path);
  } else if (const auto* size = std::get_if<SizeOf>(&operand)) {
    if (const auto* of = std::get_if<DocumentPath>(&size->of)) visit(*of);
  }
}

template <class Visit>
void VisitPaths(const ConditionNode& condition, const Visit& visit) {
  struct {
    const Visit& visit;
    void operator()(const AndNode& n) const {
      for (const auto& term : n.terms) VisitPaths(term, visit);
    }
    void operator()(const OrNode& n) const {
      for (const auto& term : n.terms) VisitPaths(term, visit);
    }
    void operator()(const NotNode& n) const { VisitPaths(*n.term, visit); }
    void operator()(const ComparisonNode& n) const {
      VisitPaths(n.left, visit);
      VisitPaths(n.right, visit);
    }
    void operator()(const BetweenNode& n) const {
      VisitPaths(n.value, visit);
      VisitPaths(n.low, visit);
      VisitPaths(n.high, visit);
    }
    void operator()(const InNode& n) const {
      VisitPaths(n.value, visit);
      for (const auto& candidate : n.candidates) VisitPaths(candidate, visit);
    }
    void operator()(const ExistsNode& n) const { visit(n.path); }
    void operator()(const TypeNode& n) const { VisitPaths(n.value, visit); }
    void operator()(const BeginsWithNode& n) const {
      VisitPaths(n.value, visit);
      VisitPaths(n.prefix, visit);
    }
    void operator()(const ContainsNode& n) const {
      VisitPaths(n.container, visit);
      VisitPaths(n.element, visit);
    }
  } visitor{visit};
  std::visit(visitor, condition.node);
}

template <class Visit>
void VisitPaths(const SetValue& value, const Visit& visit) {
  struct {
    const Visit& visit;
    void operator()(const DocumentPath& path) const { visit(path); }
    void operator()(const Constant&) const {}
    void operator()(const std::unique_ptr<ArithmeticNode>& n) const {
      VisitPaths(n->left, visit);
      VisitPaths(n->right, visit);
    }
    void operator()(const std::unique_ptr<IfNotExistsNode>& n) const {
      visit(n->path);
      VisitPaths(n->otherwise, visit);
    }
    void operator()(const std::unique_ptr<ListAppendNode>& n) const {
      VisitPaths(n->first, visit);
      VisitPaths(n->second, visit);
    }
  } visitor{visit};
  std::visit(visitor, value);
}

}  // namespace insula::expression
