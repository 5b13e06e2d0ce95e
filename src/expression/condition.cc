// Condition: what it reads, and its evaluation, on trees (operands are resolved to pointers, nothing is copied) and
// on stored bytes.
#include <algorithm>
#include <bit>
#include <map>

#include "expression/ast.h"
#include "expression/condition_parser.h"
#include "expression/expression.h"
#include "expression/operand_checks.h"
#include "expression/path_names.h"
#include "expression/text_search.h"
#include "expression/value_compare.h"
#include "model/item_size.h"

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

// The constants among an IN's candidates in CompareValues' order, where there are too many to try one by one. Kept by
// the condition that the node is in.
struct SortedCandidates {
  std::vector<const AttributeValue*> constants;
  std::vector<const Operand*> others;

  explicit SortedCandidates(const InNode& node) {
    for (const Operand& candidate : node.candidates) {
      if (const auto* constant = std::get_if<Constant>(&candidate)) {
        constants.push_back(constant->value.get());
      } else {
        others.push_back(&candidate);
      }
    }
    std::sort(constants.begin(), constants.end(),
              [](const auto* a, const auto* b) { return CompareValues(*a, *b) < 0; });
  }
  bool Has(const AttributeValue& value) const {
    return std::binary_search(constants.begin(), constants.end(), &value,
                              [](const auto* a, const auto* b) { return CompareValues(*a, *b) < 0; });
  }
};

}  // namespace

struct Condition::Index {
  static constexpr std::size_t kCandidatesMin = 8;
  std::map<const InNode*, SortedCandidates> candidates;
  // For WorkOn.
  std::size_t leaves = 0;
  std::size_t searches = 0;  // leaves that may go through all of a value of the item
  std::size_t constant_bytes = 0;
  std::map<const AttributeValue*, std::size_t> sizes;  // of constants, however often they are used

  void Count(const Operand& operand) {
    const auto* constant = std::get_if<Constant>(&operand);
    if (constant == nullptr) return;
    const auto [known, is_new] = sizes.try_emplace(constant->value.get());
    if (is_new) known->second = insula::SizeOf(**constant);
    constant_bytes += known->second;
  }

  void Add(const ConditionNode& condition) {
    if (const auto* all = std::get_if<AndNode>(&condition.node)) {
      for (const ConditionNode& term : all->terms) Add(term);
    } else if (const auto* any = std::get_if<OrNode>(&condition.node)) {
      for (const ConditionNode& term : any->terms) Add(term);
    } else if (const auto* negated = std::get_if<NotNode>(&condition.node)) {
      Add(*negated->term);
    } else if (const auto* in = std::get_if<InNode>(&condition.node)) {
      if (in->candidates.size() >= kCandidatesMin) {
        const SortedCandidates& sorted = candidates.try_emplace(in, *in).first->second;
        leaves += std::bit_width(sorted.constants.size()) + sorted.others.size();
        searches += sorted.others.size();
      } else {
        leaves += in->candidates.size();
        for (const Operand& candidate : in->candidates) Count(candidate);
      }
    } else {
      ++leaves;
      if (const auto* comparison = std::get_if<ComparisonNode>(&condition.node)) {
        Count(comparison->left);
        Count(comparison->right);
        if (!std::holds_alternative<Constant>(comparison->left) && !std::holds_alternative<Constant>(comparison->right))
          ++searches;
      } else if (std::holds_alternative<ContainsNode>(condition.node) ||
                 std::holds_alternative<BeginsWithNode>(condition.node) ||
                 std::holds_alternative<BetweenNode>(condition.node)) {
        ++searches;
      }
    }
  }
};

namespace {

using CandidateIndex = std::map<const InNode*, SortedCandidates>;

struct Evaluator {
  const AttributeMap& item;
  const CandidateIndex& index;

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
    if (value.get() == nullptr) return false;
    const auto equal = [&](const Operand& candidate) {
      return Compare(Comparator::kEqual, value.get(), Resolved(candidate, item).get());
    };
    const auto sorted = index.find(&n);
    if (sorted == index.end()) return std::any_of(n.candidates.begin(), n.candidates.end(), equal);
    const SortedCandidates& candidates = sorted->second;
    return candidates.Has(*value.get()) || std::any_of(candidates.others.begin(), candidates.others.end(),
                                                       [&](const Operand* other) { return equal(*other); });
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
  EncodedEvaluator(const EncodedItem& item, const std::vector<std::string>& attributes, const CandidateIndex& index)
      : item_(item), attributes_(attributes), index_(index) {}

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
    return !Find(n.path.front().name()).empty() != n.negated;
  }

