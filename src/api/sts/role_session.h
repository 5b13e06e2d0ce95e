// A role's session, however somebody came to it: placed, issued and shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "access/session.h"
#include "api/query/answer.h"
#include "api/query/parameters.h"
#include "api/sts/role_finder.h"
#include "api/sts/session_place.h"
#include "api/sts/sts_parts.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::api::sts {

// Seconds that a request may ask for.
inline constexpr std::int64_t kRoleSecondsMin = 900;
inline constexpr std::int64_t kRoleSecondsMax = 43'200;

// How long the role's session lasts. ValidationError for more than the role, or a chain of roles, allows.
Result<std::int64_t> SecondsOf(const std::optional<std::int64_t>& asked, const iam::Role& role, bool chained);

// `session`: as far as the request says what it is. Writes Credentials, AssumedRoleUser, PackedPolicySize and
// SourceIdentity into the answer's result. Errors of PlaceSession and access::IssueSession.
Task<Result<void>> GiveRoleSession(const StsParts& parts, FoundRole found, ContextParts known, access::Session session,
                                   std::int64_t seconds, query::Answer& answer);

}  // namespace insula::api::sts
