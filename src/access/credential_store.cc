#include "access/credential_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>

#include "access/access_key_id.h"
#include "access/credential_record.h"
#include "base/async_mutex.h"
#include "base/mutex.h"
#include "base/seeded_hash.h"

namespace insula::access {
namespace {

constexpr std::string_view kSecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kIdSizeMin = 16, kIdSizeMax = 128;  // AWS's bounds of an AccessKeyId
constexpr std::size_t kDescriptionMax = 256;
constexpr std::size_t kChangesPerCommit = 100;

// Credentials by their ids, which are in the credentials alone: a look-up in a set without nodes touches its slots and
// the credential, and nothing else that no cache holds.
struct IdHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view id) const { return SeededHash(id); }
  std::size_t operator()(const CredentialPtr& credential) const { return (*this)(credential->key.id); }
};
struct SameId {
  using is_transparent = void;
  bool operator()(const CredentialPtr& a, const CredentialPtr& b) const { return a->key.id == b->key.id; }
  bool operator()(std::string_view id, const CredentialPtr& credential) const { return id == credential->key.id; }
  bool operator()(const CredentialPtr& credential, std::string_view id) const { return id == credential->key.id; }
};

Error InvalidOwner(const char* why) { return {ErrorCode::kInvalidArgument, why}; }

Result<void> CheckNames(const ContextNames& names) {
  if (!names.environment.value().empty() && !names.service.value().empty()) return {};
  return InvalidOwner("an access key of a context names its environment and service");
}

Result<void> Check(const ContextPrincipal& context) {
  INSULA_TRY(CheckNames(context.names));
  if (context.may_act_for_tenants && context.names.tenant) {
    return InvalidOwner("only a service's own key may act for its tenants");
  }
  if (context.acting) return InvalidOwner("an access key acts for a tenant by a request's header only");
  return {};
}
Result<void> Check(const OperatorPrincipal& who) {
  if (!who.account.value().empty() || who.admin) return {};
  return InvalidOwner("an operator's access key names an account or may administer");
}
Result<void> Check(const UserPrincipal& user) {
  if (user.user_id.empty()) return InvalidOwner("an access key of a user names it");
  if (const auto* names = std::get_if<ContextNames>(&user.scope)) return CheckNames(*names);
  if (std::get<AccountId>(user.scope).value().empty())
    return InvalidOwner("an access key of an account's user names both");
  return {};
}

bool Matches(const KeyFilter& filter, const ContextNames& names) {
  return filter.account.empty() && (filter.environment.empty() || filter.environment == names.environment.value()) &&
         (filter.service.empty() || filter.service == names.service.value()) &&
         (filter.tenant.empty() || filter.tenant == TextOf(names.tenant));
}
bool Matches(const KeyFilter& filter, const AccountId& account) {
  return filter.environment.empty() && filter.service.empty() && filter.tenant.empty() &&
         (filter.account.empty() || filter.account == account.value());
}
bool Matches(const KeyFilter& filter, const ContextPrincipal& context) {
  return filter.user_id.empty() && Matches(filter, context.names);
}
bool Matches(const KeyFilter& filter, const OperatorPrincipal& who) {
  return filter.user_id.empty() && Matches(filter, who.account);
}
bool Matches(const KeyFilter& filter, const UserPrincipal& user) {
  if (!filter.user_id.empty() && filter.user_id != user.user_id) return false;
  return std::visit([&](const auto& whose) { return Matches(filter, whose); }, user.scope);
}
bool Matches(const KeyFilter& filter, const AccessKey& key) {
  return std::visit([&](const auto& who) { return Matches(filter, who); }, key.owner);
}

}  // namespace

class CredentialStore::Impl {
 public:
  Impl(RecordStore& records, Clock& clock, Keyring keyring)
      : records_(records), clock_(clock), keyring_(std::move(keyring)) {}

  Task<Result<void>> Load() {
    INSULA_CO_ASSIGN(const std::vector<Record> records, co_await records_.Load(std::string(kAccessKeyKind)));
    for (const Record& record : records) {
      INSULA_CO_ASSIGN(AccessKeyRecord read, ReadAccessKeyRecord(record.name, record.value));
      INSULA_CO_ASSIGN(SecretText secret, OpenSecret(keyring_, record.name, read.sealed_secret));
      Credential credential{std::move(read.key), std::move(secret)};
      Put(std::make_shared<const Credential>(std::move(credential)));
    }
    co_return Result<void>();
  }

