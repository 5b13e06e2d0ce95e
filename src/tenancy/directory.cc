#include "tenancy/directory.h"

#include "tenancy/arn.h"

namespace insula::tenancy {

std::size_t Directory::HashOf(const ContextNames& names) {
  const std::hash<std::string_view> hash;
  std::uint64_t h = hash(names.tenant.value());
  h = (h ^ hash(names.service.value())) * 0x9E3779B97F4A7C15u;
  h = (h ^ (h >> 32) ^ hash(names.environment.value())) * 0xD6E8FEB86659FD93u;
  return h ^ (h >> 29);
}

void Directory::PutContext(const ContextNames& names, const AccountId& account) {
  Shard& shard = ShardOf(names);
  const std::unique_lock lock(shard.mutex);
  shard.contexts[names].account = account;
}

void Directory::EraseContext(const ContextNames& names) {
  Shard& shard = ShardOf(names);
  const std::unique_lock lock(shard.mutex);
  shard.contexts.erase(names);
}

std::optional<AccountId> Directory::AccountOf(const ContextNames& names) const {
  Shard& shard = ShardOf(names);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.contexts.find(names);
  if (found == shard.contexts.end()) return std::nullopt;
  return found->second.account;
}

void Directory::PutTable(const ContextNames& names, TablePtr table) {
  Shard& shard = ShardOf(names);
  const std::unique_lock lock(shard.mutex);
  const auto found = shard.contexts.find(names);
  if (found == shard.contexts.end()) return;
  found->second.tables.insert_or_assign(table->definition.name, std::move(table));
}

void Directory::EraseTable(const ContextNames& names, std::string_view table) {
  Shard& shard = ShardOf(names);
  const std::unique_lock lock(shard.mutex);
  const auto context = shard.contexts.find(names);
  if (context == shard.contexts.end()) return;
  const auto found = context->second.tables.find(table);
  if (found != context->second.tables.end()) context->second.tables.erase(found);
}

void Directory::PutShared(const ContextNames& service, std::vector<TablePtr> tables) {
  {
    Shard& shard = ShardOf(service);
    const std::unique_lock lock(shard.mutex);
    Entry& entry = shard.contexts[service];
    entry.shared.clear();
    for (TablePtr& table : tables) entry.shared.insert_or_assign(table->definition.name, std::move(table));
  }
  // First the generation, then the clearing: a lookup that derives from the former tables either sees the new
  // generation and keeps nothing, or has kept it before its shard is cleared here.
  shared_generation_.fetch_add(1);
  for (Shard& shard : shards_) {
    const std::unique_lock lock(shard.mutex);
    for (auto& [names, entry] : shard.contexts) {
      const bool tenant = !names.tenant.value().empty();
      if (tenant && names.service == service.service && names.environment == service.environment) entry.shared.clear();
    }
  }
}

Directory::Found Directory::Find(const ContextNames& names, std::string_view table, std::string_view region) const {
  {
    Shard& shard = ShardOf(names);
    const std::shared_lock lock(shard.mutex);
    const auto context = shard.contexts.find(names);
    if (context == shard.contexts.end()) return {};
    const Entry& entry = context->second;
    if (const auto own = entry.tables.find(table); own != entry.tables.end()) return {true, own->second};
    if (names.tenant.value().empty()) return {true, nullptr};
    if (const auto shared = entry.shared.find(table); shared != entry.shared.end()) return {true, shared->second};
  }
  return {true, FindShared(names, table, region)};
}

TablePtr Directory::FindShared(const ContextNames& names, std::string_view table, std::string_view region) const {
  const std::uint64_t generation = shared_generation_.load();
  TablePtr original;
  {
    const ContextNames service{names.environment, names.service, TenantId("")};
    Shard& shard = ShardOf(service);
    const std::shared_lock lock(shard.mutex);
    const auto context = shard.contexts.find(service);
    if (context == shard.contexts.end()) return nullptr;
    const auto found = context->second.shared.find(table);
    if (found == context->second.shared.end()) return nullptr;
    original = found->second;
  }
  Shard& shard = ShardOf(names);
  const std::unique_lock lock(shard.mutex);
  const auto context = shard.contexts.find(names);
  if (context == shard.contexts.end()) return nullptr;
  auto derived = std::make_shared<Table>(*original);
  derived->arn = TableArn(region, context->second.account, table);
  derived->read_only = true;
  if (shared_generation_.load() == generation) context->second.shared.insert_or_assign(std::string(table), derived);
  return derived;
}

}  // namespace insula::tenancy