  bool Decide(const ConditionNode& condition, const ComparisonNode& n) {
    const std::string* name = NameOf(n.left);
    const auto* constant = std::get_if<Constant>(&n.right);
    if (name == nullptr || constant == nullptr || !IsOrderedType((*constant)->type())) return Decoded(condition);
    std::string_view value = Find(*name);
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
    const std::string_view value = Find(*name);
    if (value.empty() || static_cast<AttributeType>(value.front()) != (*low)->type()) return false;
    return CompareTo(**low, value) >= 0 && CompareTo(**high, value) <= 0;
  }

  bool Decide(const ConditionNode& condition, const BeginsWithNode& n) {
    const auto texts = TextsOf(n.value, n.prefix);
    return texts ? texts->first.starts_with(texts->second) : Decoded(condition);
  }

  bool Decide(const ConditionNode& condition, const ContainsNode& n) {
    const auto texts = TextsOf(n.container, n.element);
    return texts ? ContainsPart(texts->first, texts->second) : Decoded(condition);
  }

  template <class Node>
  bool Decide(const ConditionNode& condition, const Node&) {
    return Decoded(condition);
  }

  bool Decoded(const ConditionNode& leaf) {
    if (!decoded_) decoded_ = item_.Decode(attributes_);
    return Evaluator{*decoded_, index_}(leaf);
  }

  // As FindEncoded. A few look-ups go through the item; for more its attributes are listed once, in their order.
  std::string_view Find(const std::string& name) {
    if (looked_up_ < kLookUpsMax) {
      ++looked_up_;
      return item_.FindEncoded(name);
    }
    if (looked_up_ == kLookUpsMax) {
      ++looked_up_;
      for (ItemCursor cursor(item_.bytes()); cursor.remaining() > 0; cursor.SkipValue()) {
        const std::string_view attribute = cursor.NextName();
        listed_.emplace_back(attribute, cursor.rest());
      }
    }
    const auto found = std::lower_bound(listed_.begin(), listed_.end(), std::string_view(name),
                                        [](const auto& entry, std::string_view key) { return entry.first < key; });
    return found != listed_.end() && found->first == name ? found->second : std::string_view();
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
    std::string_view value = Find(*name);
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

  static constexpr int kLookUpsMax = 4;

  const EncodedItem& item_;
  const std::vector<std::string>& attributes_;
  const CandidateIndex& index_;
  std::optional<AttributeMap> decoded_;
  int looked_up_ = 0;
  std::vector<std::pair<std::string_view, std::string_view>> listed_;  // names, and where their values begin
};

}  // namespace

Condition::Condition(std::unique_ptr<const ConditionNode> root) : root_(std::move(root)) {
  PathNames names;
  VisitPaths(*root_, [&](const DocumentPath& path) { names.Add(path); });
  names.Finish(&attributes_, &nested_attributes_);
  index_ = std::make_unique<Index>();
  index_->Add(*root_);
}
Condition::Condition(ConditionNode root) : Condition(std::make_unique<const ConditionNode>(std::move(root))) {}
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(Condition&&) noexcept = default;
Condition::~Condition() = default;

Result<Condition> Condition::Parse(std::string_view text, Placeholders& placeholders, std::string_view which) {
  INSULA_ASSIGN(auto root, ParseCondition(text, placeholders, which));
  return Condition(std::move(root));
}

std::size_t Condition::WorkOn(std::size_t item_bytes) const {
  constexpr std::size_t kLeaf = 32;   // a look-up and a decision
  constexpr std::size_t kDecode = 8;  // a byte of the item made a value
  constexpr std::size_t kSearch = 4;  // a byte of it searched
  const Index& index = *index_;
  return index.leaves * kLeaf + item_bytes * (kDecode + kSearch * index.searches) +
         std::min(index.constant_bytes, index.leaves * item_bytes);
}

bool Condition::Evaluate(const AttributeMap& item) const { return Evaluator{item, index_->candidates}(*root_); }

bool Condition::Evaluate(const EncodedItem& item) const {
  return EncodedEvaluator(item, attributes_, index_->candidates)(*root_);
}

}  // namespace insula::expression