  CredentialPtr Get(std::string_view id) const {
    const Shard& shard = ShardOf(id);
    const SharedLock lock(shard.mutex);
    const auto found = shard.by_id.find(id);
    return found == shard.by_id.end() ? nullptr : *found;
  }

  Task<Result<CreatedKey>> Add(NewAccessKey request, std::string id, std::string secret_text) {
    INSULA_CO_TRY(std::visit([](const auto& who) { return Check(who); }, request.owner));
    if (request.description.size() > kDescriptionMax) {
      co_return Error(ErrorCode::kInvalidArgument, "an access key's description has at most 256 bytes");
    }
    const AsyncMutex::Guard guard = co_await changes_.Lock();
    if (Get(id) != nullptr) {
      co_return Error(ErrorCode::kAlreadyExists, fmt::format("access key {} exists already", id));
    }
    Credential credential;
    credential.key.id = std::move(id);
    credential.key.owner = std::move(request.owner);
    credential.key.created = clock_.Now();
    credential.key.expires = request.expires;
    credential.key.description = std::move(request.description);
    credential.secret = SecretText(std::move(secret_text));
    auto pointer = std::make_shared<const Credential>(std::move(credential));
    INSULA_CO_TRY(co_await Write(pointer));
    Put(pointer);
    CreatedKey created{pointer->key, pointer->secret};
    co_return created;
  }

  Task<Result<AccessKey>> SetStatus(std::string id, KeyStatus status) {
    const AsyncMutex::Guard guard = co_await changes_.Lock();
    const CredentialPtr old = Get(id);
    if (old == nullptr) co_return Unknown(id);
    if (old->key.status == status) co_return old->key;
    auto changed = std::make_shared<Credential>(*old);
    changed->key.status = status;
    INSULA_CO_TRY(co_await Write(changed));
    Put(changed);
    co_return changed->key;
  }

  Task<Result<void>> Delete(std::string id) {
    const AsyncMutex::Guard guard = co_await changes_.Lock();
    const CredentialPtr old = Get(id);
    if (old == nullptr) co_return Unknown(id);
    std::vector<RecordChange> changes{RecordChange{std::string(kAccessKeyKind), id, std::nullopt}};
    INSULA_CO_TRY(co_await records_.Commit(std::move(changes)));
    TakeFromUser(*old);
    Shard& shard = ShardOf(id);
    const ExclusiveLock lock(shard.mutex);
    shard.by_id.erase(id);
    co_return Result<void>();
  }

  // In no order.
  std::vector<CredentialPtr> OfUser(std::string_view user_id) const {
    const SharedLock lock(users_mutex_);
    const auto found = by_user_.find(user_id);
    return found == by_user_.end() ? std::vector<CredentialPtr>() : found->second;
  }

  std::vector<CredentialPtr> All() const {
    std::vector<CredentialPtr> all;
    for (const Shard& shard : shards_) {
      const SharedLock lock(shard.mutex);
      all.insert(all.end(), shard.by_id.begin(), shard.by_id.end());
    }
    return all;
  }

  Task<Result<std::size_t>> Rotate(MasterKey next) {
    const AsyncMutex::Guard guard = co_await changes_.Lock();
    Keyring rotated{std::move(next), keyring_.previous};
    rotated.previous.push_back(keyring_.current);
    keyring_ = std::move(rotated);
    const std::vector<CredentialPtr> all = All();
    for (std::size_t at = 0; at < all.size(); at += kChangesPerCommit) {
      std::vector<RecordChange> changes;
      for (std::size_t i = at; i < std::min(all.size(), at + kChangesPerCommit); ++i) {
        changes.push_back(ChangeOf(*all[i]));
      }
      INSULA_CO_TRY(co_await records_.Commit(std::move(changes)));
    }
    co_return all.size();
  }

  static Error Unknown(std::string_view id) {
    return {ErrorCode::kNotFound, fmt::format("there is no access key {}", id)};
  }

 private:
  struct Shard {
    mutable SharedMutex mutex;
    boost::unordered_flat_set<CredentialPtr, IdHash, SameId> by_id INSULA_GUARDED_BY(mutex);
  };

  const Shard& ShardOf(std::string_view id) const { return shards_[IdHash{}(id) % shards_.size()]; }
  Shard& ShardOf(std::string_view id) { return shards_[IdHash{}(id) % shards_.size()]; }

  void Put(CredentialPtr credential) {
    TakeFromUser(*credential);
    if (const auto* user = std::get_if<UserPrincipal>(&credential->key.owner)) {
      const ExclusiveLock lock(users_mutex_);
      by_user_[user->user_id].push_back(credential);
    }
    Shard& shard = ShardOf(credential->key.id);
    const ExclusiveLock lock(shard.mutex);
    shard.by_id.erase(credential);
    shard.by_id.insert(std::move(credential));
  }

