// Which names the organization's nouns may have. The alphabets are what the naming proof (naming_proof.h) relies on:
// none of them has a dot, and none starts with one of the characters that templates use to mark shared tables.
#pragma once

#include <string_view>

#include "base/result.h"

namespace insula::tenancy {

// InvalidArgument with the rule that is broken. Environment, service: [A-Za-z0-9][A-Za-z0-9_-]{0,62}.
Result<void> CheckEnvironmentName(std::string_view name);
Result<void> CheckServiceName(std::string_view name);
Result<void> CheckTenantId(std::string_view id);  // [a-z0-9][a-z0-9-]{0,62}
Result<void> CheckTier(std::string_view tier);    // as a tenant id
// ValidationException, DynamoDB's rule for table names: [a-zA-Z0-9_.-]{3,255}.
Result<void> CheckTableName(std::string_view name);

}  // namespace insula::tenancy
