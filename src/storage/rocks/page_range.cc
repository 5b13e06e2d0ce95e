#include "storage/rocks/page_range.h"

#include <algorithm>

#include "base/check.h"
#include "storage/refusal.h"
#include "storage/rocks/index_row.h"
#include "storage/rocks/key_format.h"

namespace insula::storage::rocks {
namespace {

using expression::KeyCondition;
using expression::RangeOperator;

// How one range attribute's values lie in row keys: in an index self-delimiting and followed by more, in the table raw
// and last.
class RangeBytes {
 public:
  RangeBytes(std::string prefix, bool in_index) : prefix_(std::move(prefix)), in_index_(in_index) {}

  // The first row key with this value, and the first after all with it.
  std::string At(const AttributeValue& value) const {
    std::string key = prefix_;
    in_index_ ? AppendPart(value, &key) : AppendOrderedScalar(value, &key);
    return key;
  }
  std::string After(const AttributeValue& value) const {
    std::string key = At(value);
    if (in_index_) return SuccessorOf(std::move(key));
    key.push_back('\0');
    return key;
  }
  // Where the values that begin with this one begin.
  std::string Prefix(const AttributeValue& value) const {
    std::string key = prefix_;
    in_index_ ? AppendPartPrefix(value, &key) : static_cast<void>(key.append(BytesOf(value)));
    return key;
  }
  const std::string& prefix() const { return prefix_; }

 private:
  std::string prefix_;
  bool in_index_;
};

PageRange RangeOfCondition(const KeyCondition& condition, const RangeBytes& range) {
  PageRange out{range.prefix(), SuccessorOf(range.prefix())};
  switch (condition.op) {
    case RangeOperator::kNone:
      break;
    case RangeOperator::kEqual:
      out = {range.At(condition.low), range.After(condition.low)};
      break;
    case RangeOperator::kLess:
      out.upper = range.At(condition.low);
      break;
    case RangeOperator::kLessOrEqual:
      out.upper = range.After(condition.low);
      break;
    case RangeOperator::kGreater:
      out.lower = range.After(condition.low);
      break;
    case RangeOperator::kGreaterOrEqual:
      out.lower = range.At(condition.low);
      break;
    case RangeOperator::kBetween:
      out = {range.At(condition.low), range.After(condition.high)};
      break;
    case RangeOperator::kBeginsWith:
      out = {range.Prefix(condition.low), SuccessorOf(range.Prefix(condition.low))};
      break;
  }
  return out;
}

std::optional<std::string> StartRowKey(const PageRequest& request, const TableSchema& schema,
                                       const IndexSchema* index) {
  const AttributeMap& start = *request.exclusive_start_key;
  for (const std::string& name : KeyNames(schema, index)) {
    if (!start.Find(name)) return std::nullopt;
  }
  std::string item_row_key = ItemRowKey(request.table, KeyOf(start, schema.key));
  if (!index) return item_row_key;
  return IndexRowKeyOf(request.table, *index, start, item_row_key);
}

}  // namespace

std::uint64_t FirstHashOf(std::uint32_t segment, std::uint32_t total) {
  __extension__ using Uint128 = unsigned __int128;
  return static_cast<std::uint64_t>(((static_cast<Uint128>(segment) << 64) + total - 1) / total);
}

Result<PageRange> PageRangeOf(const PageRequest& request, const TableSchema& schema, const IndexSchema* index) {
  std::string prefix;
  if (index) {
    AppendIndexPrefix(request.table, index->id, &prefix);
  } else {
    AppendRowPrefix(request.table, RowKind::kItem, &prefix);
  }
  PageRange range;
  if (request.key_condition) {
    const KeyCondition& condition = *request.key_condition;
    if (index) {
      AppendIndexHash(condition.hash, &prefix);
    } else {
      AppendHashPrefix(condition.hash.front(), &prefix);
    }
    for (const AttributeValue& value : condition.range_prefix) AppendPart(value, &prefix);
    range = RangeOfCondition(condition, RangeBytes(std::move(prefix), index != nullptr));
  } else {
    range = {prefix, SuccessorOf(prefix)};
    if (request.segment && request.segment->total > 1) {
      const auto [number, total] = *request.segment;
      range.lower = prefix;
      AppendBigEndian64(FirstHashOf(number, total), &range.lower);
      if (number + 1 < total) {
        range.upper = prefix;
        AppendBigEndian64(FirstHashOf(number + 1, total), &range.upper);
      }
    }
  }
  if (request.exclusive_start_key) {
    std::optional<std::string> start = StartRowKey(request, schema, index);
    if (!start) return Refused(Refusal::kStartIncomplete);
    if (request.segment && (*start < range.lower || *start >= range.upper)) {
      return StartElsewhere(*request.segment);
    }
    if (request.forward) {
      start->push_back('\0');
      range.lower = std::max(range.lower, *std::move(start));
    } else {
      range.upper = std::min(range.upper, *std::move(start));
    }
  }
  return range;
}

}  // namespace insula::storage::rocks
