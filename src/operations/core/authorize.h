// Whether a caller may do what it asks for: the one place that decides, for every operation. Its context has narrowed
// what it can name at all before (tenancy); here its policies are asked, and what its context may only read is kept.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "operations/core/call.h"
#include "operations/core/intent.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

// AccessDeniedException, in IAM's words, where the caller's policies don't allow it. `table`: nullptr where there is no
// table of that ARN, which nobody is told who mayn't ask for it.
Result<void> AskPolicies(const Call& call, std::string_view table_arn, const tenancy::Table* table,
                         const Intent& intent);

// The ARN of a table of the caller's account, there or not.
std::string TableArnOf(const Call& call, std::string_view name_or_arn);

// The same for an operation that opens no table, or a table itself: what it is about is read from its parameters.
// Operations on items are asked about table by table instead, as they open them.
Result<void> AskPoliciesOfOperation(const Call& call);

// AccessDeniedException for what changes a table that the caller only reads: a service's shared table, an operator's
// view of a pooled one.
Result<void> Authorize(const Call& call, const tenancy::Table& table, const Intent& intent);

// A transaction reads and writes tables where their items are: no part of one may be of an operator's view of a pooled
// table, whose parts are several tenants'.
Result<void> AuthorizeInTransaction(const Call& call, const tenancy::Table& table, std::string_view action);

// "User: … is not authorized to perform: dynamodb:PutItem on resource: …".
Error NotAuthorized(const Call& call, std::string_view arn, std::string_view action = {});

}  // namespace insula::operations
