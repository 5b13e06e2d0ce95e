#include "admin/answers.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace insula::admin {

std::string TimeText(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

operations::ApiResponse ErrorAnswer(const Error& error) {
  const ErrorTraits& traits = TraitsOf(error.code());
  operations::ApiResponse response;
  response.status = traits.http_status;
  wire::JsonWriter json(&response.body);
  json.BeginObject();
  json.StringField("__type", fmt::format("{}#{}", traits.prefix, traits.name));
  json.StringField("message", error.message());
  json.EndObject();
  return response;
}

void Write(const tenancy::EnvironmentRecord& environment, wire::JsonWriter* json) {
  json->BeginObject();
  json->StringField("Environment", environment.name.value());
  json->StringField("SharedAccount", environment.shared_account.value());
  json->StringField("CreateDate", TimeText(environment.created_at));
  json->EndObject();
}

void Write(const tenancy::ServiceInfo& service, wire::JsonWriter* json) {
  json->BeginObject();
  json->StringField("Service", service.record.name.value());
  json->StringField("Environment", service.record.environment.value());
  json->StringField("PartitionModel", NameOf(service.record.model));
  json->BooleanField("TenantDefinedTables", service.record.tenant_defined_tables);
  json->IntegerField("Tenants", static_cast<std::int64_t>(service.tenant_count));
  json->Key("TemplateTables");
  json->BeginArray();
  for (const auto& definition : service.table_template) json->String(definition.name);
  json->EndArray();
  json->Key("OwnTables");
  json->BeginArray();
  for (const auto& own : service.own_tables) json->String(own.table->definition.name);
  json->EndArray();
  json->Key("SharedTables");
  json->BeginArray();
  for (const auto& own : service.own_tables)
    if (own.shared) json->String(own.table->definition.name);
  json->EndArray();
  json->StringField("CreateDate", TimeText(service.record.created_at));
  json->EndObject();
}

void Write(const tenancy::PlacementInfo& placement, wire::JsonWriter* json) {
  json->BeginObject();
  json->StringField("Environment", placement.record.names.environment.value());
  json->StringField("Service", placement.record.names.service.value());
  json->StringField("Tenant", TextOf(placement.record.names.tenant));
  json->StringField("PartitionModel", NameOf(placement.record.model));
  json->StringField("Account", placement.tenant_account.value());
  json->StringField("PhysicalAccount", placement.record.account.value());
  json->StringField("Engine", placement.record.engine);
  json->StringField("Status", placement.status);
  json->EndObject();
}

void Write(const tenancy::TenantInfo& tenant, wire::JsonWriter* json) {
  json->BeginObject();
  json->StringField("Tenant", tenant.record.id.value());
  json->StringField("Tier", tenant.record.tier);
  json->StringField("Status", NameOf(tenant.record.status));
  json->StringField("CreateDate", TimeText(tenant.record.created_at));
  json->Key("Placements");
  json->BeginArray();
  for (const auto& placement : tenant.placements) {
    json->BeginObject();
    json->StringField("Environment", placement.record.names.environment.value());
    json->StringField("Service", placement.record.names.service.value());
    json->StringField("PartitionModel", NameOf(placement.record.model));
    json->StringField("Account", placement.tenant_account.value());
    json->StringField("Status", placement.status);
    json->EndObject();
  }
  json->EndArray();
  json->EndObject();
}

void Write(const tenancy::AccountRecord& account, wire::JsonWriter* json) {
  json->BeginObject();
  json->StringField("Account", account.id.value());
  json->StringField("Kind", NameOf(account.kind));
  json->StringField("Environment", account.environment.value());
  json->StringField("Tenant", TextOf(account.tenant));
  json->BooleanField("OwnStore", account.store != StoreId{});
  json->BooleanField("Closed", account.closed);
  json->StringField("CreateDate", TimeText(account.created_at));
  json->EndObject();
}

void Write(const federation::Issuer& issuer, wire::JsonWriter* json) {
  const auto write_texts = [json](std::string_view member, const auto& things, const auto& text_of) {
    json->Key(member);
    json->BeginArray();
    for (const auto& thing : things) json->String(text_of(thing));
    json->EndArray();
  };
  const auto write_if_set = [json](std::string_view member, std::string_view text) {
    if (!text.empty()) json->StringField(member, text);
  };
  json->BeginObject();
  json->StringField("Issuer", issuer.url);
  write_texts("Audiences", issuer.audiences, [](const std::string& audience) { return std::string_view(audience); });
  write_if_set("EnvironmentClaim", issuer.environment_claim);
  write_if_set("ServiceClaim", issuer.service_claim);
  write_if_set("TenantClaim", issuer.tenant_claim);
  if (issuer.tenants) {
    write_texts("Tenants", *issuer.tenants, [](const TenantId& tenant) { return std::string_view(tenant.value()); });
  } else {
    json->BooleanField("AnyTenant", true);
  }
  write_texts("Algorithms", issuer.algorithms, [](auto algorithm) { return federation::NameOf(algorithm); });
  write_if_set("Keys", issuer.keys);
  json->StringField("CreateDate", TimeText(issuer.created));
  json->EndObject();
}

void WriteOwner(const ContextNames& owner, wire::JsonWriter* json) {
  json->StringField("Environment", owner.environment.value());
  json->StringField("Service", owner.service.value());
  json->StringField("Tenant", TextOf(owner.tenant));
}

void WriteMembers(const access::AccessKey& key, wire::JsonWriter* json) {
  json->StringField("AccessKeyId", key.id);
  json->StringField("Status", key.status == access::KeyStatus::kActive ? "Active" : "Inactive");
  json->StringField("CreateDate", TimeText(key.created));
  if (key.expires.has_value()) json->StringField("ExpireDate", TimeText(*key.expires));
  const auto write_names = [json](const ContextNames& names) {
    json->StringField("Environment", names.environment.value());
    json->StringField("Service", names.service.value());
    if (names.tenant) json->StringField("Tenant", names.tenant->value());
  };
  if (const auto* context = std::get_if<access::ContextPrincipal>(&key.owner)) {
    json->StringField("Kind", context->names.tenant ? "tenant" : "service");
    write_names(context->names);
    if (context->may_act_for_tenants) json->BooleanField("ActForTenants", true);
  } else if (const auto* who = std::get_if<access::OperatorPrincipal>(&key.owner)) {
    json->StringField("Kind", who->admin ? "admin" : "account");
    if (!who->account.value().empty()) json->StringField("Account", who->account.value());
  } else if (const auto* user = std::get_if<access::UserPrincipal>(&key.owner)) {
    json->StringField("Kind", "user");
    json->StringField("UserId", user->user_id);
    if (const auto* names = std::get_if<ContextNames>(&user->scope)) {
      write_names(*names);
    } else {
      json->StringField("Account", std::get<AccountId>(user->scope).value());
    }
  }
  if (!key.description.empty()) json->StringField("Description", key.description);
}

}  // namespace insula::admin
