#include "admin/admin_api.h"

#include <fmt/format.h>

#include <algorithm>

#include "admin/answers.h"
#include "admin/call.h"

namespace insula::admin {
namespace {

const AdminOperation* FindOperation(std::string_view name) {
  for (const auto operations :
       {ServiceOperations(), TenantOperations(), CredentialOperations(), IssuerOperations(), TableOperations(),
        ContributorOperations(), BackupOperations(), ObjectOperations(), VerifyOperations()})
    for (const AdminOperation& operation : operations)
      if (operation.name == name) return &operation;
  return nullptr;
}

Result<void> CheckParameters(const AdminOperation& operation, wire::JsonValue parameters) {
  if (parameters.type() != wire::JsonType::kObject) return Invalid("the parameters must be a JSON object");
  for (const auto& [name, value] : parameters.members())
    if (std::find(operation.parameters.begin(), operation.parameters.end(), name) == operation.parameters.end())
      return Invalid(fmt::format("{} has no parameter {}", operation.name, name));
  return {};
}

}  // namespace

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Result<std::string> Call::Text(std::string_view name) const {
  INSULA_ASSIGN(auto text, OptionalText(name));
  if (!text.has_value()) return Invalid(fmt::format("{} is missing", name));
  return std::move(*text);
}

Result<std::optional<std::string>> Call::OptionalText(std::string_view name) const {
  const wire::JsonValue value = parameters.Member(name);
  if (value.is_null()) return std::optional<std::string>();
  if (value.type() != wire::JsonType::kString || value.string().empty())
    return Invalid(fmt::format("{} must be a text that isn't empty", name));
  return std::optional<std::string>(value.string());
}

Result<std::optional<std::vector<std::string>>> Call::OptionalTexts(std::string_view name) const {
  const wire::JsonValue value = parameters.Member(name);
  if (value.is_null()) return std::optional<std::vector<std::string>>();
  if (value.type() != wire::JsonType::kArray || value.empty())
    return Invalid(fmt::format("{} must be a list with something in it", name));
  std::vector<std::string> texts;
  for (const wire::JsonValue element : value.elements()) {
    if (element.type() != wire::JsonType::kString || element.string().empty())
      return Invalid(fmt::format("{}[{}] must be a text that isn't empty", name, texts.size()));
    texts.emplace_back(element.string());
  }
  return std::optional(std::move(texts));
}

Result<bool> Call::Switch(std::string_view name) const {
  const wire::JsonValue value = parameters.Member(name);
  if (value.is_null()) return false;
  if (value.type() != wire::JsonType::kBoolean) return Invalid(fmt::format("{} must be true or false", name));
  return value.boolean();
}

Result<EnvironmentName> Call::Environment() const {
  INSULA_ASSIGN(auto text, Text("Environment"));
  return EnvironmentName(std::move(text));
}

Result<ServiceName> Call::Service() const {
  INSULA_ASSIGN(auto text, Text("Service"));
  return ServiceName(std::move(text));
}

Result<TenantId> Call::Tenant() const {
  INSULA_ASSIGN(auto text, Text("Tenant"));
  return TenantId(std::move(text));
}

Result<ContextNames> Call::Filter() const {
  INSULA_ASSIGN(auto environment, OptionalText("Environment"));
  INSULA_ASSIGN(auto service, OptionalText("Service"));
  INSULA_ASSIGN(auto tenant, OptionalText("Tenant"));
  return ContextNames{EnvironmentName(environment.value_or("")), ServiceName(service.value_or("")),
                      TenantFromText(tenant.value_or(""))};
}

Result<ContextNames> Call::KnownFilter() const {
  INSULA_ASSIGN(ContextNames names, Filter());
  const bool any_environment = names.environment.value().empty();
  if (!any_environment) {
    const auto environments = organization.Environments();
    if (std::ranges::none_of(environments, [&](const auto& known) { return known.name == names.environment; })) {
      return Error(ErrorCode::kNotFound, fmt::format("There is no environment '{}'", names.environment.value()));
    }
  }
  if (!names.service.value().empty()) {
    const auto in_scope = organization.Services(any_environment ? std::nullopt : std::optional(names.environment));
    if (std::ranges::none_of(in_scope, [&](const auto& known) { return known.record.name == names.service; })) {
      return Error(ErrorCode::kNotFound, any_environment
                                             ? fmt::format("There is no service '{}'", names.service.value())
                                             : fmt::format("There is no service '{}' in environment '{}'",
                                                           names.service.value(), names.environment.value()));
    }
  }
  if (names.tenant) {
    if (auto tenant = organization.ShowTenant(*names.tenant); !tenant.ok()) return std::move(tenant).error();
  }
  return names;
}

Result<tenancy::Context> Call::ActiveContext() const {
  INSULA_TRY(Text("Environment"));
  INSULA_TRY(Text("Service"));
  INSULA_ASSIGN(const ContextNames names, Filter());
  Result<tenancy::Context> context = services.catalog.ContextOf(names);
  if (context.ok()) return context;
  return Error(ErrorCode::kNotFound, fmt::format("There is no active context {}/{}/{}", names.environment.value(),
                                                 names.service.value(), TextOf(names.tenant)));
}

Task<operations::ApiResponse> AdminApi::Handle(std::string operation, std::string body) {
  const AdminOperation* found = FindOperation(operation);
  if (found == nullptr)
    co_return ErrorAnswer(Error(ErrorCode::kUnknownOperation, fmt::format("there is no operation {}", operation)));
  auto document = wire::JsonDocument::Parse(body.empty() ? std::string_view("{}") : body);
  if (!document.ok()) co_return ErrorAnswer(Invalid("the body is no JSON"));
  Call call{services_, organization_, document->root()};
  if (auto check = CheckParameters(*found, call.parameters); !check.ok()) co_return ErrorAnswer(check.error());
  auto answer = co_await found->function(call);
  if (!answer.ok()) co_return ErrorAnswer(answer.error());
  operations::ApiResponse response;
  response.body = std::move(answer).value();
  co_return response;
}

}  // namespace insula::admin
