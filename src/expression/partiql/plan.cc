#include "expression/partiql/plan.h"

#include <algorithm>
#include <deque>

#include "base/check.h"
#include "expression/range_operator.h"

namespace insula::partiql {

using expression::Comparator;
using expression::ConditionNode;
using expression::Constant;
using expression::DocumentPath;
using expression::KeyCondition;
using expression::KeyTerm;
using expression::RangeOperator;

namespace {

constexpr std::size_t kReadsMax = 50;

// The name of a top-level attribute, or nullptr.
const std::string* NameOf(const expression::Operand& operand) {
  const auto* path = std::get_if<DocumentPath>(&operand);
  return path != nullptr && path->size() == 1 ? &path->front().name() : nullptr;
}

// The condition on one attribute that `condition` is, if it is of a form keys have.
std::optional<KeyTerm> AsTerm(const ConditionNode& condition) {
  if (const auto* comparison = std::get_if<expression::ComparisonNode>(&condition.node)) {
    const bool mirrored = std::holds_alternative<Constant>(comparison->left);
    const std::string* name = NameOf(mirrored ? comparison->right : comparison->left);
    const auto* value = std::get_if<Constant>(mirrored ? &comparison->left : &comparison->right);
    const auto op = expression::RangeOperatorOf(comparison->comparator, mirrored);
    if (name == nullptr || value == nullptr || !op) return std::nullopt;
    return KeyTerm{*name, *op, **value, {}};
  }
  if (const auto* between = std::get_if<expression::BetweenNode>(&condition.node)) {
    const std::string* name = NameOf(between->value);
    const auto* low = std::get_if<Constant>(&between->low);
    const auto* high = std::get_if<Constant>(&between->high);
    if (name == nullptr || low == nullptr || high == nullptr) return std::nullopt;
    return KeyTerm{*name, RangeOperator::kBetween, **low, **high};
  }
  if (const auto* begins = std::get_if<expression::BeginsWithNode>(&condition.node)) {
    const std::string* name = NameOf(begins->value);
    const auto* prefix = std::get_if<Constant>(&begins->prefix);
    if (name == nullptr || prefix == nullptr) return std::nullopt;
    return KeyTerm{*name, RangeOperator::kBeginsWith, **prefix, {}};
  }
  return std::nullopt;
}

// A key attribute must be compared with values of its type.
Result<void> CheckType(const AttributeValue& value, const KeyAttribute& attribute) {
  const AttributeType type = value.type();
  if (type != AttributeType::kS && type != AttributeType::kN && type != AttributeType::kB) {
    return ValidationError("Key value must be of type S, N, or B. Key name: " + attribute.name +
                           ", Key type: " + std::string(insula::NameOf(type)));
  }
  if (type != attribute.type) {
    return ValidationError("Key attribute's data type should match its data type in table's schema: Key " +
                           attribute.name);
  }
  return {};
}

// One way to satisfy a WHERE clause: terms on key attributes that must hold; of each attribute the first, and the first
// equality, which is all that a key condition is made of. The terms are the decomposer's: a clause may have a thousand
// of them, with large values, and each conjunction joins its branches anew.
struct Branch {
  std::vector<const KeyTerm*> terms;
  bool negated_range = false;  // has a <> or NOT on the range attribute, which may overlap with others

  void Add(const KeyTerm* term) {
    for (const KeyTerm* other : terms) {
      if (other->attribute != term->attribute) continue;
      if (other->op == RangeOperator::kEqual || term->op != RangeOperator::kEqual) return;
    }
    terms.push_back(term);
  }
};

// Breaks a WHERE clause down into alternatives, as far as keys are concerned.
class Decomposer {
 public:
  explicit Decomposer(const KeySchema& schema) : schema_(schema) {}

  Result<std::vector<Branch>> operator()(const ConditionNode& condition) {
    if (const auto* conjunction = std::get_if<expression::AndNode>(&condition.node)) return All(conjunction->terms);
    if (const auto* alternatives = std::get_if<expression::OrNode>(&condition.node)) return Any(alternatives->terms);
    if (const auto* in = std::get_if<expression::InNode>(&condition.node)) return Members(*in);
    Branch branch;
    if (auto term = AsTerm(condition)) {
      if (const KeyAttribute* attribute = FindKey(term->attribute)) {
        INSULA_TRY(CheckType(term->low, *attribute));
        if (term->op == RangeOperator::kBetween) INSULA_TRY(CheckType(term->high, *attribute));
        branch.Add(Keep(std::move(*term)));
      }
    } else {
      branch.negated_range = NegatesRange(condition);
    }
    return std::vector<Branch>{std::move(branch)};
  }

