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
constexpr std::string_view kActive = "active";
constexpr std::string_view kInactive = "inactive";

// A record as it is stored.
struct StoredOwner {
  std::string kind;
  ContextPrincipal context;
  OperatorPrincipal operator_;
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
void Fields(Codec& codec, Fielded<Codec, StoredOwner> owner) {
  codec.Field("kind", owner.kind);
  if (owner.kind == kContext) {
    codec.Field("environment", owner.context.names.environment);
    codec.Field("service", owner.context.names.service);
    codec.Tenant("tenant", owner.context.names.tenant);
    codec.FieldOr("may_act", owner.context.may_act_for_tenants, false);
  } else if (owner.kind == kOperator) {
    codec.Field("account", owner.operator_.account);
    codec.FieldOr("admin", owner.operator_.admin, false);
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
  if (const auto* context = std::get_if<ContextPrincipal>(&owner)) {
    return {.kind = std::string(kContext), .context = *context, .operator_ = {}};
  }
  return {.kind = std::string(kOperator), .context = {}, .operator_ = std::get<OperatorPrincipal>(owner)};
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
  if (stored.owner.kind == kContext) {
    record.key.owner = stored.owner.context;
  } else {
    record.key.owner = stored.owner.operator_;
  }
  record.key.status = stored.status == kActive ? KeyStatus::kActive : KeyStatus::kInactive;
  record.key.created = stored.created;
  record.key.expires = stored.expires;
  record.key.description = std::move(stored.description);
  record.sealed_secret = std::move(stored.secret);
  return record;
}

}  // namespace insula::access
