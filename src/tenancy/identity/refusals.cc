#include "tenancy/identity/refusals.h"

#include <fmt/format.h>

namespace insula::tenancy {
namespace {

std::string UserArn(const Context& context) {
  const std::string& account = AccountOf(context).value();
  if (const auto* tenant = std::get_if<TenantContext>(&context)) {
    return fmt::format("arn:aws:iam::{}:user/{}", account, tenant->names().tenant->value());
  }
  if (const auto* service = std::get_if<ServiceContext>(&context)) {
    return fmt::format("arn:aws:iam::{}:user/{}", account, service->names().service.value());
  }
  return fmt::format("arn:aws:iam::{}:root", account);
}

Error Denied(const Context& context, std::string_view action, std::string_view arn, std::string_view policy) {
  return Error(ErrorCode::kAccessDenied,
               fmt::format("User: {} is not authorized to perform: {} on resource: {} because no {} policy allows the "
                           "{} action",
                           UserArn(context), action, arn, policy, action));
}

}  // namespace

Error NotAuthorized(const Context& context, std::string_view action, std::string_view resource_arn) {
  return Denied(context, action, resource_arn, "identity-based");
}
Error NotAuthorizedElsewhere(const Context& context, std::string_view action, std::string_view resource_arn) {
  return Denied(context, action, resource_arn, "resource-based");
}

Error TableNotFound(std::string_view name) {
  return Error(ErrorCode::kResourceNotFound, fmt::format("Requested resource not found: Table: {} not found", name));
}
Error ResourceNotFound() { return Error(ErrorCode::kResourceNotFound, "Requested resource not found"); }

Error TableAlreadyExists(std::string_view name) {
  return Error(ErrorCode::kResourceInUse, fmt::format("Table already exists: {}", name));
}
Error TableBeing(std::string_view state, std::string_view name) {
  return Error(ErrorCode::kResourceInUse,
               fmt::format("Attempt to change a resource which is still in use: Table is being {}: {}", state, name));
}

}  // namespace insula::tenancy
