// Access keys: who may sign requests, as whom. Held in memory, written through to the record store, secrets sealed.
//
// A change is durable before it has an effect, and has it at once: the next Find sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/master_key.h"
#include "access/principal.h"
#include "access/signing_key.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::access {

enum class KeyStatus : std::uint8_t { kActive, kInactive };

inline constexpr std::size_t kSecretSize = 40;  // characters

// What may be shown of an access key: everything but its secret.
struct AccessKey {
  std::string id;  // "AKIA…" (20 characters), where nobody chose another
  Owner owner;
  KeyStatus status = KeyStatus::kActive;
  WallTime created{};
  std::optional<WallTime> expires;  // refused from then on
  std::string description;          // the operator's own words, at most 256 bytes
};

// An access key as verifying a signature needs it.
struct Credential {
  AccessKey key;
  SecretText secret;  // kSecretSize characters
  mutable SigningKeySlot signing_key{};
};
using CredentialPtr = std::shared_ptr<const Credential>;

struct CreatedKey {
  AccessKey key;
  SecretText secret;  // shown once, to whoever asked for the key
};

struct NewAccessKey {
  Owner owner;
  std::optional<WallTime> expires;
  std::string description;
};

// Which keys List returns. Empty members match all.
struct KeyFilter {
  std::string environment;
  std::string service;
  std::string tenant;
  std::string account;    // operators of it, and its users
  std::string user_id{};  // of this user alone: found without looking at all others
};

// Safe from any thread.
class CredentialStore {
 public:
  // Loads every key. `records` and `clock` outlive the store. Errors of the record store; FailedPrecondition if a
  // secret is sealed under a key that the ring lacks; Corruption if a record isn't readable.
  static Task<Result<std::unique_ptr<CredentialStore>>> Open(RecordStore& records, Clock& clock, Keyring keyring);
  ~CredentialStore();

  // Null for an unknown, inactive or deleted key. An expired one is returned: its signer is told so.
  CredentialPtr Find(std::string_view access_key_id) const;

  // InvalidArgument for an owner that is no context (a tenant without service, an operator without account or admin, a
  // user without id).
  Task<Result<CreatedKey>> Create(NewAccessKey request);
  // The same with an id and secret chosen by the caller (imported ones, tests). AlreadyExists, InvalidArgument.
  Task<Result<CreatedKey>> Import(NewAccessKey request, std::string id, std::string secret);
  // NotFound for an unknown id.
  Task<Result<AccessKey>> SetStatus(std::string access_key_id, KeyStatus status);
  Task<Result<void>> Delete(std::string access_key_id);
  // In order of creation.
  std::vector<AccessKey> List(const KeyFilter& filter) const;
  Result<AccessKey> Describe(std::string_view access_key_id) const;

  // Seals every secret again under `next`. Old and new keys both open until it has returned; if it fails or the
  // process ends, calling it again with the same key goes on where it stopped. The number sealed again.
  Task<Result<std::size_t>> Rotate(MasterKey next);

 private:
  class Impl;
  explicit CredentialStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::access