  bool too_many() const { return too_many_; }

 private:
  const KeyAttribute* FindKey(const std::string& name) const {
    for (const auto* attributes : {&schema_.hash, &schema_.range}) {
      for (const auto& attribute : *attributes) {
        if (attribute.name == name) return &attribute;
      }
    }
    return nullptr;
  }

  bool NegatesRange(const ConditionNode& condition) const {
    const bool negation = std::holds_alternative<expression::NotNode>(condition.node) ||
                          std::holds_alternative<expression::ComparisonNode>(condition.node);
    if (!negation || schema_.range.empty()) return false;
    bool found = false;
    expression::VisitPaths(condition, [&](const DocumentPath& path) {
      found = found || path.front().name() == schema_.range.front().name;
    });
    return found;
  }

  Result<std::vector<Branch>> All(const std::vector<ConditionNode>& terms) {
    std::vector<Branch> out(1);
    for (const auto& term : terms) {
      INSULA_ASSIGN(const auto alternatives, (*this)(term));
      std::vector<Branch> combined;
      for (const auto& left : out) {
        for (const auto& right : alternatives) {
          if (combined.size() > kReadsMax) break;
          Branch both = left;
          for (const KeyTerm* kept : right.terms) both.Add(kept);
          both.negated_range = both.negated_range || right.negated_range;
          combined.push_back(std::move(both));
        }
      }
      too_many_ = too_many_ || out.size() * alternatives.size() > kReadsMax;
      out = std::move(combined);
    }
    return out;
  }

  Result<std::vector<Branch>> Any(const std::vector<ConditionNode>& terms) {
    std::vector<Branch> out;
    for (const auto& term : terms) {
      INSULA_ASSIGN(auto alternatives, (*this)(term));
      for (auto& alternative : alternatives) out.push_back(std::move(alternative));
    }
    too_many_ = too_many_ || out.size() > kReadsMax;
    return out;
  }

  Result<std::vector<Branch>> Members(const expression::InNode& in) {
    std::vector<Branch> out;
    const std::string* name = NameOf(in.value);
    const KeyAttribute* attribute = name != nullptr ? FindKey(*name) : nullptr;
    const bool constants = std::all_of(in.candidates.begin(), in.candidates.end(), [](const auto& candidate) {
      return std::holds_alternative<Constant>(candidate);
    });
    if (attribute == nullptr || !constants) return std::vector<Branch>(1);
    for (const auto& candidate : in.candidates) {
      const AttributeValue& value = *std::get<Constant>(candidate);
      INSULA_TRY(CheckType(value, *attribute));
      Branch branch;
      branch.Add(Keep(KeyTerm{*name, RangeOperator::kEqual, value, {}}));
      out.push_back(std::move(branch));
    }
    too_many_ = too_many_ || out.size() > kReadsMax;
    return out;
  }

  const KeyTerm* Keep(KeyTerm term) { return &kept_.emplace_back(std::move(term)); }

