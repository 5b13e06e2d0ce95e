#include "expression/print.h"

#include <array>

#include "base/check.h"

namespace insula::expression {
namespace {

constexpr std::array<std::string_view, 6> kComparators = {" = ", " <> ", " < ", " <= ", " > ", " >= "};

}  // namespace

// Appends one tree to `out`. Parentheses stand only where the grammar needs them: DynamoDB refuses redundant ones.
struct Printer::Visitor {
  Printer* printer;
  std::string* out;

  void Append(std::string_view text) const { *out += text; }
  void operator()(const DocumentPath& path) const { printer->AppendPath(path, out); }
  void operator()(const Constant& constant) const { printer->AppendValue(*constant, out); }
  void operator()(const SizeOf& size) const {
    Append("size(");
    std::visit(*this, size.of);
    Append(")");
  }
  void operator()(const Operand& operand) const { std::visit(*this, static_cast<const Operand&>(operand)); }

  void operator()(const ConditionNode& condition) const { std::visit(*this, condition.node); }
  void InParentheses(const ConditionNode& condition) const {
    Append("(");
    (*this)(condition);
    Append(")");
  }
  void operator()(const AndNode& n) const {
    for (std::size_t i = 0; i < n.terms.size(); ++i) {
      if (i > 0) Append(" AND ");
      const auto& term = n.terms[i];
      const bool chain = std::holds_alternative<AndNode>(term.node) || std::holds_alternative<OrNode>(term.node);
      chain ? InParentheses(term) : (*this)(term);
    }
  }
  void operator()(const OrNode& n) const {
    for (std::size_t i = 0; i < n.terms.size(); ++i) {
      if (i > 0) Append(" OR ");
      const auto& term = n.terms[i];
      std::holds_alternative<OrNode>(term.node) ? InParentheses(term) : (*this)(term);
    }
  }
  void operator()(const NotNode& n) const {
    Append("NOT ");
    const bool chain = std::holds_alternative<AndNode>(n.term->node) || std::holds_alternative<OrNode>(n.term->node);
    chain ? InParentheses(*n.term) : (*this)(*n.term);
  }
  void operator()(const ComparisonNode& n) const {
    (*this)(n.left);
    Append(kComparators[static_cast<std::size_t>(n.comparator)]);
    (*this)(n.right);
  }
  void operator()(const BetweenNode& n) const {
    (*this)(n.value);
    Append(" BETWEEN ");
    (*this)(n.low);
    Append(" AND ");
    (*this)(n.high);
  }
  void operator()(const InNode& n) const {
    (*this)(n.value);
    Append(" IN (");
    for (std::size_t i = 0; i < n.candidates.size(); ++i) {
      if (i > 0) Append(", ");
      (*this)(n.candidates[i]);
    }
    Append(")");
  }
  void operator()(const ExistsNode& n) const {
    Append(n.negated ? "attribute_not_exists(" : "attribute_exists(");
    (*this)(n.path);
    Append(")");
  }
  void operator()(const TypeNode& n) const {
    Append("attribute_type(");
    (*this)(n.value);
    Append(", ");
    printer->AppendValue(AttributeValue::S(std::string(NameOf(n.type))), out);
    Append(")");
  }
  void operator()(const BeginsWithNode& n) const { Function("begins_with(", n.value, n.prefix); }
  void operator()(const ContainsNode& n) const { Function("contains(", n.container, n.element); }
  template <class Argument>
  void Function(std::string_view open, const Argument& first, const Argument& second) const {
    Append(open);
    (*this)(first);
    Append(", ");
    (*this)(second);
    Append(")");
  }

  void operator()(const SetValue& value) const { std::visit(*this, value); }
  void operator()(const std::unique_ptr<ArithmeticNode>& n) const {
    (*this)(n->left);
    Append(n->subtract ? " - " : " + ");
    (*this)(n->right);
  }
  void operator()(const std::unique_ptr<IfNotExistsNode>& n) const {
    Append("if_not_exists(");
    (*this)(n->path);
    Append(", ");
    (*this)(n->otherwise);
    Append(")");
  }
  void operator()(const std::unique_ptr<ListAppendNode>& n) const { Function("list_append(", n->first, n->second); }

