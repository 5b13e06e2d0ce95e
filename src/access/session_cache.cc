#include "access/session_cache.h"

#include <algorithm>
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>
#include <deque>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/seeded_hash.h"

namespace insula::access {
namespace {

constexpr std::size_t kShards = 64;

struct Entry {
  std::string token;
  OpenedSession opened;
  std::size_t bytes = 0;
  mutable std::atomic<bool> used{false};  // since it was last its turn to go
};
using EntryPtr = std::shared_ptr<const Entry>;

std::size_t BytesOf(const Session& session) {
  constexpr std::size_t kOverhead = 256;  // of the table, the queue and the allocations
  std::size_t bytes = sizeof(Entry) + kOverhead + session.parent_key_id.size() + session.principal_id.size() +
                      session.name.size() + session.source_identity.size();
  for (const SessionTag& tag : session.tags) bytes += sizeof(tag) + tag.key.size() + tag.value.size();
  for (const std::string& arn : session.policy_arns) bytes += sizeof(arn) + arn.size();
  if (const auto& web = session.web_identity) {
    bytes += web->provider.size() + web->subject.size() + web->audience.size();
  }
  return bytes + session.policy.size() * (1 + SessionCache::kCompiledFactor);
}

// By the token's end, where its seal is: it differs for any two that were given here, and only such are in the table.
struct TokenHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view token) const {
    constexpr std::size_t kEnd = 32;
    return SeededHash(token.substr(token.size() - std::min(token.size(), kEnd)));
  }
  std::size_t operator()(const EntryPtr& entry) const { return (*this)(entry->token); }
};
struct SameToken {
  using is_transparent = void;
  bool operator()(const EntryPtr& a, const EntryPtr& b) const { return a->token == b->token; }
  bool operator()(std::string_view token, const EntryPtr& entry) const { return token == entry->token; }
  bool operator()(const EntryPtr& entry, std::string_view token) const { return token == entry->token; }
};

OpenedSessionPtr SessionOf(EntryPtr entry) {
  const OpenedSession* opened = &entry->opened;
  return {std::move(entry), opened};
}

}  // namespace

// Goes by turns: who is at the head and was used since it was last there goes to the end, who wasn't goes.
class SessionCache::Shard {
 public:
  EntryPtr Find(std::string_view token) const {
    const SharedLock lock(mutex_);
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return nullptr;
    const Entry& entry = **found;
    if (!entry.used.load(std::memory_order_relaxed)) entry.used.store(true, std::memory_order_relaxed);
    return *found;
  }

  // What is there, if somebody else was faster.
  EntryPtr Insert(EntryPtr entry, std::size_t bytes_max, WallTime now) {
    const ExclusiveLock lock(mutex_);
    const auto [place, fresh] = by_token_.insert(entry);
    if (!fresh) return *place;
    turns_.push_back(entry);
    bytes_ += entry->bytes;
    while (bytes_ > bytes_max) MakeRoom(now);
    return entry;
  }

  Held held() const {
    const SharedLock lock(mutex_);
    return {by_token_.size(), bytes_};
  }

 private:
  void MakeRoom(WallTime now) INSULA_REQUIRES(mutex_) {
    const EntryPtr entry = std::move(turns_.front());
    turns_.pop_front();
    if (now < entry->opened.session.expires && entry->used.exchange(false, std::memory_order_relaxed)) {
      turns_.push_back(entry);
      return;
    }
    bytes_ -= entry->bytes;
    by_token_.erase(entry);
  }

  mutable SharedMutex mutex_;
  boost::unordered_flat_set<EntryPtr, TokenHash, SameToken> by_token_ INSULA_GUARDED_BY(mutex_);
  std::deque<EntryPtr> turns_ INSULA_GUARDED_BY(mutex_);
  std::size_t bytes_ INSULA_GUARDED_BY(mutex_) = 0;
};

SessionCache::SessionCache(const TokenKeys& keys, Clock& clock, std::size_t bytes_max)
    : keys_(keys), clock_(clock), shard_bytes_max_(bytes_max / kShards), shards_(std::make_unique<Shard[]>(kShards)) {}
SessionCache::~SessionCache() = default;

Result<OpenedSessionPtr> SessionCache::Open(std::string_view token) {
  Shard& shard = shards_[TokenHash{}(token) % kShards];
  if (EntryPtr entry = shard.Find(token)) return SessionOf(std::move(entry));
  INSULA_ASSIGN(OpenedSession opened, OpenSessionToken(token, keys_));
  const std::size_t bytes = token.size() + BytesOf(opened.session);
  auto entry = std::make_shared<const Entry>(std::string(token), std::move(opened), bytes);
  return SessionOf(shard.Insert(std::move(entry), shard_bytes_max_, clock_.Now()));
}

SessionCache::Held SessionCache::held() const {
  Held all;
  for (std::size_t i = 0; i < kShards; ++i) {
    const Held held = shards_[i].held();
    all.sessions += held.sessions;
    all.bytes += held.bytes;
  }
  return all;
}

}  // namespace insula::access
