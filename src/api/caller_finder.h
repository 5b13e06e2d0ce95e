// Who asks: from a request's signature to the context that it acts in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/authenticator.h"
#include "base/result.h"
#include "http/server.h"
#include "iam/principal_grants.h"
#include "model/ids.h"
#include "operations/core/caller.h"
#include "tenancy/catalog/catalog.h"

namespace insula::api {

// Whom a request that was refused is said to be of, for the log.
struct RefusedCaller {
  RefusedCaller() = default;
  explicit RefusedCaller(const Error& error);
  std::string access_key_id;
  std::string context;     // tenancy::KeyOf; only where the signature was right
  std::string_view cause;  // what the client isn't told; a literal
};

struct CallerFinderOptions {
  std::optional<ContextNames> anonymous{};
  bool has_tls = false;  // the port it serves
};

// Safe from any thread.
class CallerFinder {
 public:
  // `grants`: null where there are no users and no sessions. `anonymous`: whatever the credentials say, every request
  // is of this context; their form is still asked for, and `authenticator` may be null. Everything outlives the finder.
  CallerFinder(const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
               const iam::PrincipalGrants* grants, CallerFinderOptions options);

  // Errors as Authenticator::Verify and Catalog::ContextOf give them; UnrecognizedClient for a user that is gone, and
  // for a session whose role, user or tenant is.
  Result<operations::Caller> Find(const http::Request& request) const;
  // Who the header claims to be, before its body has come: tenancy::KeyOf, or empty where nobody in particular asks.
  Result<std::string> ReadClaim(const http::Request& request) const;

 private:
  Result<tenancy::Context> ContextOf(const access::Principal& principal) const;
  // What it may do, where it isn't the root of its context.
  Result<policy::GrantsPtr> GrantsOf(const access::Principal& principal, const tenancy::Context& context) const;

  const access::Authenticator* authenticator_;
  const tenancy::Catalog& catalog_;
  const iam::PrincipalGrants* grants_;
  const CallerFinderOptions options_;
};

}  // namespace insula::api
