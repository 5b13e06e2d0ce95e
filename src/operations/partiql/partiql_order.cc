#include "operations/partiql/partiql_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace insula::operations {
namespace {

using expression::KeyCondition;
using expression::RangeOperator;
using partiql::OrderTerm;

bool IsIn(const std::string& name, const std::vector<KeyAttribute>& attributes) {
  return std::ranges::find(attributes, name, &KeyAttribute::name) != attributes.end();
}

// By the values of the hash key, and then by where in the range key a read begins. Reads don't overlap.
int CompareHashes(const KeyCondition& a, const KeyCondition& b) {
  for (std::size_t i = 0; i < a.hash.size(); ++i) {
    auto order = CompareScalars(a.hash[i], b.hash[i]);
    if (order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

std::vector<const AttributeValue*> BeginOf(const KeyCondition& read) {
  std::vector<const AttributeValue*> begin;
  for (const AttributeValue& value : read.range_prefix) begin.push_back(&value);
  bool bounded =
      read.op != RangeOperator::kNone && read.op != RangeOperator::kLess && read.op != RangeOperator::kLessOrEqual;
  if (bounded) begin.push_back(&read.low);
  return begin;
}

bool BeginsBefore(const KeyCondition& a, const KeyCondition& b) {
  return std::ranges::lexicographical_compare(
      BeginOf(a), BeginOf(b),
      [](const AttributeValue* left, const AttributeValue* right) { return CompareScalars(*left, *right) < 0; });
}

}  // namespace

Result<bool> OrderReads(const partiql::SelectStatement& statement, bool has_where, const KeySchema& keys,
                        partiql::ReadPlan* plan) {
  if (statement.order.empty()) return true;
  if (!has_where) {
    return ValidationError("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  std::optional<OrderTerm> hash;
  std::optional<OrderTerm> range;
  bool hash_first = true;
  for (const OrderTerm& term : statement.order) {
    if (IsIn(term.attribute, keys.hash)) {
      if (range && !hash) hash_first = false;
      if (!hash) hash = term;
    } else if (IsIn(term.attribute, keys.range)) {
      if (!range) range = term;
    } else {
      return ValidationError(
          fmt::format("Attribute {} in ORDER BY clause must be part of the primary key", term.attribute));
    }
  }
  std::vector<KeyCondition>& reads = plan->reads;
  if (reads.empty()) {
    return ValidationError(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
  }
  bool several = std::ranges::any_of(reads, [&](const KeyCondition& read) { return read.hash != reads.front().hash; });
  if (several && !hash) {
    return ValidationError(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.");
  }
  // That would be a merge of all partitions, where a page is a piece of each.
  if (several && !hash_first) {
    return ValidationError(
        "Hash key must come first in ORDER BY clause when more than one hash key condition specified in WHERE clause.");
  }
  // A range key that isn't named goes backward.
  bool forward = range && !range->descending;
  bool hash_forward = !hash || !hash->descending;
  std::ranges::stable_sort(reads, [&](const KeyCondition& a, const KeyCondition& b) {
    int order = CompareHashes(a, b);
    if (order != 0) return hash_forward ? order < 0 : order > 0;
    return forward ? BeginsBefore(a, b) : BeginsBefore(b, a);
  });
  return forward;
}

}  // namespace insula::operations
