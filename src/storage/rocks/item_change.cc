#include "storage/rocks/item_change.h"

#include <algorithm>
#include <set>

#include "model/expiry_time.h"
#include "model/item_size.h"
#include "rules/item_rules.h"
#include "storage/rocks/change_log.h"
#include "storage/rocks/index_row.h"
#include "storage/rocks/key_format.h"

namespace insula::storage::rocks {
namespace {

// A value of a byte or two, as long lists may have them, is an object of its own once it is decoded.
constexpr std::size_t kDecodedPerStored = 24;

class Planner {
 public:
  explicit Planner(const ChangeInput& input) : in_(input), request_(*input.request), schema_(*input.schema) {
    if (in_.old_item) old_size_ = static_cast<std::int64_t>(EncodedItem::SizeOfBytes(*in_.old_item));
  }

  Result<ItemChange> Plan() {
    if (NeedsOldTree() && in_.old_item) {
      old_ = EncodedItem::FromBytes(std::string(*in_.old_item));
      if (NeedsWholeOldTree()) old_map_ = old_.Decode();
    }
    if (!ConditionMet()) {
      change_.outcome.condition_met = false;
      Charge(BilledOldSize());
      KeepOldItem();
      return std::move(change_);
    }
    switch (request_.kind) {
      case WriteKind::kConditionCheck:
        Charge(BilledOldSize());
        return std::move(change_);
      case WriteKind::kPut:
        new_map_ = &request_.item;
        break;
      case WriteKind::kUpdate:
        INSULA_TRY(Update());
        break;
      case WriteKind::kDelete:
        break;
    }
    if (new_map_) {
      new_ = EncodedItem::From(*new_map_);
      new_size_ = static_cast<std::int64_t>(new_.size());
      if (request_.kind == WriteKind::kUpdate) {
        INSULA_TRY(rules::CheckUpdatedSize(static_cast<std::size_t>(new_size_)));
        INSULA_TRY(rules::CheckUpdatedIndexKeys(*new_map_, request_.update ? request_.update->attributes() : kNoNames,
                                                schema_));
      } else if (!schema_.indexes.empty()) {
        // The schema may have changed since the request was validated.
        INSULA_TRY(rules::CheckPutKeys(*new_map_, schema_));
      }
    }
    if (request_.mark) {
      change_.mark = MarkPrefix(request_.table, request_.mark->job);
      AppendBigEndian64(request_.mark->number, &*change_.mark);
    }
    const bool same = new_map_ && in_.old_item && new_.bytes() == *in_.old_item;
    if (new_map_ && !same) change_.row = ItemChange::Row::kPut;
    if (!new_map_ && in_.old_item) change_.row = ItemChange::Row::kDelete;
    Charge(std::max(BilledOldSize(), new_map_ ? BilledSize(*new_map_, new_size_) : 0));
    change_.counters.items = (new_map_ ? 1 : 0) - (in_.old_item ? 1 : 0);
    change_.counters.bytes = new_size_ - old_size_;
    change_.collection_bytes = new_size_ - old_size_;
    for (const IndexSchema& index : schema_.indexes) {
      // An index that is still being filled may lack an entry of an item that doesn't change.
      if (same && !index.backfilling) continue;
      INSULA_TRY(MaintainIndex(index));
    }
    MaintainExpiry();
    if (schema_.log_changes && change_.row != ItemChange::Row::kKeep) {
      std::optional<std::string_view> new_bytes;
      if (new_map_) new_bytes = new_.bytes();
      const std::string_view key = in_.row_key.substr(kItemPrefixSize);
      change_.logged = ChangeBody(key, in_.old_item, new_bytes, request_.by_time_to_live);
    }
    KeepOldItem();
    if (new_map_ && request_.want_items) {
      change_.outcome.new_item = std::move(new_);
    } else {
      change_.new_bytes = std::move(new_);
    }
    return std::move(change_);
  }

 private:
  static inline const std::vector<std::string> kNoNames;

  bool NeedsWholeOldTree() const { return request_.kind == WriteKind::kUpdate || !schema_.indexes.empty(); }
  bool NeedsOldTree() const { return NeedsWholeOldTree() || request_.condition || request_.want_items; }

