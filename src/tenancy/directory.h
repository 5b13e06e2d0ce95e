// What every request looks up: contexts and their tables by name. Hash maps in shards of their own locks; a lookup
// takes one shared lock, builds no string and allocates nothing. Internal to the room.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tenancy/catalog.h"

namespace insula::tenancy {

// Safe from any thread.
class Directory {
 public:
  // Makes a context known (active), or forgets it and its tables' entries.
  void PutContext(const ContextNames& names, const AccountId& account);
  void EraseContext(const ContextNames& names);
  // nullopt: unknown or not active.
  std::optional<AccountId> AccountOf(const ContextNames& names) const;

  void PutTable(const ContextNames& names, TablePtr table);
  void EraseTable(const ContextNames& names, std::string_view table);
  // The tables that `service`'s tenants see of its own. Whatever tenants' entries derived from the former ones goes.
  void PutShared(const ContextNames& service, std::vector<TablePtr> tables);

  struct Found {
    bool context_known = false;
    TablePtr table;  // nullptr: none of that name
  };
  // `region` is for the ARN of a shared table as the tenant sees it, made on first use.
  Found Find(const ContextNames& names, std::string_view table, std::string_view region) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Tables = std::unordered_map<std::string, TablePtr, Hash, std::equal_to<>>;
  struct Entry {
    AccountId account;
    Tables tables;
    Tables shared;          // a service: those its tenants see; a tenant: what it derived from them
  };
  struct NamesHash {
    std::size_t operator()(const ContextNames& names) const { return HashOf(names); }
  };
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<ContextNames, Entry, NamesHash> contexts;  // guarded by mutex
  };
  static std::size_t HashOf(const ContextNames& names);
  Shard& ShardOf(const ContextNames& names) const { return shards_[HashOf(names) >> 57 & (kShards - 1)]; }
  TablePtr FindShared(const ContextNames& names, std::string_view table, std::string_view region) const;

  static constexpr std::size_t kShards = 64;
  mutable std::array<Shard, kShards> shards_;
  std::atomic<std::uint64_t> shared_generation_ = 0;  // grows with every PutShared
};

}  // namespace insula::tenancy
