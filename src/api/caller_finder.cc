#include "api/caller_finder.h"

#include <utility>
#include <variant>

#include "base/check.h"
#include "tenancy/identity/context_key.h"

namespace insula::api {

RefusedCaller::RefusedCaller(const Error& error) {
  const auto* sender = dynamic_cast<const access::RefusedSender*>(error.detail());
  if (sender == nullptr) return;
  access_key_id = sender->access_key_id;
  cause = sender->why;
  if (!sender->proved) return;
  if (const auto* who = std::get_if<access::ContextPrincipal>(&sender->proved->who)) {
    ContextNames names = who->names;
    if (who->acting) names.tenant.reset();
    context = tenancy::KeyOf(names);
  }
}

CallerFinder::CallerFinder(const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
                           std::optional<ContextNames> anonymous)
    : authenticator_(authenticator), catalog_(catalog), anonymous_(std::move(anonymous)) {
  INSULA_CHECK(authenticator_ != nullptr || anonymous_.has_value());
}

Result<operations::Caller> CallerFinder::Find(const http::Request& request) const {
  const access::SignedRequest to_verify{request.method, request.target, request.headers, request.body};
  if (anonymous_) {
    INSULA_TRY(access::Authenticator::CheckForm(to_verify));
    INSULA_ASSIGN(tenancy::Context context, catalog_.ContextOf(*anonymous_));
    return operations::Caller{std::move(context), {}, request.remote_address};
  }
  INSULA_ASSIGN(access::Authenticated authenticated, authenticator_->Verify(to_verify));
  access::Principal& principal = authenticated.principal;
  Result<tenancy::Context> context = ContextOf(principal);
  if (!context.ok()) return access::RefusedAs(context.error(), std::move(principal));
  return operations::Caller{*std::move(context), std::move(principal.access_key_id), request.remote_address};
}

Result<std::string> CallerFinder::ReadClaim(const http::Request& request) const {
  const access::SignedRequest header{request.method, request.target, request.headers, {}};
  if (anonymous_) {
    INSULA_TRY(access::Authenticator::CheckForm(header));
    return std::string();
  }
  INSULA_ASSIGN(const access::Authenticated claimed, authenticator_->ReadClaim(header));
  INSULA_ASSIGN(const tenancy::Context context, ContextOf(claimed.principal));
  return tenancy::KeyOf(context);
}

Result<tenancy::Context> CallerFinder::ContextOf(const access::Principal& principal) const {
  if (const auto* names = std::get_if<access::ContextPrincipal>(&principal.who)) {
    return catalog_.ContextOf(names->names);
  }
  if (const auto* who = std::get_if<access::OperatorPrincipal>(&principal.who)) {
    return catalog_.OperatorContextOf(who->account);
  }
  // Users and sessions (UserPrincipal, SessionPrincipal) aren't let in yet.
  return Error(ErrorCode::kAccessDenied, "These credentials have no access to this service.");
}

}  // namespace insula::api
