#include "access/credential_record.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace insula::access {
namespace {

constexpr std::int64_t kCredentialVersion = 1;

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
      quoted.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      quoted.push_back(c);
    }
  }
  quoted.push_back('"');
  return quoted;
}

std::string WriteOwner(const Owner& owner) {
  if (const auto* context = std::get_if<ContextPrincipal>(&owner)) {
    return fmt::format(R"({{"kind":"context","environment":{},"service":{},"tenant":{},"may_act":{}}})",
                       Quoted(context->names.environment.value()), Quoted(context->names.service.value()),
                       Quoted(TextOf(context->names.tenant)), context->may_act_for_tenants);
  }
  const auto& operator_ = std::get<OperatorPrincipal>(owner);
  return fmt::format(R"({{"kind":"operator","account":{},"admin":{}}})", Quoted(operator_.account.value()),
                     operator_.admin);
}

std::string Text(simdjson::dom::object object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

bool Flag(simdjson::dom::object object, std::string_view name) {
  bool flag = false;
  return object[name].get(flag) == simdjson::SUCCESS && flag;
}

std::optional<WallTime> Time(simdjson::dom::object object, std::string_view name) {
  std::int64_t microseconds = 0;
  if (object[name].get(microseconds) != simdjson::SUCCESS) return std::nullopt;
  return WallTime{std::chrono::microseconds{microseconds}};
}

std::optional<Owner> ReadOwner(simdjson::dom::object object) {
  const std::string kind = Text(object, "kind");
  if (kind == "context") {
    ContextPrincipal context;
    context.names.environment = EnvironmentName(Text(object, "environment"));
    context.names.service = ServiceName(Text(object, "service"));
    context.names.tenant = TenantFromText(Text(object, "tenant"));
    context.may_act_for_tenants = Flag(object, "may_act");
    return context;
  }
  if (kind == "operator") {
    OperatorPrincipal operator_;
    operator_.account = AccountId(Text(object, "account"));
    operator_.admin = Flag(object, "admin");
    return operator_;
  }
  return std::nullopt;
}

}  // namespace

std::string WriteAccessKeyRecord(const AccessKeyRecord& record) {
  const AccessKey& key = record.key;
  std::string text =
      fmt::format(R"({{"v":{},"owner":{},"status":"{}","created":{})", kCredentialVersion, WriteOwner(key.owner),
                  key.status == KeyStatus::kActive ? "active" : "inactive", key.created.time_since_epoch().count());
  if (key.expires) text += fmt::format(R"(,"expires":{})", key.expires->time_since_epoch().count());
  if (!key.description.empty()) text += fmt::format(R"(,"description":{})", Quoted(key.description));
  text += fmt::format(R"(,"secret":{}}})", Quoted(record.sealed_secret));
  return text;
}

Result<AccessKeyRecord> ReadAccessKeyRecord(std::string_view id, std::string_view text) {
  const auto corrupt = [&](std::string_view what) {
    return Error(ErrorCode::kCorruption, fmt::format("the record of access key {} is damaged: {}", id, what));
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) return corrupt("not a JSON object");
  std::int64_t version = 0;
  if (object["v"].get(version) != simdjson::SUCCESS) return corrupt("no version");
  if (version > kCredentialVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("the record of access key {} has version {}; this program knows up to {}", id, version,
                             kCredentialVersion));
  }
  AccessKeyRecord record;
  record.key.id = std::string(id);
  simdjson::dom::object owner_object;
  if (object["owner"].get(owner_object) != simdjson::SUCCESS) return corrupt("no owner");
  auto owner = ReadOwner(owner_object);
  if (!owner) return corrupt("an owner of an unknown kind");
  record.key.owner = std::move(*owner);
  const std::string status = Text(object, "status");
  if (status != "active" && status != "inactive") return corrupt("no status");
  record.key.status = status == "active" ? KeyStatus::kActive : KeyStatus::kInactive;
  const auto created = Time(object, "created");
  if (!created) return corrupt("no time of creation");
  record.key.created = *created;
  record.key.expires = Time(object, "expires");
  record.key.description = Text(object, "description");
  record.sealed_secret = Text(object, "secret");
  if (record.sealed_secret.empty()) return corrupt("no secret");
  return record;
}

}  // namespace insula::access