  void TakeFromUser(const Credential& credential) {
    const auto* user = std::get_if<UserPrincipal>(&credential.key.owner);
    if (user == nullptr) return;
    const ExclusiveLock lock(users_mutex_);
    const auto found = by_user_.find(user->user_id);
    if (found == by_user_.end()) return;
    std::erase_if(found->second, [&](const CredentialPtr& each) { return each->key.id == credential.key.id; });
    if (found->second.empty()) by_user_.erase(found);
  }

  RecordChange ChangeOf(const Credential& credential) const {
    AccessKeyRecord record{credential.key, SealSecret(keyring_.current, credential.key.id, credential.secret.view())};
    return RecordChange{std::string(kAccessKeyKind), credential.key.id, WriteAccessKeyRecord(record)};
  }

  Task<Result<void>> Write(CredentialPtr credential) {
    std::vector<RecordChange> changes;
    changes.push_back(ChangeOf(*credential));
    co_return co_await records_.Commit(std::move(changes));
  }

  RecordStore& records_;
  Clock& clock_;
  AsyncMutex changes_;  // one change at a time, so that memory and records change in the same order
  Keyring keyring_;     // read and changed by who has changes_
  std::array<Shard, 64> shards_;
  // A user's keys are asked for by whoever may, and there may be a million of others'.
  mutable SharedMutex users_mutex_;
  boost::unordered_flat_map<std::string, std::vector<CredentialPtr>, SeededTextHash, std::equal_to<>> by_user_
      INSULA_GUARDED_BY(users_mutex_);
};

CredentialStore::CredentialStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CredentialStore::~CredentialStore() = default;

Task<Result<std::unique_ptr<CredentialStore>>> CredentialStore::Open(RecordStore& records, Clock& clock,
                                                                     Keyring keyring) {
  auto impl = std::make_unique<Impl>(records, clock, std::move(keyring));
  INSULA_CO_TRY(co_await impl->Load());
  co_return std::unique_ptr<CredentialStore>(new CredentialStore(std::move(impl)));
}

CredentialPtr CredentialStore::Find(std::string_view access_key_id) const {
  CredentialPtr credential = impl_->Get(access_key_id);
  if (credential != nullptr && credential->key.status != KeyStatus::kActive) return nullptr;
  return credential;
}

Task<Result<CreatedKey>> CredentialStore::Create(NewAccessKey request) {
  std::string id = DrawAccessKeyId(kLongTermPrefix);
  std::string secret = RandomText(kSecretSize, kSecretAlphabet);
  return impl_->Add(std::move(request), std::move(id), std::move(secret));
}

Task<Result<CreatedKey>> CredentialStore::Import(NewAccessKey request, std::string id, std::string secret) {
  const bool id_good =
      id.size() >= kIdSizeMin && id.size() <= kIdSizeMax && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  if (!id_good || secret.empty()) {
    co_return Error(ErrorCode::kInvalidArgument,
                    "an access key's id has 16 to 128 letters, digits and underscores, and its secret isn't empty");
  }
  co_return co_await impl_->Add(std::move(request), std::move(id), std::move(secret));
}

Task<Result<AccessKey>> CredentialStore::SetStatus(std::string access_key_id, KeyStatus status) {
  return impl_->SetStatus(std::move(access_key_id), status);
}

Task<Result<void>> CredentialStore::Delete(std::string access_key_id) {
  return impl_->Delete(std::move(access_key_id));
}

std::vector<AccessKey> CredentialStore::List(const KeyFilter& filter) const {
  std::vector<AccessKey> keys;
  const auto candidates = filter.user_id.empty() ? impl_->All() : impl_->OfUser(filter.user_id);
  for (const CredentialPtr& credential : candidates) {
    if (Matches(filter, credential->key)) keys.push_back(credential->key);
  }
  std::sort(keys.begin(), keys.end(), [](const AccessKey& a, const AccessKey& b) {
    return std::tie(a.created, a.id) < std::tie(b.created, b.id);
  });
  return keys;
}

Result<AccessKey> CredentialStore::Describe(std::string_view access_key_id) const {
  const CredentialPtr credential = impl_->Get(access_key_id);
  if (credential == nullptr) return Impl::Unknown(access_key_id);
  return credential->key;
}

Task<Result<std::size_t>> CredentialStore::Rotate(MasterKey next) { return impl_->Rotate(std::move(next)); }

}  // namespace insula::access
