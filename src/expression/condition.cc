// Condition: what it reads, and its evaluation, on trees (operands are resolved to pointers, nothing is copied) and
// on stored bytes.
#include <algorithm>

#include "expression/ast.h"
#include "expression/condition_parser.h"
#include "expression/expression.h"
#include "expression/operand_checks.h"
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

// Evaluates on stored bytes. A leaf that compares a top-level attribute with a constant scalar is decided on them;
// for any other the attributes of the whole condition are decoded, once.
class EncodedEvaluator {
 public:
  EncodedEvaluator(const EncodedItem& item, const std::vector<std::string>& attributes)
      : item_(item), attributes_(attributes) {}

  bool operator()(const ConditionNode& condition) {
    return std::visit([&](const auto& node) { return Decide(condition, node); }, condition.node);
  }

 private:
  bool Decide(const ConditionNode&, const AndNode& n) {
    return std::all_of(n.terms.begin(), n.terms.end(), [this](const auto& term) { return (*this)(term); });
  }
  bool Decide(const ConditionNode&, const OrNode& n) {
    return std::any_of(n.terms.begin(), n.terms.end(), [this](const auto& term) { return (*this)(term); });
  }
  bool Decide(const ConditionNode&, const NotNode& n) { return !(*this)(*n.term); }

  bool Decide(const ConditionNode& condition, const ExistsNode& n) {
    if (n.path.size() > 1) return Decoded(condition);
    return !item_.FindEncoded(n.path.front().name()).empty() != n.negated;
  }

  bool Decide(const ConditionNode& condition, const ComparisonNode& n) {
    const std::string* name = NameOf(n.left);
    const auto* constant = std::get_if<Constant>(&n.right);
    if (name == nullptr || constant == nullptr || !IsOrderedType((*constant)->type())) return Decoded(condition);
    std::string_view value = item_.FindEncoded(*name);
    const bool same_type = !value.empty() && static_cast<AttributeType>(value.front()) == (*constant)->type();
    if (!same_type) return n.comparator == Comparator::kNotEqual;
    return Satisfies(n.comparator, CompareTo(**constant, value));
  }

  bool Decide(const ConditionNode& condition, const BetweenNode& n) {
    const std::string* name = NameOf(n.value);
    const auto* low = std::get_if<Constant>(&n.low);
    const auto* high = std::get_if<Constant>(&n.high);
    if (name == nullptr || low == nullptr || high == nullptr || (*low)->type() != (*high)->type() ||
        !IsOrderedType((*low)->type())) {
      return Decoded(condition);
    }
    const std::string_view value = item_.FindEncoded(*name);
    if (value.empty() || static_cast<AttributeType>(value.front()) != (*low)->type()) return false;
    return CompareTo(**low, value) >= 0 && CompareTo(**high, value) <= 0;
  }

  bool Decide(const ConditionNode& condition, const BeginsWithNode& n) {
    const auto texts = TextsOf(n.value, n.prefix);
    return texts ? texts->first.starts_with(texts->second) : Decoded(condition);
  }

  bool Decide(const ConditionNode& condition, const ContainsNode& n) {
    const auto texts = TextsOf(n.container, n.element);
    return texts ? texts->first.find(texts->second) != std::string_view::npos : Decoded(condition);
  }

  template <class Node>
  bool Decide(const ConditionNode& condition, const Node&) {
    return Decoded(condition);
  }

  bool Decoded(const ConditionNode& leaf) {
    if (!decoded_) decoded_ = item_.Decode(attributes_);
    return Evaluator{*decoded_}(leaf);
  }

  static const std::string* NameOf(const Operand& operand) {
    const auto* path = std::get_if<DocumentPath>(&operand);
    return path != nullptr && path->size() == 1 ? &path->front().name() : nullptr;
  }

  // The bytes of a string attribute and of a string constant, if these are what the operands are.
  std::optional<std::pair<std::string_view, std::string_view>> TextsOf(const Operand& operand, const Operand& other) {
    const std::string* name = NameOf(operand);
    const auto* constant = std::get_if<Constant>(&other);
    if (name == nullptr || constant == nullptr || (*constant)->type() != AttributeType::kS) return std::nullopt;
    std::string_view value = item_.FindEncoded(*name);
    if (value.empty() || static_cast<AttributeType>(value.front()) != AttributeType::kS) return std::nullopt;
    return std::pair(BytesOf(value), std::string_view(*(*constant)->As<std::string>()));
  }

  static std::string_view BytesOf(std::string_view value) {  // of an encoded S or B
    value.remove_prefix(1);
    const std::size_t length = ConsumeVarint(&value);
    return value.substr(0, length);
  }

  // The order of an encoded scalar relative to a constant of its type.
  static std::strong_ordering CompareTo(const AttributeValue& constant, std::string_view value) {
    if (const auto* text = constant.As<std::string>()) return BytesOf(value) <=> std::string_view(*text);
    if (const auto* binary = constant.As<Binary>()) return BytesOf(value) <=> std::string_view(binary->bytes);
    return *ConsumeEncodedValue(&value).As<Number>() <=> *constant.As<Number>();
  }

  static bool Satisfies(Comparator comparator, std::strong_ordering order) {
    switch (comparator) {
      case Comparator::kEqual:
        return order == 0;
      case Comparator::kNotEqual:
        return order != 0;
      case Comparator::kLess:
        return order < 0;
      case Comparator::kLessOrEqual:
        return order <= 0;
      case Comparator::kGreater:
        return order > 0;
      case Comparator::kGreaterOrEqual:
        return order >= 0;
    }
    return false;
  }

  const EncodedItem& item_;
  const std::vector<std::string>& attributes_;
  std::optional<AttributeMap> decoded_;
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

bool Condition::Evaluate(const EncodedItem& item) const { return EncodedEvaluator(item, attributes_)(*root_); }

}  // namespace insula::expression
