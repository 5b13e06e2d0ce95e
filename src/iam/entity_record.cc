#include "iam/entity_record.h"

#include <fmt/format.h>

#include <optional>

#include "iam/entity_fields.h"
#include "records/field_reader.h"
#include "records/field_writer.h"

namespace insula::iam {
namespace {

constexpr std::int64_t kVersion = 1;

// --- what is compiled ---------------------------------------------------------------------------------------------

Result<void> Compile(PolicyText& policy, policy::DocumentKind kind) {
  INSULA_ASSIGN(policy.document, policy::Document::Parse(policy.text, kind));
  return {};
}
Result<void> Compile(HeldPolicies& held) {
  for (auto& [name, policy] : held.inline_policies) INSULA_TRY(Compile(policy, policy::DocumentKind::kIdentity));
  return {};
}
Result<void> Compile(User& user) { return Compile(user.policies); }
Result<void> Compile(Group& group) { return Compile(group.policies); }
Result<void> Compile(Role& role) {
  INSULA_TRY(Compile(role.trust, policy::DocumentKind::kTrust));
  return Compile(role.policies);
}
Result<void> Compile(ManagedPolicy& policy) {
  for (PolicyVersion& version : policy.versions) {
    INSULA_TRY(Compile(version.policy, policy::DocumentKind::kIdentity));
  }
  if (policy.Version(policy.default_version) == nullptr) return Error(ErrorCode::kCorruption, "no default version");
  return {};
}
Result<void> Compile(InstanceProfile&) { return {}; }

// --- names --------------------------------------------------------------------------------------------------------

std::string_view KindOf(const AnyEntity& entity) { return kEntityKinds[entity.index()]; }

std::string NameOf(const access::Scope& scope, const AnyEntity& entity) {
  return access::TextOf(scope) + "/" + std::visit([](const auto& one) { return one->id; }, entity);
}

// What access::TextOf wrote.
std::optional<access::Scope> ScopeOfText(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  if (parts.size() == 2 && parts[0] == "o") return AccountId(parts[1]);
  const bool tenants = parts.size() == 4 && parts[0] == "t";
  if (!tenants && !(parts.size() == 3 && parts[0] == "s")) return std::nullopt;
  ContextNames names{EnvironmentName(parts[1]), ServiceName(parts[2]), std::nullopt};
  if (tenants) names.tenant = TenantId(parts[3]);
  return names;
}

struct Source {
  const Record& record;
  std::string_view id;
  access::Scope scope;

  Error Damaged(std::string_view what) const {
    return {ErrorCode::kCorruption, fmt::format("the record {} {} is damaged: {}", record.kind, record.name, what)};
  }
};

template <class T>
Result<ReadEntity> Read(const Source& source) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const std::string& text = source.record.value;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) return source.Damaged("no JSON object");
  std::optional<Error> failure;
  records::FieldReader reader(object, &failure);
  std::int64_t version = 0;
  reader.Field("v", version);
  if (version > kVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("the record {} {} has version {}; this program knows up to {}", source.record.kind,
                             source.record.name, version, kVersion));
  }
  auto entity = std::make_shared<T>();
  entity->id = std::string(source.id);
  Fields(reader, *entity);
  if (failure) return source.Damaged(failure->message());
  if (const Result<void> compiled = Compile(*entity); !compiled.ok()) return source.Damaged(compiled.error().message());
  return ReadEntity{source.scope, std::shared_ptr<const T>(std::move(entity))};
}

}  // namespace

RecordChange PutRecord(const access::Scope& scope, const AnyEntity& entity) {
  records::FieldWriter writer;
  writer.Field("v", kVersion);
  std::visit([&writer](const auto& one) { Fields(writer, *one); }, entity);
  return {std::string(KindOf(entity)), NameOf(scope, entity), writer.Take()};
}

RecordChange RemoveRecord(const access::Scope& scope, const AnyEntity& entity) {
  return {std::string(KindOf(entity)), NameOf(scope, entity), std::nullopt};
}

Result<ReadEntity> ReadEntityRecord(const Record& record) {
  const std::size_t slash = record.name.rfind('/');
  const std::optional<access::Scope> scope =
      slash == std::string::npos ? std::nullopt : ScopeOfText(std::string_view(record.name).substr(0, slash));
  if (!scope) return Error(ErrorCode::kCorruption, fmt::format("{} {} names no scope", record.kind, record.name));
  const Source source{record, std::string_view(record.name).substr(slash + 1), *scope};
  if (record.kind == kEntityKinds[0]) return Read<User>(source);
  if (record.kind == kEntityKinds[1]) return Read<Group>(source);
  if (record.kind == kEntityKinds[2]) return Read<Role>(source);
  if (record.kind == kEntityKinds[3]) return Read<ManagedPolicy>(source);
  return Read<InstanceProfile>(source);
}

}  // namespace insula::iam