  void KeepOldItem() {
    if (!in_.old_item || !(request_.want_items || !change_.outcome.condition_met)) return;
    change_.outcome.old_item = std::move(old_);
  }

  bool ConditionMet() const {
    if (!request_.condition) return true;
    if (!in_.old_item) return request_.condition->Evaluate(AttributeMap());
    if (NeedsWholeOldTree()) return request_.condition->Evaluate(old_map_);
    return request_.condition->Evaluate(old_);
  }

  Result<void> Update() {
    if (!in_.old_item) {
      if (request_.update && !request_.update->MakesItem()) return {};
      AddKeyTo(&old_map_, request_.key, schema_.key);
    }
    if (!request_.update) {
      updated_ = old_map_;
      new_map_ = &updated_;
    } else {
      INSULA_ASSIGN(auto outcome, request_.update->Apply(old_map_, request_.report));
      updated_ = std::move(outcome.item);
      change_.outcome.updated_old = std::move(outcome.updated_old);
      change_.outcome.updated_new = std::move(outcome.updated_new);
      new_map_ = &updated_;
    }
    if (!in_.old_item) old_map_ = AttributeMap();  // the bare key was only the update's base
    return {};
  }

  // What a write of an item is charged for: a vector that an index reads counts as the floats that it is kept as there,
  // whatever its numbers take.
  std::int64_t BilledSize(const AttributeMap& item, std::int64_t size) const {
    std::set<std::string_view> vectors;
    for (const IndexSchema& index : schema_.indexes) {
      if (!index.is_vector() || !rules::BelongsToIndex(item, index)) continue;
      if (!vectors.insert(index.vector.attribute).second) continue;
      size += static_cast<std::int64_t>(sizeof(float) * index.vector.dimensions);
      size -= static_cast<std::int64_t>(SizeOf(*item.Find(index.vector.attribute)));
    }
    return size;
  }
  std::int64_t BilledOldSize() const { return in_.old_item ? BilledSize(old_map_, old_size_) : 0; }

  void Charge(std::int64_t bytes) {
    if (request_.by_time_to_live) return;
    change_.charged_bytes = static_cast<std::uint64_t>(bytes);
    const HalfUnits cost = WriteCost(change_.charged_bytes) * (in_.transactional ? 2 : 1);
    change_.outcome.usage.table = cost;
    change_.counters.written_halves += cost.value();
  }

  void ChargeIndex(const IndexSchema& index, std::size_t entry_bytes) {
    if (request_.by_time_to_live) return;
    WriteUsage& usage = change_.outcome.usage;
    if (index.is_vector()) {
      if (usage.vector_indexes.empty() || usage.vector_indexes.back().first != index.id) {
        usage.vector_indexes.emplace_back(index.id, 0);
      }
      usage.vector_indexes.back().second += std::max(entry_bytes, kVectorWriteMin);
      return;
    }
    const HalfUnits cost = WriteCost(entry_bytes);
    if (usage.indexes.empty() || usage.indexes.back().first != index.id) {
      usage.indexes.emplace_back(index.id, HalfUnits());
    }
    usage.indexes.back().second += cost;
    change_.counters.written_halves += cost.value();
  }

  // A row that stays needn't be looked at: it is there, or whoever fills them has yet to come by.
  void MaintainExpiry() {
    if (schema_.ttl_attribute.empty()) return;
    std::optional<std::int64_t> before, after;
    if (in_.old_item) before = ExpirySecond(*in_.old_item, schema_.ttl_attribute);
    if (new_map_) after = ExpirySecond(new_.bytes(), schema_.ttl_attribute);
    if (before == after) return;
    change_.expiry_deleted = before;
    change_.expiry_put = after;
  }

