// The errors that stand between a context and a table, as DynamoDB and IAM word them.
#pragma once

#include <string_view>

#include "base/error.h"
#include "tenancy/identity/context.h"

namespace insula::tenancy {

// "User: arn:aws:iam::ACCOUNT:user/NAME is not authorized to perform: dynamodb:CreateTable on resource: ARN because no
// identity-based policy allows the dynamodb:CreateTable action". NAME is the tenant's id, or the service's name.
Error NotAuthorized(const Context& context, std::string_view action, std::string_view resource_arn);
// The same for a resource of another account: "because no resource-based policy allows …".
Error NotAuthorizedElsewhere(const Context& context, std::string_view action, std::string_view resource_arn);

// "Requested resource not found: Table: NAME not found": what the control plane's operations answer.
Error TableNotFound(std::string_view name);
// "Requested resource not found": what operations on items answer.
Error ResourceNotFound();

// "Table already exists: NAME"
Error TableAlreadyExists(std::string_view name);
// "Attempt to change a resource which is still in use: Table is being created: NAME"; `state` is "created",
// "updated" or "deleted".
Error TableBeing(std::string_view state, std::string_view name);

}  // namespace insula::tenancy
