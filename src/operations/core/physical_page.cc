#include "operations/core/physical_page.h"

#include <algorithm>
#include <utility>

#include "model/item_size.h"
#include "model/primary_key.h"
#include "operations/core/call.h"
#include "operations/core/scan_segment.h"

namespace insula::operations {
namespace {

using expression::RangeOperator;

const std::string& BytesOf(const AttributeValue& value) { return value.As<Binary>()->bytes; }

// Where a storage key lies with respect to the key condition, in key order.
enum class Place : std::uint8_t { kBefore, kInside, kBehind };

Place PlaceOf(const std::string& key, const expression::KeyCondition& condition) {
  auto inside_if = [](bool inside, Place otherwise) { return inside ? Place::kInside : otherwise; };
  if (condition.op == RangeOperator::kNone) return Place::kInside;
  const std::string& low = BytesOf(condition.low);
  switch (condition.op) {
    case RangeOperator::kNone:
      break;
    case RangeOperator::kEqual:
      return key < low ? Place::kBefore : inside_if(key == low, Place::kBehind);
    case RangeOperator::kLess:
      return inside_if(key < low, Place::kBehind);
    case RangeOperator::kLessOrEqual:
      return inside_if(key <= low, Place::kBehind);
    case RangeOperator::kGreater:
      return inside_if(key > low, Place::kBefore);
    case RangeOperator::kGreaterOrEqual:
      return inside_if(key >= low, Place::kBefore);
    case RangeOperator::kBetween:
      return key < low ? Place::kBefore : inside_if(key <= BytesOf(condition.high), Place::kBehind);
    case RangeOperator::kBeginsWith:
      return key.starts_with(low) ? Place::kInside : inside_if(false, key < low ? Place::kBefore : Place::kBehind);
  }
  return Place::kInside;
}

// What is left to read of a page, and what was read.
class PageBuilder {
 public:
  explicit PageBuilder(const storage::PageRequest& request) : request_(request) {}

  bool full() const {
    return page_.bytes >= request_.bytes_max || (request_.limit && page_.scanned_count >= *request_.limit);
  }
  std::size_t bytes_left() const { return request_.bytes_max - page_.bytes; }
  std::optional<std::uint64_t> items_left() const {
    if (!request_.limit) return std::nullopt;
    return *request_.limit - page_.scanned_count;
  }

  void Add(const PooledItem& item, std::size_t bytes) {
    page_.bytes += bytes;
    ++page_.scanned_count;
    last_ = item.starting_key();
    if (request_.filter != nullptr && !request_.filter->Evaluate(item.attributes())) return;
    ++page_.count;
    if (!request_.count_only) page_.items.push_back(item.encoded());
  }

  // The page, to be continued if it is full.
  storage::Page Take() && {
    if (full()) page_.last_evaluated_key = std::move(last_);
    return std::move(page_);
  }

