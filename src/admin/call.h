// One operation of the admin API in flight: its parameters, and what it works with. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/admin_api.h"
#include "base/error.h"
#include "wire/json_reader.h"

namespace insula::admin {

Error Invalid(std::string message);  // InvalidArgument: what is wrong with a parameter

struct Call {
  const Services& services;
  tenancy::Organization& organization;
  wire::JsonValue parameters;  // an object

  // InvalidArgument naming the parameter if it is missing or of another type.
  Result<std::string> Text(std::string_view name) const;
  Result<std::optional<std::string>> OptionalText(std::string_view name) const;
  // A list of at least one.
  Result<std::optional<std::vector<std::string>>> OptionalTexts(std::string_view name) const;
  Result<bool> Switch(std::string_view name) const;  // absent: false

  Result<EnvironmentName> Environment() const;  // as Text
  Result<ServiceName> Service() const;
  Result<TenantId> Tenant() const;

  // Environment, Service and Tenant, those that are given; the others empty.
  Result<ContextNames> Filter() const;
  // The same for a list, which would be empty for a name that is misspelt: NotFound if one of them isn't there.
  Result<ContextNames> KnownFilter() const;
  // The context of Environment, Service and, for a tenant's, Tenant. NotFound if it isn't there or isn't active.
  Result<tenancy::Context> ActiveContext() const;
};

// Gives the JSON of the answer. `call` outlives the task.
using AdminFunction = Task<Result<std::string>> (*)(Call& call);

struct AdminOperation {
  std::string_view name;
  AdminFunction function;
  std::span<const std::string_view> parameters;  // others are refused
};

std::span<const AdminOperation> ServiceOperations();      // service_operations.cc
std::span<const AdminOperation> TenantOperations();       // tenant_operations.cc
std::span<const AdminOperation> CredentialOperations();   // credential_operations.cc
std::span<const AdminOperation> IssuerOperations();       // issuer_operations.cc
std::span<const AdminOperation> TableOperations();        // table_operations.cc
std::span<const AdminOperation> ContributorOperations();  // contributor_operations.cc
std::span<const AdminOperation> BackupOperations();       // backup_operations.cc
std::span<const AdminOperation> ObjectOperations();       // object_operations.cc
std::span<const AdminOperation> VerifyOperations();       // verify_operations.cc

}  // namespace insula::admin
