// Whether a caller's policies allow it something: what every service asks, once for each action and resource.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "operations/core/caller.h"
#include "operations/core/caller_facts.h"
#include "policy/document.h"
#include "policy/request.h"

namespace insula::operations {

// AccessDeniedException in IAM's words, if not. `resource`: its ARN, or "*". `resource_account`: whose it is.
// `resource_policy`: null: it has none. The root of a context is allowed what no resource policy denies.
Result<void> MustBeAllowed(const Caller& caller, const policy::Action& action, std::string_view resource,
                           std::string_view resource_account, const CallerFacts& facts, WallTime now,
                           const policy::Document* resource_policy = nullptr);

// The root of an account, as policies see it.
policy::Grants RootOf(const AccountId& account);

}  // namespace insula::operations
