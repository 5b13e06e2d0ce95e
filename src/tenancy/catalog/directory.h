// What every request looks up: contexts and their tables by name. Hash maps in shards of their own locks; a lookup
// takes one shared lock, builds no string and allocates nothing. Maps without nodes: of ten thousand tenants most are
// in no cache, and each pointer to follow is a wait for memory. Internal to the room.
#pragma once

#include <array>
#include <atomic>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "tenancy/identity/table.h"

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
  // Tables by name: a vector ordered by hash. The few tables that a tenant has are beside it, in cache lines that are
  // looked at anyway; a binary search finds one of the many that it may have.
  class Tables {
   public:
    void Put(TablePtr table);
    void Erase(std::string_view name);
    void Clear() { slots_.clear(); }
    const TablePtr* Find(std::string_view name) const;  // nullptr: none

   private:
    struct Slot {
      std::size_t hash;
      TablePtr table;
    };
    boost::container::small_vector<Slot, 2> slots_;
  };
  struct Entry {
    AccountId account;
    Tables tables;
    Tables shared;  // a service: those its tenants see; a tenant: what it derived from them
  };

  // A context with its hash, which the map thereby needn't take again of every key that it passes.
  struct Key {
    ContextNames names;
    std::size_t hash;
  };
  struct KeyView {
    const ContextNames& names;
    std::size_t hash;
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const Key& key) const { return key.hash; }
    std::size_t operator()(const KeyView& key) const { return key.hash; }
  };
  struct KeyEqual {
    using is_transparent = void;
    static bool Same(const ContextNames& a, std::size_t a_hash, const ContextNames& b, std::size_t b_hash) {
      return a_hash == b_hash && a == b;
    }
    bool operator()(const Key& a, const Key& b) const { return Same(a.names, a.hash, b.names, b.hash); }
    bool operator()(const Key& a, const KeyView& b) const { return Same(a.names, a.hash, b.names, b.hash); }
    bool operator()(const KeyView& a, const Key& b) const { return Same(a.names, a.hash, b.names, b.hash); }
  };
  struct Shard {
    mutable SharedMutex mutex;
    boost::unordered_flat_map<Key, Entry, KeyHash, KeyEqual> contexts INSULA_GUARDED_BY(mutex);
  };
  static KeyView KeyOf(const ContextNames& names);
  Shard& ShardOf(const KeyView& key) const { return shards_[key.hash >> 57 & (kShards - 1)]; }
  TablePtr FindShared(const ContextNames& names, std::string_view table, std::string_view region) const;

  static constexpr std::size_t kShards = 64;
  mutable std::array<Shard, kShards> shards_;
  std::atomic<std::uint64_t> shared_generation_ = 0;  // grows with every PutShared
};

}  // namespace insula::tenancy