  const KeySchema& schema_;
  std::deque<KeyTerm> kept_;  // their addresses stay
  bool too_many_ = false;
};

const KeyTerm* FindTerm(const Branch& branch, const std::string& name, bool equality_only) {
  const KeyTerm* found = nullptr;
  for (const KeyTerm* term : branch.terms) {
    if (term->attribute != name) continue;
    if (term->op == RangeOperator::kEqual) return term;
    if (found == nullptr && !equality_only) found = term;
  }
  return found;
}

// The best key condition for a branch, or nullopt if it doesn't give the hash key. What it leaves out is left to
// the filter.
std::optional<KeyCondition> ToKeyCondition(const Branch& branch, const KeySchema& schema) {
  KeyCondition out;
  for (const auto& attribute : schema.hash) {
    const KeyTerm* term = FindTerm(branch, attribute.name, true);
    if (term == nullptr) return std::nullopt;
    out.hash.push_back(term->low);
  }
  for (const auto& attribute : schema.range) {
    const KeyTerm* term = FindTerm(branch, attribute.name, false);
    if (term == nullptr) break;
    if (term->op == RangeOperator::kEqual && &attribute != &schema.range.back()) {
      out.range_prefix.push_back(term->low);
      continue;
    }
    out.op = term->op;
    out.low = term->low;
    out.high = term->high;
    break;
  }
  return out;
}

// The values of one range attribute that a condition allows.
struct Interval {
  const AttributeValue* low = nullptr;  // nullptr: unbounded
  const AttributeValue* high = nullptr;
  bool low_open = false;
  bool high_open = false;
  AttributeValue successor;  // of a prefix; `high` may point to it
};

void SetInterval(const KeyCondition& condition, Interval* out) {
  switch (condition.op) {
    case RangeOperator::kNone:
      break;
    case RangeOperator::kEqual:
      out->low = out->high = &condition.low;
      break;
    case RangeOperator::kLess:
    case RangeOperator::kLessOrEqual:
      out->high = &condition.low;
      out->high_open = condition.op == RangeOperator::kLess;
      break;
    case RangeOperator::kGreater:
    case RangeOperator::kGreaterOrEqual:
      out->low = &condition.low;
      out->low_open = condition.op == RangeOperator::kGreater;
      break;
    case RangeOperator::kBetween:
      out->low = &condition.low;
      out->high = &condition.high;
      break;
    case RangeOperator::kBeginsWith: {
      out->low = &condition.low;
      const auto* text = condition.low.As<std::string>();
      std::string bytes = text != nullptr ? *text : condition.low.As<Binary>()->bytes;
      while (!bytes.empty() && static_cast<unsigned char>(bytes.back()) == 0xFF) bytes.pop_back();
      if (bytes.empty()) break;
      bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) + 1);
      out->successor = text != nullptr ? AttributeValue::S(std::move(bytes)) : AttributeValue::B(std::move(bytes));
      out->high = &out->successor;
      out->high_open = true;
      break;
    }
  }
}

bool Precedes(const Interval& a, const Interval& b) {  // all of a before all of b
  if (a.high == nullptr || b.low == nullptr) return false;
  const auto order = CompareScalars(*a.high, *b.low);
  return order < 0 || (order == 0 && (a.high_open || b.low_open));
}

// Whether both can select one item. Precondition: equal hash keys.
bool Overlap(const KeyCondition& a, const KeyCondition& b) {
  const std::size_t common = std::min(a.range_prefix.size(), b.range_prefix.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a.range_prefix[i] != b.range_prefix[i]) return false;
  }
  if (a.range_prefix.size() != b.range_prefix.size()) return true;
  Interval x;
  Interval y;
  SetInterval(a, &x);
  SetInterval(b, &y);
  return !Precedes(x, y) && !Precedes(y, x);
}

bool Same(const KeyCondition& a, const KeyCondition& b) {
  return a.hash == b.hash && a.range_prefix == b.range_prefix && a.op == b.op && a.low == b.low && a.high == b.high;
}

}  // namespace

namespace {

// The terms of nested conjunctions, in the order of the text.
void Flatten(ConditionNode condition, std::vector<ConditionNode>* out) {
  if (auto* conjunction = std::get_if<expression::AndNode>(&condition.node)) {
    for (ConditionNode& term : conjunction->terms) Flatten(std::move(term), out);
  } else {
    out->push_back(std::move(condition));
  }
}

struct Equality {
  const std::string* attribute;
  const AttributeValue* value;
};

std::optional<Equality> AsEquality(const ConditionNode& condition, KeyForm form) {
  if (const auto* comparison = std::get_if<expression::ComparisonNode>(&condition.node)) {
    if (comparison->comparator != Comparator::kEqual) return std::nullopt;
    const bool mirrored = std::holds_alternative<Constant>(comparison->left);
    const std::string* name = NameOf(mirrored ? comparison->right : comparison->left);
    const auto* value = std::get_if<Constant>(mirrored ? &comparison->left : &comparison->right);
    if (name == nullptr || value == nullptr) return std::nullopt;
    return Equality{name, value->value.get()};
  }
  const auto* in = std::get_if<expression::InNode>(&condition.node);
  if (in == nullptr || form == KeyForm::kWrite || in->candidates.size() != 1) return std::nullopt;
  const std::string* name = NameOf(in->value);
  const auto* value = std::get_if<Constant>(&in->candidates.front());
  if (name == nullptr || value == nullptr) return std::nullopt;
  return Equality{name, value->value.get()};
}

bool GivesAttribute(const ConditionNode& condition, const std::string& name, KeyForm form) {
  if (const auto* conjunction = std::get_if<expression::AndNode>(&condition.node)) {
    return std::any_of(conjunction->terms.begin(), conjunction->terms.end(),
                       [&](const ConditionNode& term) { return GivesAttribute(term, name, form); });
  }
  const auto equality = AsEquality(condition, form);
  return equality && *equality->attribute == name;
}

}  // namespace

