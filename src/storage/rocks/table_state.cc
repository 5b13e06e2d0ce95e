#include "storage/rocks/table_state.h"

#include "base/check.h"
#include "storage/refusal.h"
#include "storage/rocks/key_format.h"

namespace insula::storage::rocks {

TableState::TableState(tenancy::TableRef table, TableCounters counters, WallTime last_change_at)
    : table_(std::move(table)),
      counters_row_key_(CountersRowKey(table_)),
      schema_(table_.shared_schema()),
      counters_(std::move(counters)),
      next_counters_(counters_),
      last_change_at_(last_change_at) {}

TableState::Writer& TableState::Writer::operator=(Writer&& other) noexcept {
  if (this != &other) {
    Leave();
    table_ = std::exchange(other.table_, nullptr);
    slot_ = other.slot_;
    schema_ = std::move(other.schema_);
  }
  return *this;
}

Result<TableState::Writer> TableState::Enter() {
  Writer writer;
  const MutexLock lock(mutex_);
  if (dropped_) return Refused(Refusal::kTableGone);
  writer.table_ = this;
  writer.slot_ = current_epoch_;
  writer.schema_ = schema_;
  ++epochs_[current_epoch_].writers;
  return writer;
}

void TableState::Writer::Leave() {
  if (!table_) return;
  std::vector<Suspended> drained;
  {
    const MutexLock lock(table_->mutex_);
    auto epoch = table_->epochs_.find(slot_);
    INSULA_CHECK(epoch != table_->epochs_.end() && epoch->second.writers > 0);
    if (--epoch->second.writers == 0 && slot_ != table_->current_epoch_) {
      drained = std::move(epoch->second.drained);
      table_->epochs_.erase(epoch);
    }
  }
  table_ = nullptr;
  if (!drained.empty()) ResumeAll(&drained);
}

Task<void> TableState::WaitForOlderWriters() {
  // Every older epoch that still has writers, one after the other; no writer enters an old one any more.
  for (;;) {
    std::optional<std::size_t> older;
    {
      const MutexLock lock(mutex_);
      for (auto& [slot, epoch] : epochs_) {
        if (slot != current_epoch_) older = slot;
      }
    }
    if (!older) co_return;
    co_await Suspend([this, slot = *older](Suspended caller) {
      std::optional<Suspended> at_once;
      {
        const MutexLock lock(mutex_);
        auto epoch = epochs_.find(slot);
        if (epoch == epochs_.end()) {
          at_once.emplace(std::move(caller));
        } else {
          epoch->second.drained.push_back(std::move(caller));
        }
      }
      if (at_once) Resume(*std::move(at_once));
    });
  }
}

Task<void> TableState::SetSchema(std::shared_ptr<const TableSchema> schema) {
  {
    const MutexLock lock(mutex_);
    if (schema->epoch >= schema_->epoch) schema_ = std::move(schema);
    auto current = epochs_.find(current_epoch_);
    if (current != epochs_.end() && current->second.writers == 0) epochs_.erase(current);
    ++current_epoch_;
  }
  co_await WaitForOlderWriters();
}

Task<void> TableState::Drop() {
  {
    const MutexLock lock(mutex_);
    dropped_ = true;
    auto current = epochs_.find(current_epoch_);
    if (current != epochs_.end() && current->second.writers == 0) epochs_.erase(current);
    ++current_epoch_;
  }
  co_await WaitForOlderWriters();
}

std::shared_ptr<const TableSchema> TableState::schema() const {
  const MutexLock lock(mutex_);
  return schema_;
}

TableCounters TableState::counters() const {
  const MutexLock lock(mutex_);
  return counters_;
}

void TableState::PublishCounters() {
  const MutexLock lock(mutex_);
  counters_ = next_counters_;
}

void TableState::RevertCounters() {
  const MutexLock lock(mutex_);
  next_counters_ = counters_;
}

void TableState::NoteFirstChange(std::uint64_t sequence) {
  std::uint64_t known = first_change();
  while (known < sequence && !first_change_.compare_exchange_weak(known, sequence, std::memory_order_relaxed)) {
  }
}

void TableState::NoteDue(std::int64_t second) {
  std::int64_t known = next_due_.load();
  while (second < known && !next_due_.compare_exchange_weak(known, second)) {
  }
}

CollectionSize* TableState::FindCollection(const std::string& row_key) {
  const MutexLock lock(mutex_);
  auto found = collections_.find(row_key);
  if (found == collections_.end()) return nullptr;
  ++found->second.users;
  return &found->second.size;
}

CollectionSize* TableState::AddCollection(const std::string& row_key, std::int64_t committed) {
  const MutexLock lock(mutex_);
  Collection& collection = collections_[row_key];
  if (collection.users == 0) {
    collection.size.row_key = row_key;
    collection.size.committed = committed;
    collection.size.promised = committed;
  }
  ++collection.users;
  return &collection.size;
}

void TableState::LeaveCollection(CollectionSize* collection) {
  const MutexLock lock(mutex_);
  const auto found = collections_.find(collection->row_key);
  if (--found->second.users == 0) collections_.erase(found);
}

std::size_t TableStates::PlaceHash::operator()(const Place& place) const {
  std::uint64_t hash = place.incarnation * 0x9E3779B97F4A7C15ULL;
  hash ^= (static_cast<std::uint64_t>(place.table) << 32 | place.tenant) + (hash << 6) + (hash >> 2);
  hash ^= place.store + (hash << 6) + (hash >> 2);
  return hash;
}

TableStates::Place TableStates::PlaceOf(const tenancy::TableRef& table) {
  return {table.incarnation().value(), table.store().value(), table.table().value(), table.tenant().value()};
}

std::shared_ptr<TableState> TableStates::Find(const tenancy::TableRef& table) const {
  const Place place = PlaceOf(table);
  Shard& shard = ShardOf(place);
  const MutexLock lock(shard.mutex);
  auto found = shard.states.find(place);
  return found == shard.states.end() ? nullptr : found->second;
}

std::shared_ptr<TableState> TableStates::Add(std::shared_ptr<TableState> state) {
  const Place place = PlaceOf(state->table());
  Shard& shard = ShardOf(place);
  const MutexLock lock(shard.mutex);
  return shard.states.try_emplace(place, std::move(state)).first->second;
}

void TableStates::Remove(const tenancy::TableRef& table) {
  const Place place = PlaceOf(table);
  Shard& shard = ShardOf(place);
  const MutexLock lock(shard.mutex);
  shard.states.erase(place);
}

void TableStates::RemoveStore(StoreId store) {
  for (Shard& shard : shards_) {
    const MutexLock lock(shard.mutex);
    std::erase_if(shard.states, [&](const auto& entry) { return entry.first.store == store.value(); });
  }
}

}  // namespace insula::storage::rocks
