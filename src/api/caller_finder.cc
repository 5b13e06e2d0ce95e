#include "api/caller_finder.h"

#include <utility>
#include <variant>

#include "api/scope_context.h"
#include "base/check.h"
#include "tenancy/identity/context_key.h"

namespace insula::api {
namespace {

Error Unrecognized() {
  return Error(ErrorCode::kUnrecognizedClient, "The security token included in the request is invalid.");
}

// For the log.
struct ScopeNamed {
  std::string operator()(const access::ContextPrincipal& who) const {
    ContextNames names = who.names;
    if (who.acting) names.tenant.reset();
    return tenancy::KeyOf(names);
  }
  std::string operator()(const access::OperatorPrincipal&) const { return {}; }
  std::string operator()(const access::UserPrincipal& who) const { return access::TextOf(who.scope); }
  std::string operator()(const access::SessionPrincipal& who) const { return access::TextOf(who.session->scope); }
};

}  // namespace

RefusedCaller::RefusedCaller(const Error& error) {
  const auto* sender = dynamic_cast<const access::RefusedSender*>(error.detail());
  if (sender == nullptr) return;
  access_key_id = sender->access_key_id;
  cause = sender->why;
  if (sender->proved) context = std::visit(ScopeNamed(), sender->proved->who);
}

CallerFinder::CallerFinder(const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
                           const iam::PrincipalGrants* grants, CallerFinderOptions options)
    : authenticator_(authenticator), catalog_(catalog), grants_(grants), options_(std::move(options)) {
  INSULA_CHECK(authenticator_ != nullptr || options_.anonymous.has_value());
}

Result<operations::Caller> CallerFinder::Find(const http::Request& request) const {
  const access::SignedRequest to_verify{request.method, request.target, request.headers, request.body};
  if (options_.anonymous) {
    INSULA_TRY(access::Authenticator::CheckForm(to_verify));
    INSULA_ASSIGN(tenancy::Context context, catalog_.ContextOf(*options_.anonymous));
    return operations::Caller{std::move(context), {}, request.remote_address};
  }
  INSULA_ASSIGN(access::Authenticated authenticated, authenticator_->Verify(to_verify));
  access::Principal& principal = authenticated.principal;
  Result<tenancy::Context> context = ContextOf(principal);
  if (!context.ok()) return access::RefusedAs(context.error(), std::move(principal));
  Result<policy::GrantsPtr> grants = GrantsOf(principal, *context);
  if (!grants.ok()) return access::RefusedAs(grants.error(), std::move(principal));
  operations::Caller caller{*std::move(context), std::move(principal.access_key_id), request.remote_address};
  if (auto* of_session = std::get_if<access::SessionPrincipal>(&principal.who)) caller.session = of_session->session;
  caller.grants = *std::move(grants);
  if (caller.grants != nullptr) caller.user_agent = request.Header("user-agent");
  caller.has_tls = options_.has_tls;
  return caller;
}

Result<std::string> CallerFinder::ReadClaim(const http::Request& request) const {
  const access::SignedRequest header{request.method, request.target, request.headers, {}};
  if (options_.anonymous) {
    INSULA_TRY(access::Authenticator::CheckForm(header));
    return std::string();
  }
  INSULA_ASSIGN(const access::Authenticated claimed, authenticator_->ReadClaim(header));
  INSULA_ASSIGN(const tenancy::Context context, ContextOf(claimed.principal));
  return tenancy::KeyOf(context);
}

Result<tenancy::Context> CallerFinder::ContextOf(const access::Principal& principal) const {
  if (const auto* who = std::get_if<access::ContextPrincipal>(&principal.who)) return catalog_.ContextOf(who->names);
  if (const auto* who = std::get_if<access::OperatorPrincipal>(&principal.who)) {
    return catalog_.OperatorContextOf(who->account);
  }
  if (const auto* who = std::get_if<access::UserPrincipal>(&principal.who)) return api::ContextOf(catalog_, who->scope);
  const access::Session& session = *std::get<access::SessionPrincipal>(principal.who).session;
  const bool of_role =
      session.kind == access::SessionKind::kAssumedRole || session.kind == access::SessionKind::kWebIdentityRole;
  // Roles' sessions are placed in a context when they are made, and never see what an operator does.
  if (of_role && std::holds_alternative<AccountId>(session.scope)) {
    return Error(ErrorCode::kAccessDenied, "The session does not belong to a tenant or service context");
  }
  INSULA_ASSIGN(tenancy::Context context, api::ContextOf(catalog_, session.scope));
  // Another tenant of the old one's name has another account.
  const bool of_tenant = std::holds_alternative<tenancy::TenantContext>(context);
  if (of_tenant && tenancy::AccountOf(context) != session.tenant_account) return Unrecognized();
  return context;
}

Result<policy::GrantsPtr> CallerFinder::GrantsOf(const access::Principal& principal,
                                                 const tenancy::Context& context) const {
  policy::GrantsPtr found;
  if (const auto* user = std::get_if<access::UserPrincipal>(&principal.who)) {
    if (grants_ != nullptr) found = grants_->OfUser(user->user_id, tenancy::AccountOf(context));
  } else if (const auto* of_session = std::get_if<access::SessionPrincipal>(&principal.who)) {
    const access::Session& session = *of_session->session;
    if (session.kind == access::SessionKind::kSessionToken && session.principal_id.empty()) return found;  // the root
    if (grants_ != nullptr) found = grants_->OfSession(session);
  } else {
    return found;
  }
  if (found == nullptr) return Unrecognized();
  return found;
}

}  // namespace insula::api