bool GivesKey(const Where& where, const KeySchema& schema, KeyForm form) {
  return where != nullptr && GivesAttribute(*where, schema.hash.front().name, form) &&
         (schema.range.empty() || GivesAttribute(*where, schema.range.front().name, form));
}

Where Conjunction(std::vector<ConditionNode> all) {
  if (all.empty()) return nullptr;
  if (all.size() == 1) return std::make_unique<ConditionNode>(std::move(all.front()));
  auto conjunction = std::make_unique<ConditionNode>();
  conjunction->node = expression::AndNode{std::move(all)};
  return conjunction;
}

Result<KeyedWhere> SplitByKey(Where where, const KeySchema& schema, KeyForm form) {
  if (!GivesKey(where, schema, form)) {
    return ValidationError("Where clause does not contain a mandatory equality on all key attributes");
  }
  std::vector<ConditionNode> terms;
  Flatten(std::move(*where), &terms);

  KeyedWhere out;
  std::vector<const KeyAttribute*> attributes = {&schema.hash.front()};
  if (!schema.range.empty()) attributes.push_back(&schema.range.front());
  for (const KeyAttribute* attribute : attributes) {
    std::optional<AttributeValue> given;
    std::vector<ConditionNode> rest;
    for (ConditionNode& term : terms) {
      const auto equality = AsEquality(term, form);
      if (equality && *equality->attribute == attribute->name) {
        if (!given) {
          INSULA_TRY(CheckType(*equality->value, *attribute));
          given = *equality->value;
          continue;
        }
        if (*equality->value == *given) continue;
        if (!out.conflicting) out.conflicting = attribute->name;
      }
      rest.push_back(std::move(term));
    }
    terms = std::move(rest);
    if (attribute == attributes.front()) {
      out.key.hash = std::move(*given);
    } else {
      out.key.range = std::move(*given);
    }
  }
  out.rest = Conjunction(std::move(terms));
  return out;
}

namespace {

struct Read {
  KeyCondition condition;
  bool may_overlap;
};

// The reads of one hash key, each once. Alternatives that overlap are refused, unless one of them may overlap: then
// the whole hash key is read.
Result<std::vector<KeyCondition>> MergeReads(const std::vector<const Read*>& reads) {
  std::vector<KeyCondition> distinct;
  bool overlap = false;
  bool allowed = false;
  for (const Read* read : reads) {
    allowed = allowed || read->may_overlap;
    bool known = false;
    for (const auto& other : distinct) {
      known = known || Same(other, read->condition);
      overlap = overlap || (!Same(other, read->condition) && Overlap(other, read->condition));
    }
    if (!known) distinct.push_back(read->condition);
  }
  if (!overlap) return distinct;
  if (!allowed) return ValidationError("Overlapping conditions with range keys are not supported in where clause");
  KeyCondition whole;
  whole.hash = reads.front()->condition.hash;
  return std::vector<KeyCondition>{std::move(whole)};
}

}  // namespace

Result<ReadPlan> PlanRead(Where where, const KeySchema& schema) {
  ReadPlan plan;
  if (where == nullptr) return plan;
  Decomposer decompose(schema);
  INSULA_ASSIGN(const auto branches, decompose(*where));
  std::vector<Read> reads;
  bool all_keyed = true;
  for (const auto& branch : branches) {
    auto condition = ToKeyCondition(branch, schema);
    all_keyed = condition.has_value();
    if (!all_keyed) break;
    reads.push_back({std::move(*condition), branch.negated_range});
  }
  plan.filter.emplace(std::move(*where));
  if (!all_keyed) return plan;
  if (decompose.too_many()) return ValidationError("Too many decomposed read operations for a given query.");

  std::vector<bool> done(reads.size());
  for (std::size_t i = 0; i < reads.size(); ++i) {
    if (done[i]) continue;
    std::vector<const Read*> group;
    for (std::size_t j = i; j < reads.size(); ++j) {
      if (reads[j].condition.hash != reads[i].condition.hash) continue;
      group.push_back(&reads[j]);
      done[j] = true;
    }
    INSULA_ASSIGN(auto merged, MergeReads(group));
    for (auto& read : merged) plan.reads.push_back(std::move(read));
  }
  return plan;
}

}  // namespace insula::partiql
