#include "access/session_cache.h"

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>
#include <deque>
#include <utility>

#include "base/mutex.h"

namespace insula::access {
namespace {

constexpr std::size_t kShards = 64;

struct Entry {
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

// Only tokens that opened are in the table, so nobody chooses what falls together.
struct DigestHash {
  std::size_t operator()(const Sha256Digest& digest) const {
    std::size_t hash = 0;
    std::memcpy(&hash, digest.data(), sizeof(hash));
    return hash;
  }
};

OpenedSessionPtr SessionOf(EntryPtr entry) {
  const OpenedSession* opened = &entry->opened;
  return {std::move(entry), opened};
}

}  // namespace

// Goes by turns: who is at the head and was used since it was last there goes to the end, who wasn't goes.
class SessionCache::Shard {
 public:
  EntryPtr Find(const Sha256Digest& digest) const {
    const SharedLock lock(mutex_);
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end()) return nullptr;
    if (!found->second->used.load(std::memory_order_relaxed)) {
      found->second->used.store(true, std::memory_order_relaxed);
    }
    return found->second;
  }

  // What is there, if somebody else was faster.
  EntryPtr Insert(const Sha256Digest& digest, EntryPtr entry, std::size_t bytes_max, WallTime now) {
    const ExclusiveLock lock(mutex_);
    const auto [place, fresh] = by_digest_.try_emplace(digest, entry);
    if (!fresh) return place->second;
    turns_.push_back(digest);
    bytes_ += entry->bytes;
    while (bytes_ > bytes_max) MakeRoom(now);
    return entry;
  }

  Held held() const {
    const SharedLock lock(mutex_);
    return {by_digest_.size(), bytes_};
  }

 private:
  void MakeRoom(WallTime now) INSULA_REQUIRES(mutex_) {
    const Sha256Digest digest = turns_.front();
    turns_.pop_front();
    const auto place = by_digest_.find(digest);
    const Entry& entry = *place->second;
    if (now < entry.opened.session.expires && entry.used.exchange(false, std::memory_order_relaxed)) {
      turns_.push_back(digest);
      return;
    }
    bytes_ -= entry.bytes;
    by_digest_.erase(place);
  }

  mutable SharedMutex mutex_;
  boost::unordered_flat_map<Sha256Digest, EntryPtr, DigestHash> by_digest_ INSULA_GUARDED_BY(mutex_);
  std::deque<Sha256Digest> turns_ INSULA_GUARDED_BY(mutex_);
  std::size_t bytes_ INSULA_GUARDED_BY(mutex_) = 0;
};

SessionCache::SessionCache(const TokenKeys& keys, Clock& clock, std::size_t bytes_max)
    : keys_(keys), clock_(clock), shard_bytes_max_(bytes_max / kShards), shards_(std::make_unique<Shard[]>(kShards)) {}
SessionCache::~SessionCache() = default;

Result<OpenedSessionPtr> SessionCache::Open(std::string_view token) {
  const Sha256Digest digest = Sha256::Of(token);
  Shard& shard = shards_[digest.back() % kShards];
  if (EntryPtr entry = shard.Find(digest)) return SessionOf(std::move(entry));
  INSULA_ASSIGN(OpenedSession opened, OpenSessionToken(token, keys_));
  const std::size_t bytes = BytesOf(opened.session);
  auto entry = std::make_shared<const Entry>(std::move(opened), bytes);
  return SessionOf(shard.Insert(digest, std::move(entry), shard_bytes_max_, clock_.Now()));
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
