#include "expression/search_condition.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "expression/ast.h"
#include "expression/condition_parser.h"

namespace insula::expression {
namespace {

constexpr std::string_view kWhich = "SearchConditionExpression";
constexpr std::size_t kPartitionTermsMax = 1;
constexpr std::size_t kFilterTermsMax = 20;

// Turns the tree into terms, or finds the first reason in the text's order why it is none.
class SearchTermCollector {
 public:
  Result<void> operator()(const ConditionNode& condition) { return std::visit(*this, condition.node); }

  Result<void> operator()(const AndNode& n) {
    for (const ConditionNode& term : n.terms) INSULA_TRY((*this)(term));
    return {};
  }
  Result<void> operator()(const ComparisonNode& n) {
    if (n.comparator != Comparator::kEqual) return Invalid("Invalid comparator used in SearchConditionExpression");
    const bool mirrored = std::holds_alternative<Constant>(n.left);
    const Operand& attribute = mirrored ? n.right : n.left;
    const Operand& value = mirrored ? n.left : n.right;
    const auto* path = std::get_if<DocumentPath>(&attribute);
    const auto* constant = std::get_if<Constant>(&value);
    if (path == nullptr || constant == nullptr) return Invalid("Invalid operator used in SearchConditionExpression");
    if (path->size() > 1) return Invalid("SearchConditionExpression cannot have conditions on nested attributes");
    return Add(path->front().name(), **constant);
  }
  // Whatever else there is: OR, NOT, BETWEEN, IN, functions.
  template <class Other>
  Result<void> operator()(const Other&) {
    return Invalid("Invalid operator used in SearchConditionExpression");
  }

  std::vector<SearchTerm> Take() { return std::move(terms_); }

 private:
  static Error Invalid(std::string_view why) {
    return ValidationError("Invalid SearchConditionExpression: " + std::string(why));
  }

  Result<void> Add(const std::string& attribute, const AttributeValue& value) {
    if (!names_.insert(attribute).second) {
      return Invalid("SearchConditionExpression must only contain one condition per attribute");
    }
    terms_.push_back({attribute, value});
    return {};
  }

  std::vector<SearchTerm> terms_;
  std::set<std::string_view> names_;  // of the terms, in the tree
};

Result<void> CheckType(const AttributeValue& value, const KeyAttribute& attribute) {
  if (value.type() == attribute.type) return {};
  return ValidationError(
      fmt::format("Search condition value for attribute '{}' does not match type in search schema", attribute.name));
}

}  // namespace

Result<std::vector<SearchTerm>> ParseSearchCondition(std::string_view text, Placeholders& placeholders) {
  INSULA_ASSIGN(const auto root, ParseCondition(text, placeholders, kWhich));
  SearchTermCollector collector;
  INSULA_TRY(collector(*root));
  std::vector<SearchTerm> terms = collector.Take();
  if (terms.size() > kPartitionTermsMax + kFilterTermsMax) {
    return ValidationError(fmt::format(
        "Invalid SearchConditionExpression: SearchConditionExpression cannot have more than {} partition key "
        "and more than {} inline filter key attributes",
        kPartitionTermsMax, kFilterTermsMax));
  }
  return terms;
}

Result<SearchCondition> ResolveSearchTerms(const std::vector<SearchTerm>& terms, const IndexSchema& index) {
  const auto find = [](const std::vector<KeyAttribute>& attributes, const std::string& name) {
    return std::ranges::find(attributes, name, &KeyAttribute::name);
  };
  const std::vector<KeyAttribute>& hash = index.key.hash;
  const std::vector<KeyAttribute>& filters = index.vector.filters;
  if (terms.empty() && !hash.empty()) {
    return ValidationError("SearchConditionExpression must be provided when SearchSchema has a HASH key");
  }
  for (const SearchTerm& term : terms) {
    if (find(hash, term.attribute) == hash.end() && find(filters, term.attribute) == filters.end()) {
      return ValidationError(
          "SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: " +
          term.attribute);
    }
  }
  SearchCondition condition;
  condition.filters.resize(filters.size());
  for (const SearchTerm& term : terms) {
    if (const auto filter = find(filters, term.attribute); filter != filters.end()) {
      condition.filters[static_cast<std::size_t>(filter - filters.begin())] = term.value;
    } else {
      condition.partition = term.value;
    }
  }
  if (!hash.empty() && !condition.partition) {
    return ValidationError("SearchConditionExpression must have all HASH attributes");
  }
  for (const SearchTerm& term : terms) {
    const auto filter = find(filters, term.attribute);
    INSULA_TRY(CheckType(term.value, filter != filters.end() ? *filter : hash.front()));
  }
  return condition;
}

}  // namespace insula::expression
