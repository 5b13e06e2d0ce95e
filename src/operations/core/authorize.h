// Whether a caller may do what it asks for: the one place that decides, for every operation.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "operations/core/call.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

// What an operation means to do with a table.
enum class Access : std::uint8_t { kRead, kWrite };

// AccessDeniedException, in IAM's words, for what changes a table that the caller only reads: a service's shared table,
// an operator's view of a pooled one. `action` names the permission ("PutItem") where it isn't the operation's own, as
// for the parts of a transaction.
Result<void> Authorize(const Call& call, const tenancy::Table& table, Access access, std::string_view action = {});

// A transaction reads and writes tables where their items are: no part of one may be of an operator's view of a pooled
// table, whose parts are several tenants'.
Result<void> AuthorizeInTransaction(const Call& call, const tenancy::Table& table, std::string_view action);

// "User: … is not authorized to perform: dynamodb:PutItem on resource: …".
Error NotAuthorized(const Call& call, std::string_view arn, std::string_view action = {});

}  // namespace insula::operations
