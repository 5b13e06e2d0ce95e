// Condition: what it reads, and its evaluation. Nothing is copied from the item: operands are resolved to pointers.
#include <algorithm>

#include "expression/ast.h"
#include "expression/condition_parser.h"
#include "expression/expression.h"
#include "expression/path_names.h"
#include "expression/value_compare.h"

namespace insula::expression {
namespace {

// An operand's value for one item; a size is computed into `size`.
class Resolved {
 public:
  Resolved(const Operand& operand, const AttributeMap& item) {
    if (const auto* path = std::get_if<DocumentPath>(&operand)) {
      value_ = FindValue(item, *path);
    } else if (const auto* constant = std::get_if<Constant>(&operand)) {
      value_ = constant->value.get();
    } else {
      const auto& of = std::get_if<SizeOf>(&operand)->of;
      const auto* size_path = std::get_if<DocumentPath>(&of);
      const AttributeValue* sized =
          size_path != nullptr ? FindValue(item, *size_path) : std::get<Constant>(of).value.get();
      if (sized == nullptr) return;
      if (const auto size = SizeFunction(*sized)) {
        size_ = AttributeValue::N(static_cast<std::int64_t>(*size));
        value_ = &size_;
      }
    }
  }
  Resolved(const Resolved&) = delete;
  Resolved& operator=(const Resolved&) = delete;

  const AttributeValue* get() const { return value_; }  // nullptr: the item has no such value

 private:
  const AttributeValue* value_ = nullptr;
  AttributeValue size_;
};

struct Evaluator {
  const AttributeMap& item;

  bool operator()(const ConditionNode& condition) const { return std::visit(*this, condition.node); }

  bool operator()(const AndNode& n) const {
    return std::all_of(n.terms.begin(), n.terms.end(), [this](const auto& term) { return (*this)(term); });
  }
  bool operator()(const OrNode& n) const {
    return std::any_of(n.terms.begin(), n.terms.end(), [this](const auto& term) { return (*this)(term); });
  }
  bool operator()(const NotNode& n) const { return !(*this)(*n.term); }
  bool operator()(const ComparisonNode& n) const {
    const Resolved left(n.left, item);
    const Resolved right(n.right, item);
    return Compare(n.comparator, left.get(), right.get());
  }
  bool operator()(const BetweenNode& n) const {
    const Resolved value(n.value, item);
    const Resolved low(n.low, item);
    const Resolved high(n.high, item);
    return Compare(Comparator::kGreaterOrEqual, value.get(), low.get()) &&
           Compare(Comparator::kLessOrEqual, value.get(), high.get());
  }
  bool operator()(const InNode& n) const {
    const Resolved value(n.value, item);
    return std::any_of(n.candidates.begin(), n.candidates.end(), [&](const Operand& candidate) {
      return Compare(Comparator::kEqual, value.get(), Resolved(candidate, item).get());
    });
  }
  bool operator()(const ExistsNode& n) const { return (FindValue(item, n.path) != nullptr) != n.negated; }
  bool operator()(const TypeNode& n) const {
    const Resolved value(n.value, item);
    return value.get() != nullptr && value.get()->type() == n.type;
  }
  bool operator()(const BeginsWithNode& n) const {
    const Resolved value(n.value, item);
    const Resolved prefix(n.prefix, item);
    return value.get() != nullptr && prefix.get() != nullptr && BeginsWith(*value.get(), *prefix.get());
  }
  bool operator()(const ContainsNode& n) const {
    const Resolved container(n.container, item);
    const Resolved element(n.element, item);
    return container.get() != nullptr && element.get() != nullptr && Contains(*container.get(), *element.get());
  }
};

}  // namespace

Condition::Condition(std::unique_ptr<const ConditionNode> root) : root_(std::move(root)) {
  PathNames names;
  VisitPaths(*root_, [&](const DocumentPath& path) { names.Add(path); });
  names.Finish(&attributes_, &nested_attributes_);
}
Condition::Condition(ConditionNode root) : Condition(std::make_unique<const ConditionNode>(std::move(root))) {}
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(Condition&&) noexcept = default;
Condition::~Condition() = default;

Result<Condition> Condition::Parse(std::string_view text, Placeholders& placeholders, std::string_view which) {
  INSULA_ASSIGN(auto root, ParseCondition(text, placeholders, which));
  return Condition(std::move(root));
}

bool Condition::Evaluate(const AttributeMap& item) const { return Evaluator{item}(*root_); }

}  // namespace insula::expression