 private:
  const storage::PageRequest& request_;
  storage::Page page_;
  std::optional<AttributeMap> last_;
};

// The parts to read, in the order of reading. The first of them may be the one that the starting key is in.
Result<std::vector<tenancy::PooledPart>> Chosen(std::vector<tenancy::PooledPart> parts,
                                                const storage::PageRequest& request) {
  std::ranges::sort(parts, {}, &tenancy::PooledPart::tenant);
  std::erase_if(parts, [&](const tenancy::PooledPart& part) {
    if (!IsSettled(part.table->definition.status)) return true;
    const std::string& tenant = part.tenant.value();
    if (request.key_condition && *request.key_condition->hash.front().As<std::string>() != tenant) return true;
    return request.segment && !IsInSegment(AttributeValue::S(tenant), *request.segment);
  });
  if (!request.exclusive_start_key) return parts;
  const std::string& from = *request.exclusive_start_key->Find(kPooledHashName)->As<std::string>();
  if (request.segment) INSULA_TRY(CheckInSegment(AttributeValue::S(from), *request.segment));
  std::erase_if(parts, [&](const tenancy::PooledPart& part) { return part.tenant.value() < from; });
  return parts;
}

// Where reading a part begins: behind the starting key, if that is in it; else at the lower bound of the key condition
// where it is a possible key (then an item with that very key is read apart).
std::optional<PrimaryKey> BoundOf(const std::string& bytes, const tenancy::PooledPart& part) {
  Result<PrimaryKey> key = DecodeKey(bytes, part.table->definition.schema->key);
  if (!key.ok()) return std::nullopt;
  return std::move(key).value();
}

bool HasLowerBound(RangeOperator op) {
  return op == RangeOperator::kGreater || op == RangeOperator::kGreaterOrEqual || op == RangeOperator::kBetween ||
         op == RangeOperator::kEqual;
}

}  // namespace

PooledItem::PooledItem(const tenancy::PooledPart& part, AttributeMap item)
    : key_(EncodeKey(KeyOf(item, part.table->definition.schema->key))), attributes_(std::move(item)) {
  attributes_.Set(kPooledHashName, AttributeValue::S(part.tenant.value()));
  attributes_.Set(kPooledRangeName, AttributeValue::B(key_));
}

AttributeMap PooledItem::starting_key() const {
  AttributeMap key;
  for (const char* name : {kPooledHashName, kPooledRangeName}) key.Set(name, *attributes_.Find(name));
  return key;
}

Task<Result<storage::Page>> ComposePage(storage::Engine& engine, std::vector<tenancy::PooledPart> all_parts,
                                        storage::PageRequest request, ComputePool* compute) {
  INSULA_CO_ASSIGN(std::vector<tenancy::PooledPart> parts, Chosen(std::move(all_parts), request));
  PageBuilder builder(request);
  for (const tenancy::PooledPart& part : parts) {
    const KeySchema& schema = part.table->definition.schema->key;
    std::optional<PrimaryKey> after;
    bool started = request.exclusive_start_key &&
                   *request.exclusive_start_key->Find(kPooledHashName)->As<std::string>() == part.tenant.value();
    if (started) {
      after = BoundOf(BytesOf(*request.exclusive_start_key->Find(kPooledRangeName)), part);
      if (!after) co_return ValidationError("The provided starting key is invalid");
    } else if (request.forward && request.key_condition && HasLowerBound(request.key_condition->op)) {
      after = BoundOf(BytesOf(request.key_condition->low), part);
      if (after && request.key_condition->op != RangeOperator::kGreater) {
        storage::GetRequest get{part.table->ref, *after, request.consistent_read};
        Result<storage::MaybeItem> item = co_await engine.Get(std::move(get));
        if (!item.ok()) co_return std::move(item).error();
        if (*item) builder.Add(PooledItem(part, (*item)->Decode()), (*item)->size());
      }
    }
    for (bool more = true; more && !builder.full();) {
      storage::PageRequest page{.table = part.table->ref};
      page.forward = request.forward;
      page.consistent_read = request.consistent_read;
      if (after) {
        page.exclusive_start_key.emplace();
        AddKeyTo(&*page.exclusive_start_key, *after, schema);
      }
      if (!request.key_condition) page.limit = builder.items_left();
      page.bytes_max = builder.bytes_left();
      Result<storage::Page> read = co_await engine.ReadPage(std::move(page));
      if (!read.ok()) co_return std::move(read).error();
      more = read->last_evaluated_key.has_value();
      if (more) after = KeyOf(*read->last_evaluated_key, schema);
      auto take = [&] {
        for (const EncodedItem& encoded : read->items) {
          if (builder.full()) break;
          PooledItem item(part, encoded.Decode());
          Place place = request.key_condition ? PlaceOf(item.key(), *request.key_condition) : Place::kInside;
          if (place == Place::kInside) {
            builder.Add(item, encoded.size());
            continue;
          }
          // Past the end in the direction of reading: nothing further can match.
          if (place == (request.forward ? Place::kBehind : Place::kBefore)) more = false;
        }
        return true;
      };
      // Each item is made anew and looked at by the filter: more than writing it takes.
      std::size_t work = 0;
      for (const EncodedItem& encoded : read->items) work += 4 * encoded.bytes().size();
      if (request.filter != nullptr) {
        for (const EncodedItem& encoded : read->items) work += request.filter->WorkOn(encoded.bytes().size()) / 8;
      }
      co_await ComputeWhereItFits(compute, work, take);
    }
    if (builder.full()) break;
  }
  co_return std::move(builder).Take();
}

}  // namespace insula::operations
