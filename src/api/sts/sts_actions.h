// The operations of STS, each in the file of its name or kind. `query` and `answer` outlive the task.
#pragma once

#include "api/query/query_service.h"
#include "api/sts/sts_parts.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::api::sts {

Task<Result<void>> AssumeRole(const StsParts& parts, const query::Query& query, query::Answer& answer);
// Unsigned: `query` has no caller.
Task<Result<void>> AssumeRoleWithWebIdentity(const StsParts& parts, const query::Query& query, query::Answer& answer);
Task<Result<void>> GetAccessKeyInfo(const StsParts& parts, const query::Query& query, query::Answer& answer);
Task<Result<void>> GetCallerIdentity(const StsParts& parts, const query::Query& query, query::Answer& answer);
Task<Result<void>> GetFederationToken(const StsParts& parts, const query::Query& query, query::Answer& answer);
Task<Result<void>> GetSessionToken(const StsParts& parts, const query::Query& query, query::Answer& answer);

}  // namespace insula::api::sts
