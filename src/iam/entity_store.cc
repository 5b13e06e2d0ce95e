#include "iam/entity_store.h"

#include <type_traits>

#include "base/check.h"
#include "iam/entity_record.h"
#include "iam/quotas.h"
#include "iam/refusals.h"

namespace insula::iam {
namespace {

// The id of a user or role; empty for other entities.
std::string_view PrincipalId(const AnyEntity& entity) {
  if (const auto* user = std::get_if<UserPtr>(&entity)) return (*user)->id;
  if (const auto* role = std::get_if<RolePtr>(&entity)) return (*role)->id;
  return {};
}

}  // namespace

SnapshotPtr ScopeState::Now() const {
  const MutexLock lock(mutex_);
  return now_;
}

void ScopeState::Publish(SnapshotPtr next) {
  const std::uint64_t revision = next->revision;
  const MutexLock lock(mutex_);
  now_ = std::move(next);
  revision_.store(revision, std::memory_order_release);
}

Task<Result<void>> EntityChange::Commit() {
  auto next = std::make_shared<Snapshot>(*before_);
  std::vector<RecordChange> records;
  for (const Step& step : steps_) {
    if (step.put && TextBytesOf(step.entity) > kEntityTextBytesMax) {
      co_return QuotaExceeded("PolicyTextPerEntity", kEntityTextBytesMax);
    }
    records.push_back(step.put ? PutRecord(scope_->scope(), step.entity) : RemoveRecord(scope_->scope(), step.entity));
    if (step.put) {
      next->Put(step.entity);
    } else {
      next->Remove(step.entity);
    }
  }
  if (next->text_bytes() > kTextBytesMax && next->text_bytes() > before_->text_bytes()) {
    co_return QuotaExceeded("PolicyTextPerAccount", kTextBytesMax);
  }
  next->revision = before_->revision + 1;
  INSULA_CO_TRY(co_await store_.records_.Commit(std::move(records)));
  // What is gone is found no more before it is gone, and what is new only once it is there.
  for (const Step& step : steps_) {
    if (!step.put) store_.NotePrincipal(scope_, step.entity, false);
  }
  scope_->Publish(next);
  for (const Step& step : steps_) {
    if (step.put) store_.NotePrincipal(scope_, step.entity, true);
  }
  before_ = std::move(next);
  steps_.clear();
  co_return Result<void>();
}

Task<Result<std::unique_ptr<EntityStore>>> EntityStore::Open(RecordStore& records, Clock& clock) {
  std::unique_ptr<EntityStore> store(new EntityStore(records, clock));
  INSULA_CO_TRY(co_await store->Load());
  co_return store;
}

Task<Result<void>> EntityStore::Load() {
  std::map<ScopeStatePtr, std::shared_ptr<Snapshot>> loaded;
  for (const std::string_view kind : kEntityKinds) {
    INSULA_CO_ASSIGN(const std::vector<Record> records, co_await records_.Load(std::string(kind)));
    for (const Record& record : records) {
      INSULA_CO_ASSIGN(const ReadEntity read, ReadEntityRecord(record));
      const ScopeStatePtr scope = StateOf(read.scope);
      std::shared_ptr<Snapshot>& snapshot = loaded[scope];
      if (snapshot == nullptr) snapshot = std::make_shared<Snapshot>();
      snapshot->Put(read.entity);
      NotePrincipal(scope, read.entity, true);
    }
  }
  for (auto& [scope, snapshot] : loaded) scope->Publish(std::move(snapshot));
  co_return Result<void>();
}

SnapshotPtr EntityStore::Of(const access::Scope& scope) const {
  static const SnapshotPtr kNothing = std::make_shared<const Snapshot>();
  const ScopeStatePtr state = Find(scope);
  return state == nullptr ? kNothing : state->Now();
}

ScopeStatePtr EntityStore::Find(const access::Scope& scope) const {
  const SharedLock lock(mutex_);
  const auto found = scopes_.find(scope);
  return found == scopes_.end() ? nullptr : found->second;
}

std::vector<access::Scope> EntityStore::Scopes() const {
  std::vector<access::Scope> scopes;
  const SharedLock lock(mutex_);
  for (const auto& [scope, state] : scopes_) {
    if (!state->Now()->empty()) scopes.push_back(scope);
  }
  return scopes;
}

Task<EntityChange> EntityStore::Begin(access::Scope scope) {
  const ScopeStatePtr state = StateOf(scope);
  AsyncMutex::Guard turn = co_await state->changes_.Lock();
  co_return EntityChange(*this, state, std::move(turn), clock_.Now());
}

ScopeStatePtr EntityStore::ScopeOfPrincipal(std::string_view id) const {
  const SharedLock lock(mutex_);
  const auto found = principals_.find(id);
  return found == principals_.end() ? nullptr : found->second;
}

ScopeStatePtr EntityStore::StateOf(const access::Scope& scope) {
  const ExclusiveLock lock(mutex_);
  ScopeStatePtr& state = scopes_[scope];
  if (state == nullptr) state = std::make_shared<ScopeState>(scope);
  return state;
}

void EntityStore::NotePrincipal(const ScopeStatePtr& scope, const AnyEntity& entity, bool there) {
  const std::string_view id = PrincipalId(entity);
  if (id.empty()) return;
  const ExclusiveLock lock(mutex_);
  if (there) {
    principals_.insert_or_assign(std::string(id), scope);
  } else {
    principals_.erase(principals_.find(id));
  }
}

}  // namespace insula::iam
