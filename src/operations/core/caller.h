// Who asks, as the gateway found it: what policies, limits and logs look at.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "access/session.h"
#include "policy/grants.h"
#include "tenancy/identity/context.h"

namespace insula::operations {

// Lives as long as its request.
struct Caller {
  tenancy::Context context;
  std::string access_key_id;          // empty: a server that serves everybody
  std::string_view remote_address{};  // as numbers; empty: asked in-process
  std::string_view request_id{};      // as the answer has it; empty: asked in-process
  std::string_view user_agent{};
  bool has_tls = false;
  // What it may do within its context. Null: it is the context's root, as whoever signs with a key that was issued for
  // the context.
  policy::GrantsPtr grants{};
  // Where it signs with temporary credentials: what they stand for. Else null.
  std::shared_ptr<const access::Session> session{};
};

}  // namespace insula::operations
