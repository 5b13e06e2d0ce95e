// The entities of all scopes: loaded at start, held in memory, written through to the record store before a change is
// visible. Internal to the room, but for Open: users.h, roles.h and the others are what is done with them.
//
// A reader takes its scope's snapshot and keeps it for as long as it likes. A change waits for its turn in its scope,
// works on the snapshot that there is then, and puts a whole new one in its place once its records are durable.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/scope.h"
#include "base/async_mutex.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/seeded_hash.h"
#include "base/task.h"
#include "iam/snapshot.h"

namespace insula::iam {

// One scope's place in memory, for as long as the store lives. Safe from any thread.
class ScopeState {
 public:
  explicit ScopeState(access::Scope scope) : scope_(std::move(scope)) {}

  const access::Scope& scope() const { return scope_; }
  SnapshotPtr Now() const;
  // The revision of Now(), without a lock: what is made of an older snapshot isn't valid any more.
  std::uint64_t revision() const { return revision_.load(std::memory_order_acquire); }

 private:
  friend class EntityStore;
  friend class EntityChange;
  void Publish(SnapshotPtr next);

  const access::Scope scope_;
  AsyncMutex changes_;
  std::atomic<std::uint64_t> revision_ = 0;
  mutable Mutex mutex_;
  SnapshotPtr now_ INSULA_GUARDED_BY(mutex_) = std::make_shared<const Snapshot>();
};
using ScopeStatePtr = std::shared_ptr<ScopeState>;

class EntityStore;

// A change of one scope, from its turn to its commit. Of one coroutine.
class EntityChange {
 public:
  // What there was when the turn came; nobody else changes it meanwhile.
  const Snapshot& now() const { return *before_; }
  WallTime at() const { return at_; }

  void Put(AnyEntity entity) { steps_.push_back({std::move(entity), true}); }
  void Remove(AnyEntity entity) { steps_.push_back({std::move(entity), false}); }

  // Makes it durable, then visible. Errors of the record store, upon which nothing has changed; LimitExceeded if the
  // policies' text would take more than is kept. At most 100 steps.
  Task<Result<void>> Commit();

 private:
  friend class EntityStore;
  struct Step {
    AnyEntity entity;
    bool put;
  };
  EntityChange(EntityStore& store, ScopeStatePtr scope, AsyncMutex::Guard turn, WallTime at)
      : store_(store), scope_(std::move(scope)), turn_(std::move(turn)), before_(scope_->Now()), at_(at) {}

  EntityStore& store_;
  ScopeStatePtr scope_;
  AsyncMutex::Guard turn_;
  SnapshotPtr before_;
  WallTime at_;
  std::vector<Step> steps_;
};

// Safe from any thread.
class EntityStore {
 public:
  // `records` and `clock` outlive the store. Errors of the record store; Corruption for a record that can't be read;
  // FailedPrecondition for one of a later version.
  static Task<Result<std::unique_ptr<EntityStore>>> Open(RecordStore& records, Clock& clock);

  SnapshotPtr Of(const access::Scope& scope) const;  // an empty one where nothing has been made yet
  std::vector<access::Scope> Scopes() const;         // those that have something
  Task<EntityChange> Begin(access::Scope scope);

  Clock& clock() const { return clock_; }

  // The scope's place; null where nothing has been made in it yet.
  ScopeStatePtr Find(const access::Scope& scope) const;
  // Where the user or role with this id is; null: there is none.
  ScopeStatePtr ScopeOfPrincipal(std::string_view id) const;

 private:
  friend class EntityChange;
  EntityStore(RecordStore& records, Clock& clock) : records_(records), clock_(clock) {}
  Task<Result<void>> Load();
  ScopeStatePtr StateOf(const access::Scope& scope);
  void NotePrincipal(const ScopeStatePtr& scope, const AnyEntity& entity, bool there);

  RecordStore& records_;
  Clock& clock_;
  mutable SharedMutex mutex_;
  std::map<access::Scope, ScopeStatePtr> scopes_ INSULA_GUARDED_BY(mutex_);
  std::unordered_map<std::string, ScopeStatePtr, SeededTextHash, std::equal_to<>> principals_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::iam
