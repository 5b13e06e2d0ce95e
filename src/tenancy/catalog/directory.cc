#include "tenancy/catalog/directory.h"

#include <algorithm>

#include "base/seeded_hash.h"
#include "tenancy/identity/arn.h"

namespace insula::tenancy {
namespace {

std::size_t HashOf(std::string_view text) { return SeededHash(text); }

}  // namespace

Directory::KeyView Directory::KeyOf(const ContextNames& names) {
  std::uint64_t h = HashOf(TextOf(names.tenant));
  h = (h ^ HashOf(names.service.value())) * 0x9E3779B97F4A7C15u;
  h = (h ^ (h >> 32) ^ HashOf(names.environment.value())) * 0xD6E8FEB86659FD93u;
  return {names, h ^ (h >> 29)};
}

void Directory::Tables::Put(TablePtr table) {
  const std::size_t hash = HashOf(table->definition.name);
  auto at = std::lower_bound(slots_.begin(), slots_.end(), hash,
                             [](const Slot& slot, std::size_t wanted) { return slot.hash < wanted; });
  for (; at != slots_.end() && at->hash == hash; ++at) {
    if (at->table->definition.name == table->definition.name) {
      at->table = std::move(table);
      return;
    }
  }
  slots_.insert(at, Slot{hash, std::move(table)});
}

const TablePtr* Directory::Tables::Find(std::string_view name) const {
  const std::size_t hash = HashOf(name);
  auto at = std::lower_bound(slots_.begin(), slots_.end(), hash,
                             [](const Slot& slot, std::size_t wanted) { return slot.hash < wanted; });
  for (; at != slots_.end() && at->hash == hash; ++at) {
    if (at->table->definition.name == name) return &at->table;
  }
  return nullptr;
}

void Directory::Tables::Erase(std::string_view name) {
  const auto gone = std::remove_if(slots_.begin(), slots_.end(),
                                   [&](const Slot& slot) { return slot.table->definition.name == name; });
  slots_.erase(gone, slots_.end());
}

void Directory::PutContext(const ContextNames& names, const AccountId& account) {
  const KeyView key = KeyOf(names);
  Shard& shard = ShardOf(key);
  const ExclusiveLock lock(shard.mutex);
  shard.contexts[Key{names, key.hash}].account = account;
}

void Directory::EraseContext(const ContextNames& names) {
  const KeyView key = KeyOf(names);
  Shard& shard = ShardOf(key);
  const ExclusiveLock lock(shard.mutex);
  shard.contexts.erase(Key{names, key.hash});
}

std::optional<AccountId> Directory::AccountOf(const ContextNames& names) const {
  const KeyView key = KeyOf(names);
  Shard& shard = ShardOf(key);
  const SharedLock lock(shard.mutex);
  const auto found = shard.contexts.find(key);
  if (found == shard.contexts.end()) return std::nullopt;
  return found->second.account;
}

void Directory::PutTable(const ContextNames& names, TablePtr table) {
  const KeyView key = KeyOf(names);
  Shard& shard = ShardOf(key);
  const ExclusiveLock lock(shard.mutex);
  const auto found = shard.contexts.find(key);
  if (found != shard.contexts.end()) found->second.tables.Put(std::move(table));
}

void Directory::EraseTable(const ContextNames& names, std::string_view table) {
  const KeyView key = KeyOf(names);
  Shard& shard = ShardOf(key);
  const ExclusiveLock lock(shard.mutex);
  const auto found = shard.contexts.find(key);
  if (found != shard.contexts.end()) found->second.tables.Erase(table);
}

void Directory::PutShared(const ContextNames& service, std::vector<TablePtr> tables) {
  {
    const KeyView key = KeyOf(service);
    Shard& shard = ShardOf(key);
    const ExclusiveLock lock(shard.mutex);
    Entry& entry = shard.contexts[Key{service, key.hash}];
    entry.shared.Clear();
    for (TablePtr& table : tables) entry.shared.Put(std::move(table));
  }
  // First the generation, then the clearing: a lookup that derives from the former tables either sees the new
  // generation and keeps nothing, or has kept it before its shard is cleared here.
  shared_generation_.fetch_add(1);
  for (Shard& shard : shards_) {
    const ExclusiveLock lock(shard.mutex);
    for (auto& [key, entry] : shard.contexts) {
      const ContextNames& names = key.names;
      if (names.tenant && names.service == service.service && names.environment == service.environment)
        entry.shared.Clear();
    }
  }
}

Directory::Found Directory::Find(const ContextNames& names, std::string_view table, std::string_view region) const {
  {
    const KeyView key = KeyOf(names);
    Shard& shard = ShardOf(key);
    const SharedLock lock(shard.mutex);
    const auto context = shard.contexts.find(key);
    if (context == shard.contexts.end()) return {};
    const Entry& entry = context->second;
    if (const TablePtr* own = entry.tables.Find(table)) return {true, *own};
    if (!names.tenant) return {true, nullptr};
    if (const TablePtr* shared = entry.shared.Find(table)) return {true, *shared};
  }
  return {true, FindShared(names, table, region)};
}

TablePtr Directory::FindShared(const ContextNames& names, std::string_view table, std::string_view region) const {
  const std::uint64_t generation = shared_generation_.load();
  TablePtr original;
  {
    const ContextNames service = names.OfService();
    const KeyView key = KeyOf(service);
    Shard& shard = ShardOf(key);
    const SharedLock lock(shard.mutex);
    const auto context = shard.contexts.find(key);
    if (context == shard.contexts.end()) return nullptr;
    const TablePtr* found = context->second.shared.Find(table);
    if (found == nullptr) return nullptr;
    original = *found;
  }
  const KeyView key = KeyOf(names);
  Shard& shard = ShardOf(key);
  const ExclusiveLock lock(shard.mutex);
  const auto context = shard.contexts.find(key);
  if (context == shard.contexts.end()) return nullptr;
  auto derived = std::make_shared<Table>(*original);
  derived->arn = TableArn(region, context->second.account, table);
  derived->read_only = true;
  if (shared_generation_.load() == generation) context->second.shared.Put(derived);
  return derived;
}

}  // namespace insula::tenancy