  void operator()(const SetAction& a) const {
    (*this)(a.path);
    Append(" = ");
    (*this)(a.value);
  }
  void operator()(const RemoveAction& a) const { (*this)(a.path); }
  void operator()(const AddAction& a) const { PathAndValue(a); }
  void operator()(const DeleteAction& a) const { PathAndValue(a); }
  template <class Action>
  void PathAndValue(const Action& a) const {
    (*this)(a.path);
    Append(" ");
    (*this)(a.value);
  }
  // The actions of one kind, as one section.
  template <class Action>
  void Section(std::string_view keyword, const UpdateNode& update) const {
    bool first = true;
    for (const auto& action : update.actions) {
      const auto* a = std::get_if<Action>(&action);
      if (a == nullptr) continue;
      if (first && !out->empty()) Append(" ");
      Append(first ? keyword : ", ");
      (*this)(*a);
      first = false;
    }
  }
};

void Printer::AppendName(const std::string& name, std::string* out) {
  auto found = placeholders_.find(name);
  if (found == placeholders_.end()) {
    std::string placeholder = "#n" + std::to_string(placeholders_.size());
    names_.emplace(placeholder, name);
    found = placeholders_.emplace(name, std::move(placeholder)).first;
  }
  *out += found->second;
}

void Printer::AppendValue(const AttributeValue& value, std::string* out) {
  std::string placeholder = ":v" + std::to_string(values_.size());
  *out += placeholder;
  values_.emplace(std::move(placeholder), value);
}

void Printer::AppendPath(const DocumentPath& path, std::string* out) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i].is_index()) {
      *out += '[';
      *out += std::to_string(path[i].index());
      *out += ']';
    } else {
      if (i > 0) *out += '.';
      AppendName(path[i].name(), out);
    }
  }
}

std::string Printer::Print(const ConditionNode& condition) {
  std::string out;
  Visitor{this, &out}(condition);
  return out;
}

std::string Printer::Print(const UpdateNode& update) {
  std::string out;
  const Visitor visitor{this, &out};
  visitor.Section<SetAction>("SET ", update);
  visitor.Section<RemoveAction>("REMOVE ", update);
  visitor.Section<AddAction>("ADD ", update);
  visitor.Section<DeleteAction>("DELETE ", update);
  return out;
}

std::string Printer::Print(const std::vector<DocumentPath>& projection) {
  std::string out;
  for (const auto& path : projection) {
    if (!out.empty()) out += ", ";
    AppendPath(path, &out);
  }
  return out;
}

std::string Printer::Print(const KeyCondition& condition, const KeySchema& schema) {
  std::string out;
  const auto append_comparison = [&](const std::string& name, std::string_view comparator,
                                     const AttributeValue& value) {
    AppendName(name, &out);
    out += comparator;
    AppendValue(value, &out);
  };
  for (std::size_t i = 0; i < condition.hash.size(); ++i) {
    if (i > 0) out += " AND ";
    append_comparison(schema.hash[i].name, " = ", condition.hash[i]);
  }
  for (std::size_t i = 0; i < condition.range_prefix.size(); ++i) {
    out += " AND ";
    append_comparison(schema.range[i].name, " = ", condition.range_prefix[i]);
  }
  if (condition.op == RangeOperator::kNone) return out;
  INSULA_CHECK(condition.range_prefix.size() < schema.range.size());
  const std::string& name = schema.range[condition.range_prefix.size()].name;
  out += " AND ";
  switch (condition.op) {
    case RangeOperator::kBetween:
      append_comparison(name, " BETWEEN ", condition.low);
      out += " AND ";
      AppendValue(condition.high, &out);
      break;
    case RangeOperator::kBeginsWith:
      out += "begins_with(";
      append_comparison(name, ", ", condition.low);
      out += ")";
      break;
    case RangeOperator::kLess:
      append_comparison(name, " < ", condition.low);
      break;
    case RangeOperator::kLessOrEqual:
      append_comparison(name, " <= ", condition.low);
      break;
    case RangeOperator::kGreater:
      append_comparison(name, " > ", condition.low);
      break;
    case RangeOperator::kGreaterOrEqual:
      append_comparison(name, " >= ", condition.low);
      break;
    default:
      append_comparison(name, " = ", condition.low);
      break;
  }
  return out;
}

}  // namespace insula::expression
