// Environments, services, their templates and shared tables; accounts.
#include <fmt/format.h>

#include "admin/answers.h"
#include "admin/call.h"
#include "operations/tables/table_input.h"
#include "operations/tables/table_rules.h"
#include "wire/request.h"
#include "wire/shapes.h"

namespace insula::admin {
namespace {

using tenancy::ServiceInfo;

Task<Result<std::string>> CreateEnvironment(Call& call) {
  INSULA_CO_ASSIGN(EnvironmentName name, call.Environment());
  INSULA_CO_ASSIGN(auto environment, co_await call.organization.CreateEnvironment(std::move(name)));
  co_return Answer("Environment", environment);
}

Task<Result<std::string>> ListEnvironments(Call& call) {
  co_return ListAnswer("Environments", call.organization.Environments());
}

// What else a table of a template may say: as in an UpdateTimeToLive request.
Result<void> ReadTimeToLive(wire::JsonValue json, TimeToLive* ttl) {
  const wire::Shape& shape = wire::shapes::UpdateTimeToLive();
  INSULA_TRY(wire::CheckTypes(json, shape));
  INSULA_TRY(wire::CheckConstraints(json, shape));
  const auto specification = *wire::StructureView::Of(json, shape).Structure("TimeToLiveSpecification");
  ttl->enabled = *specification.Boolean("Enabled");
  ttl->attribute_name = *specification.String("AttributeName");
  return {};
}

Result<TableDefinition> TemplateTable(const Call& call, wire::JsonValue json, std::string_view text) {
  if (json.type() != wire::JsonType::kObject)
    return Error{ErrorCode::kInvalidArgument, "a template is a list of CreateTable requests, JSON objects"};
  const wire::Shape& shape = wire::shapes::CreateTable();
  INSULA_TRY(wire::CheckTypes(json, shape));
  INSULA_TRY(wire::CheckConstraints(json, shape));
  const auto input = operations::ReadCreateTable(wire::StructureView::Of(json, shape));
  if (auto check = operations::CheckCreateTable(input, call.services.region); !check.ok())
    return Error(ErrorCode::kInvalidArgument, fmt::format("table {}: {}", text, check.error().message()));
  TableDefinition definition = operations::DefinitionOf(input, call.services.clock.Now());
  if (!json.Member("TimeToLiveSpecification").is_null()) INSULA_TRY(ReadTimeToLive(json, &definition.ttl));
  return definition;
}

// The tables of a template, all judged before any is put.
Result<std::vector<TableDefinition>> TemplateTables(const Call& call) {
  std::vector<TableDefinition> tables;
  const wire::JsonValue given = call.parameters.Member("Template");
  const auto add = [&](wire::JsonValue json) -> Result<void> {
    const wire::JsonValue name = json.type() == wire::JsonType::kObject ? json.Member("TableName") : wire::JsonValue();
    INSULA_ASSIGN(auto table, TemplateTable(call, json, name.type() == wire::JsonType::kString ? name.string() : "?"));
    tables.push_back(std::move(table));
    return {};
  };
  if (given.type() == wire::JsonType::kArray) {
    for (const wire::JsonValue table : given.elements()) INSULA_TRY(add(table));
  } else if (!given.is_null()) {
    INSULA_TRY(add(given));
  }
  return tables;
}

Task<Result<std::string>> CreateService(Call& call) {
  INSULA_CO_ASSIGN(const EnvironmentName environment, call.Environment());
  INSULA_CO_ASSIGN(const ServiceName name, call.Service());
  INSULA_CO_ASSIGN(const std::string model_name, call.Text("PartitionModel"));
  INSULA_CO_ASSIGN(const auto model, tenancy::ParsePartitionModel(model_name));
  INSULA_CO_ASSIGN(const bool tenant_defined, call.Switch("TenantDefinedTables"));
  INSULA_CO_ASSIGN(auto tables, TemplateTables(call));
  INSULA_CO_ASSIGN(ServiceInfo service,
                   co_await call.organization.CreateService(environment, name, model, tenant_defined));
  for (auto& table : tables) {
    INSULA_CO_ASSIGN(service, co_await call.organization.PutTemplateTable(environment, name, std::move(table)));
  }
  co_return Answer("Service", service);
}

Task<Result<std::string>> ListServices(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames names, call.KnownFilter());
  std::optional<EnvironmentName> only;
  if (!names.environment.value().empty()) only = names.environment;
  co_return ListAnswer("Services", call.organization.Services(only));
}

Task<Result<std::string>> DescribeService(Call& call) {
  INSULA_CO_ASSIGN(const EnvironmentName environment, call.Environment());
  INSULA_CO_ASSIGN(const ServiceName name, call.Service());
  INSULA_CO_ASSIGN(auto service, call.organization.ShowService(environment, name));
  co_return Answer("Service", service);
}

std::string_view TypeName(AttributeType type) {
  return type == AttributeType::kN ? "N" : type == AttributeType::kB ? "B" : "S";
}

void WriteTemplateTable(const TableDefinition& definition, wire::JsonWriter* json) {
  json->BeginObject();
  json->StringField("TableName", definition.name);
  json->Key("AttributeDefinitions");
  json->BeginArray();
  for (const auto& attribute : definition.attribute_definitions) {
    json->BeginObject();
    json->StringField("AttributeName", attribute.name);
    json->StringField("AttributeType", TypeName(attribute.type));
    json->EndObject();
  }
  json->EndArray();
  json->Key("Indexes");
  json->BeginArray();
  for (const auto& index : definition.schema->indexes) json->String(index.name);
  json->EndArray();
  json->StringField("BillingMode", NameOf(definition.billing_mode));
  if (definition.ttl.enabled) {
    json->Key("TimeToLiveSpecification");
    json->BeginObject();
    json->StringField("AttributeName", definition.ttl.attribute_name);
    json->BooleanField("Enabled", true);
    json->EndObject();
  }
  json->EndObject();
}

Task<Result<std::string>> ServiceTemplate(Call& call) {
  INSULA_CO_ASSIGN(const EnvironmentName environment, call.Environment());
  INSULA_CO_ASSIGN(const ServiceName name, call.Service());
  INSULA_CO_ASSIGN(auto remove, call.OptionalText("Remove"));
  INSULA_CO_ASSIGN(auto tables, TemplateTables(call));
  for (auto& table : tables)
    INSULA_CO_TRY(co_await call.organization.PutTemplateTable(environment, name, std::move(table)));
  if (remove.has_value())
    INSULA_CO_TRY(co_await call.organization.RemoveTemplateTable(environment, name, std::move(*remove)));
  INSULA_CO_ASSIGN(auto service, call.organization.ShowService(environment, name));
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("TemplateTables");
  json.BeginArray();
  for (const auto& definition : service.table_template) WriteTemplateTable(definition, &json);
  json.EndArray();
  json.EndObject();
  co_return body;
}

Task<Result<std::string>> ShareServiceTable(Call& call) {
  INSULA_CO_ASSIGN(const EnvironmentName environment, call.Environment());
  INSULA_CO_ASSIGN(const ServiceName name, call.Service());
  INSULA_CO_ASSIGN(std::string table, call.Text("Table"));
  INSULA_CO_ASSIGN(const bool off, call.Switch("Off"));
  INSULA_CO_ASSIGN(auto service, co_await call.organization.ShareTable(environment, name, std::move(table), !off));
  co_return Answer("Service", service);
}

Task<Result<std::string>> ListAccounts(Call& call) {
  INSULA_CO_ASSIGN(auto environment, call.OptionalText("Environment"));
  auto accounts = call.organization.Accounts();
  if (environment.has_value())
    std::erase_if(accounts, [&](const auto& account) { return account.environment.value() != *environment; });
  co_return ListAnswer("Accounts", accounts);
}

}  // namespace

std::span<const AdminOperation> ServiceOperations() {
  static constexpr std::string_view kEnvironment[] = {"Environment"};
  static constexpr std::string_view kCreate[] = {"Environment", "Service", "PartitionModel", "TenantDefinedTables",
                                                 "Template"};
  static constexpr std::string_view kOne[] = {"Environment", "Service"};
  static constexpr std::string_view kTemplate[] = {"Environment", "Service", "Template", "Remove"};
  static constexpr std::string_view kShare[] = {"Environment", "Service", "Table", "Off"};

  static constexpr AdminOperation kOperations[] = {
      {"CreateEnvironment", CreateEnvironment, kEnvironment},
      {"ListEnvironments", ListEnvironments, {}},
      {"CreateService", CreateService, kCreate},
      {"ListServices", ListServices, kEnvironment},
      {"DescribeService", DescribeService, kOne},
      {"ServiceTemplate", ServiceTemplate, kTemplate},
      {"ShareServiceTable", ShareServiceTable, kShare},
      {"ListAccounts", ListAccounts, kEnvironment},
  };
  return kOperations;
}

}  // namespace insula::admin