  Result<void> MaintainIndex(const IndexSchema& index) {
    const tenancy::TableRef& table = request_.table;
    std::optional<IndexRow> before, after;
    if (in_.old_item) before = IndexRowOf(table, schema_, index, old_map_, old_, in_.row_key);
    if (new_map_) after = IndexRowOf(table, schema_, index, *new_map_, new_, in_.row_key);
    if (before && index.backfilling) {
      INSULA_ASSIGN(const bool exists, in_.index_row_exists(before->key));
      if (!exists) before.reset();
    }
    if (!before && !after) return {};
    const std::size_t before_size = before ? before->size : 0;
    const std::size_t after_size = after ? after->size : 0;
    ItemChange::IndexChange rows;
    if (before && after && before->key == after->key) {
      if (before->projected.bytes() == after->projected.bytes()) return {};
      ChargeIndex(index, std::max(before_size, after_size));
    } else {
      if (before) ChargeIndex(index, before_size);
      if (after) ChargeIndex(index, after_size);
      if (before) rows.deleted_key = std::move(before->key);
    }
    const auto bytes = static_cast<std::int64_t>(after_size) - static_cast<std::int64_t>(before_size);
    const std::int64_t excess = (after ? after->vector_excess : 0) - (before ? before->vector_excess : 0);
    change_.counters.indexes.push_back({index.id, (after ? 1 : 0) - (before ? 1 : 0), bytes, excess});
    if (index.local()) change_.collection_bytes += bytes;
    if (after) rows.put.emplace(std::move(after->key), IndexRowValue(index, *new_map_, &*after));
    change_.indexes.push_back(std::move(rows));
    return {};
  }

  const ChangeInput& in_;
  const WriteRequest& request_;
  const TableSchema& schema_;
  std::int64_t old_size_ = 0;
  std::int64_t new_size_ = 0;
  EncodedItem old_;
  EncodedItem new_;
  AttributeMap old_map_;
  AttributeMap updated_;
  const AttributeMap* new_map_ = nullptr;
  ItemChange change_;
};

}  // namespace

std::size_t MemoryOf(const ItemChange& change) {
  // In the batch once more, until the log has it.
  std::size_t bytes = 2 * change.new_item().bytes().size();
  for (const ItemChange::IndexChange& index : change.indexes) {
    if (index.deleted_key) bytes += 2 * index.deleted_key->size();
    if (index.put) bytes += 2 * (index.put->first.size() + index.put->second.size());
  }
  if (change.logged) bytes += 2 * change.logged->size();
  if (change.outcome.old_item) bytes += change.outcome.old_item->bytes().size();
  for (const AttributeMap* part : {&change.outcome.updated_old, &change.outcome.updated_new}) {
    if (!part->empty()) bytes += SizeOf(*part) * kDecodedPerStored;
  }
  return bytes;
}

Result<ItemChange> PlanChange(const ChangeInput& input) { return Planner(input).Plan(); }

void AppendChange(ItemChange* change, std::string_view row_key, TableState* table, CommitRequest* commit) {
  if (change->row == ItemChange::Row::kPut) commit->batch.Put(row_key, change->new_item().bytes());
  if (change->row == ItemChange::Row::kDelete) commit->batch.Delete(row_key);
  for (const ItemChange::IndexChange& index : change->indexes) {
    if (index.deleted_key) commit->batch.Delete(*index.deleted_key);
    if (index.put) commit->batch.Put(index.put->first, index.put->second);
  }
  if (change->expiry_deleted) commit->batch.Delete(ExpiryRowKey(row_key, *change->expiry_deleted));
  if (change->expiry_put) commit->batch.Put(ExpiryRowKey(row_key, *change->expiry_put), "");
  if (change->mark) commit->batch.Put(*change->mark, "");
  CountersDelta& counters = commit->CountersOf(table);
  counters.items += change->counters.items;
  counters.bytes += change->counters.bytes;
  counters.written_halves += change->counters.written_halves;
  for (const TableCounters::Index& index : change->counters.indexes) counters.indexes.push_back(index);
  if (change->logged) commit->changes.push_back({table, *std::move(change->logged)});
}

bool HasLocalIndexes(const TableSchema& schema) {
  return std::any_of(schema.indexes.begin(), schema.indexes.end(), [](const auto& index) { return index.local(); });
}

bool HasBackfillingIndexes(const TableSchema& schema) {
  return std::any_of(schema.indexes.begin(), schema.indexes.end(), [](const auto& index) { return index.backfilling; });
}

}  // namespace insula::storage::rocks
