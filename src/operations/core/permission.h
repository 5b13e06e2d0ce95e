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

// What something is asked of.
struct Resource {
  std::string_view arn;      // or "*"
  std::string_view account;  // whose it is
  // It is of the caller's own context, which may have another account than the caller's role.
  bool is_of_own_context = false;
  const policy::Document* policy = nullptr;  // null: it has none
};

// AccessDeniedException in IAM's words, if not. The root of a context is allowed what no resource's policy denies.
Result<void> MustBeAllowed(const Caller& caller, const policy::Action& action, const Resource& resource,
                           const CallerFacts& facts, WallTime now);

// The root of an account, as policies see it.
policy::Grants RootOf(const AccountId& account);

}  // namespace insula::operations
