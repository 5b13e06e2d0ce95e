#include "access/credential_record.h"

#include <fmt/format.h>

#include "records/field_reader.h"
#include "records/field_writer.h"

namespace insula::access {
namespace {

using records::Fielded;

constexpr std::int64_t kCredentialVersion = 1;

constexpr std::string_view kContext = "context";
constexpr std::string_view kOperator = "operator";
constexpr std::string_view kUser = "user";
constexpr std::string_view kActive = "active";
constexpr std::string_view kInactive = "inactive";

// A record as it is stored.
struct StoredOwner {
  std::string kind;
  ContextPrincipal context;
  OperatorPrincipal operator_;
  UserPrincipal user;
};
struct StoredKey {
  StoredOwner owner;
  std::string status;
  WallTime created{};
  std::optional<WallTime> expires;
  std::string description;
  std::string secret;
};

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, ContextNames> names) {
  codec.Field("environment", names.environment);
  codec.Field("service", names.service);
  codec.Tenant("tenant", names.tenant);
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Scope> scope) {
  if constexpr (Codec::kReads) {
    if (!codec.Has("account"))
      scope = ContextNames();
    else
      scope = AccountId();
  }
  if (auto* account = std::get_if<AccountId>(&scope)) {
    codec.Field("account", *account);
  } else {
    Fields<Codec>(codec, std::get<ContextNames>(scope));
  }
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, StoredOwner> owner) {
  codec.Field("kind", owner.kind);
  if (owner.kind == kContext) {
    Fields<Codec>(codec, owner.context.names);
    codec.FieldOr("may_act", owner.context.may_act_for_tenants, false);
  } else if (owner.kind == kOperator) {
    codec.Field("account", owner.operator_.account);
    codec.FieldOr("admin", owner.operator_.admin, false);
  } else if (owner.kind == kUser) {
    codec.Field("user", owner.user.user_id);
    Fields<Codec>(codec, owner.user.scope);
  } else {
    codec.Fail("owner", "is of an unknown kind");
  }
}

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, StoredKey> key) {
  codec.Field("owner", key.owner);
  codec.Field("status", key.status);
  codec.Field("created", key.created);
  codec.Field("expires", key.expires);
  codec.FieldIf(!key.description.empty(), "description", key.description);
  codec.Field("secret", key.secret);
}

StoredOwner StoredOf(const Owner& owner) {
  StoredOwner stored;
  if (const auto* context = std::get_if<ContextPrincipal>(&owner)) {
    stored.kind = kContext;
    stored.context = *context;
  } else if (const auto* user = std::get_if<UserPrincipal>(&owner)) {
    stored.kind = kUser;
    stored.user = *user;
  } else {
    stored.kind = kOperator;
    stored.operator_ = std::get<OperatorPrincipal>(owner);
  }
  return stored;
}

Owner OwnerIn(StoredOwner stored) {
  if (stored.kind == kContext) return std::move(stored.context);
  if (stored.kind == kUser) return std::move(stored.user);
  return std::move(stored.operator_);
}

}  // namespace

std::string WriteAccessKeyRecord(const AccessKeyRecord& record) {
  const AccessKey& key = record.key;
  const StoredKey stored{.owner = StoredOf(key.owner),
                         .status = std::string(key.status == KeyStatus::kActive ? kActive : kInactive),
                         .created = key.created,
                         .expires = key.expires,
                         .description = key.description,
                         .secret = record.sealed_secret};
  records::FieldWriter writer;
  writer.Field("v", kCredentialVersion);
  Fields(writer, stored);
  return writer.Take();
}

Result<AccessKeyRecord> ReadAccessKeyRecord(std::string_view id, std::string_view text) {
  const auto corrupt = [&](std::string_view what) {
    return Error(ErrorCode::kCorruption, fmt::format("the record of access key {} is damaged: {}", id, what));
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) return corrupt("not a JSON object");
  std::optional<Error> failure;
  records::FieldReader reader(object, &failure);
  std::int64_t version = 0;
  reader.Field("v", version);
  if (version > kCredentialVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("the record of access key {} has version {}; this program knows up to {}", id, version,
                             kCredentialVersion));
  }
  StoredKey stored;
  Fields(reader, stored);
  if (failure) return corrupt(failure->message());
  if (stored.status != kActive && stored.status != kInactive) return corrupt("member 'status' has an unknown value");
  if (stored.secret.empty()) return corrupt("member 'secret' is empty");
  AccessKeyRecord record;
  record.key.id = std::string(id);
  record.key.owner = OwnerIn(std::move(stored.owner));
  record.key.status = stored.status == kActive ? KeyStatus::kActive : KeyStatus::kInactive;
  record.key.created = stored.created;
  record.key.expires = stored.expires;
  record.key.description = std::move(stored.description);
  record.sealed_secret = std::move(stored.secret);
  return record;
}

}  // namespace insula::access
