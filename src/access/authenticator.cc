#include "access/authenticator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "access/authorization_header.h"
#include "access/canonical_request.h"
#include "access/signatory.h"
#include "access/signing_key.h"

namespace insula::access {
namespace {

constexpr std::size_t kHeadersMax = 256;
constexpr std::string_view kGlobalRegion = "us-east-1";  // of the services that aren't in any region

bool IsGlobal(std::string_view service) { return service == "sts" || service == "iam" || service == "organizations"; }

Error Invalid(std::string message) { return {ErrorCode::kInvalidSignature, std::move(message)}; }

Error Mismatch() {
  return Invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
      "and signing method. Consult the service documentation for details.");
}
// `why`: what the client isn't told, for the log; a literal.
Error UnknownKey(std::string_view why) {
  auto sender = std::make_shared<RefusedSender>();
  sender->why = why;
  return {ErrorCode::kUnrecognizedClient, "The security token included in the request is invalid.", std::move(sender)};
}
const RefusedSender* SenderOf(const Error& error) { return dynamic_cast<const RefusedSender*>(error.detail()); }

struct Header {
  std::string_view name;   // lower case
  std::string_view sent;   // as it came
  std::string_view value;  // untrimmed
  std::size_t index;
};

// What one verification writes into; kept per thread, so that a request allocates nothing here.
struct Scratch {
  std::string names;  // lower-case copies
  std::vector<Header> headers;
  std::vector<std::string_view> signed_names;
  std::string signed_text;
  std::string canonical;
};

// All headers in the order of their names, equal names in the order they came.
void SortHeaders(const SignedRequest& request, Scratch* scratch) {
  scratch->names.clear();
  for (const auto& [name, value] : request.headers) scratch->names += name;
  ToLowerCase(&scratch->names);
  scratch->headers.clear();
  std::size_t at = 0;
  for (const auto& [name, value] : request.headers) {
    const std::string_view lower = std::string_view(scratch->names).substr(at, name.size());
    scratch->headers.push_back(Header{lower, name, value, scratch->headers.size()});
    at += name.size();
  }
  std::sort(scratch->headers.begin(), scratch->headers.end(), [](const Header& a, const Header& b) {
    const int order = a.name.compare(b.name);
    return order != 0 ? order < 0 : a.index < b.index;
  });
}

// The signed names in lower case, sorted, each once, as the canonical request has them.
void SortSignedNames(std::string_view list, Scratch* scratch) {
  scratch->signed_text = list;
  ToLowerCase(&scratch->signed_text);
  scratch->signed_names.clear();
  const std::string_view text = scratch->signed_text;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    if (end > at) scratch->signed_names.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  auto& names = scratch->signed_names;
  if (!std::is_sorted(names.begin(), names.end())) std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

bool MustBeSigned(std::string_view name) { return name.starts_with("x-amz-") || name.starts_with("x-insula-"); }

bool MustComeOnce(std::string_view name) {
  return name == "host" || name == "x-amz-target" || name == "x-amz-security-token" || name == "x-amz-content-sha256" ||
         name == "content-type";
}

// Appends the canonical headers, a blank line and the list of their names. Both lists are sorted: one pass over each.
Result<void> AppendHeaders(Scratch* scratch, bool date_header_decides) {
  auto& canonical = scratch->canonical;
  const auto& headers = scratch->headers;
  const auto& names = scratch->signed_names;
  std::size_t next = 0;
  for (std::size_t at = 0; at < headers.size();) {
    const Header& header = headers[at];
    std::size_t end = at + 1;
    while (end < headers.size() && headers[end].name == header.name) ++end;
    if (end - at > 1 && MustComeOnce(header.name)) {
      return Invalid(fmt::format("There must be exactly one '{}' HTTP header.", header.sent));
    }
    if (next < names.size() && names[next] < header.name) break;  // signed, but not there
    if (next < names.size() && names[next] == header.name) {
      canonical.append(header.name).push_back(':');
      for (std::size_t i = at; i < end; ++i) {
        if (i > at) canonical.push_back(',');
        AppendCanonicalValue(headers[i].value, &canonical);
      }
      canonical.push_back('\n');
      ++next;
    } else if (MustBeSigned(header.name) || (date_header_decides && header.name == "date")) {
      return Invalid(fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", header.sent));
    }
    at = end;
  }
  if (next < names.size()) return Mismatch();
  canonical.push_back('\n');
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) canonical.push_back(';');
    canonical.append(names[i]);
  }
  canonical.push_back('\n');
  return {};
}

const Header* FindHeader(const Scratch& scratch, std::string_view name) {
  for (const Header& header : scratch.headers) {
    if (header.name == name) return &header;
  }
  return nullptr;
}

struct CredentialScope {
  std::string_view key_id, date, region, service;
  std::string_view credential;  // the whole of it
  std::string_view text;        // date/region/service/aws4_request
};

Result<CredentialScope> ReadScope(std::string_view credential) {
  while (!credential.empty() && credential.back() == '/') credential.remove_suffix(1);
  std::array<std::string_view, 5> parts;
  std::size_t count = 0;
  for (std::size_t at = 0; at <= credential.size(); ++count) {
    const std::size_t end = std::min(credential.find('/', at), credential.size());
    if (count < parts.size()) parts[count] = credential.substr(at, end - at);
    at = end + 1;
  }
  if (count != parts.size()) {
    return IncompleteSignature(fmt::format(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{}'",
        credential));
  }
  CredentialScope scope{parts[0], parts[1], parts[2], parts[3], credential, credential.substr(parts[0].size() + 1)};
  return scope;
}

// The date as it is signed: basic ISO 8601, converted from the Date header's format where that one is used.
struct SigningTime {
  std::string iso;
  WallTime time;
};

Result<SigningTime> ReadDate(std::string_view text) {
  if (const auto time = ParseIsoBasic(text)) return SigningTime{std::string(text), *time};
  if (const auto time = ParseHttpDate(text)) return SigningTime{IsoBasicOf(*time), *time};
  return IncompleteSignature(fmt::format(
      "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601", text));
}

// `valid_for`: how long a presigned URL says that it is good for; without it a signature is good for the clocks' skew.
Result<void> CheckSkew(const SigningTime& signed_at, std::optional<std::chrono::seconds> valid_for, WallTime now) {
  constexpr auto kSkew = Authenticator::kClockSkewMax;
  const WallTime second = std::chrono::floor<std::chrono::seconds>(now);
  if (valid_for && signed_at.time + *valid_for < second) {
    return Invalid(fmt::format("Signature expired: {} is now earlier than {} ({} - {} sec.)", signed_at.iso,
                               IsoBasicOf(second - *valid_for), IsoBasicOf(second), valid_for->count()));
  }
  if (!valid_for && signed_at.time < second - kSkew) {
    return Invalid(fmt::format("Signature expired: {} is now earlier than {} ({} - {} min.)", signed_at.iso,
                               IsoBasicOf(second - kSkew), IsoBasicOf(second), kSkew.count()));
  }
  if (signed_at.time > second + kSkew) {
    return Invalid(fmt::format("Signature not yet current: {} is still later than {} ({} + {} min.)", signed_at.iso,
                               IsoBasicOf(second + kSkew), IsoBasicOf(second), kSkew.count()));
  }
  return {};
}

Result<void> CheckPayload(const Scratch& scratch, std::string_view payload_hash) {
  const Header* header = FindHeader(scratch, "x-amz-content-sha256");
  if (header == nullptr) return {};
  const std::string_view stated = TrimSpace(header->value);
  if (stated == "UNSIGNED-PAYLOAD" || stated.starts_with("STREAMING-")) {
    return Invalid("The payload must be signed: 'x-amz-content-sha256' has to be the SHA-256 of the body.");
  }
  if (stated != payload_hash) {
    return Invalid("The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  return {};
}

// A session's token is where its signature is, and nowhere else.
SentToken TokenOf(const Scratch& scratch, const Authorization& authorization) {
  const Header* header = FindHeader(scratch, "x-amz-security-token");
  if (header == nullptr) return {authorization.security_token};
  return {TrimSpace(header->value), authorization.in_query};
}

bool IsTenantId(std::string_view id) {
  const auto is_alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !id.empty() && id.size() <= 63 && is_alnum(id.front()) &&
         std::all_of(id.begin(), id.end(), [&](char c) { return is_alnum(c) || c == '-'; });
}

// Lets a service's key act for the tenant the header names. The value is taken as it came: what a proxy or another
// parser might trim or join is no tenant.
Result<void> ApplyTenantHeader(const Scratch& scratch, Principal* principal) {
  const Header* first = nullptr;
  for (const Header& header : scratch.headers) {
    if (header.name != Authenticator::kTenantHeader) continue;
    if (first != nullptr) return Error(ErrorCode::kAccessDenied, "There must be exactly one x-insula-tenant header");
    first = &header;
  }
  if (first == nullptr) return {};
  auto* context = std::get_if<ContextPrincipal>(&principal->who);
  if (context == nullptr || !context->may_act_for_tenants || context->names.tenant) {
    return Error(ErrorCode::kAccessDenied, "These credentials may not act for a tenant: x-insula-tenant is denied");
  }
  if (!IsTenantId(first->value)) return Error(ErrorCode::kAccessDenied, "x-insula-tenant doesn't name a tenant");
  context->names.tenant = TenantId(std::string(first->value));
  context->acting = true;
  return {};
}

struct ThreadScratch {
  Scratch scratch;
  QueryAuthorization query;

  static ThreadScratch& Get() {
    thread_local ThreadScratch kept;
    return kept;
  }
};

// What a header has to fit.
struct Terms {
  WallTime now;
  std::string_view region;
  const std::vector<std::string>& services;
};

// What a header says, views into the request and the scratch.
struct Claim {
  Authorization authorization;
  SigningTime signed_at;
  CredentialScope scope;
  std::string_view service;
  SentToken token;
};

// Everything that comes before the payload.
Result<Claim> ReadHeader(const SignedRequest& request, const Terms& terms, ThreadScratch* thread) {
  Scratch& scratch = thread->scratch;
  if (request.headers.size() > kHeadersMax) return IncompleteSignature("A request has at most 256 headers.");
  thread->query = {};
  INSULA_ASSIGN(const Authorization authorization, ReadAuthorization(request, &thread->query));
  INSULA_ASSIGN(SigningTime signed_at, ReadDate(authorization.date));
  INSULA_TRY(CheckSkew(signed_at, authorization.valid_for, terms.now));

  SortHeaders(request, &scratch);
  SortSignedNames(authorization.signed_headers, &scratch);
  if (!std::binary_search(scratch.signed_names.begin(), scratch.signed_names.end(), std::string_view("host"))) {
    return Invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (authorization.algorithm != kAlgorithm) {
    return IncompleteSignature(
        fmt::format("Unsupported AWS 'algorithm': '{}' (only AWS4-HMAC-SHA256 for now). ", authorization.algorithm));
  }
  INSULA_ASSIGN(const CredentialScope scope, ReadScope(authorization.credential));
  const std::string_view date = std::string_view(signed_at.iso).substr(0, 8);
  const std::string_view terminator = scope.credential.substr(scope.credential.rfind('/') + 1);
  const auto service = std::find(terms.services.begin(), terms.services.end(), scope.service);
  const bool service_good = service != terms.services.end();
  const bool region_good = scope.region == terms.region || (IsGlobal(scope.service) && scope.region == kGlobalRegion);
  if (!region_good || !service_good || terminator != kTerminator || scope.date != date) {
    std::string message;  // a sentence for each, the last too with a space behind it
    if (!region_good) message += "Credential should be scoped to a valid region. ";
    if (!service_good) {
      message += fmt::format("Credential should be scoped to correct service: '{}'. ", terms.services.front());
    }
    if (terminator != kTerminator) {
      message +=
          fmt::format("Credential should be scoped with a valid terminator: 'aws4_request', not '{}'. ", terminator);
    }
    if (scope.date != date) {
      message += fmt::format(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' "
          "!= '{}', from '{}'. ",
          scope.date, date, signed_at.iso);
    }
    return Invalid(std::move(message));
  }
  return Claim{authorization, std::move(signed_at), scope, *service, TokenOf(scratch, authorization)};
}

// The error with who it refuses. Where nothing is proved the header is read once more, so that a refusal costs the same
// for every access key.
Error WithSender(const Error& error, const SignedRequest& request) {
  const RefusedSender* known = SenderOf(error);
  if (known != nullptr && known->proved) return error;
  QueryAuthorization query;
  auto sender = std::make_shared<RefusedSender>();
  if (known != nullptr) sender->why = known->why;
  if (const auto authorization = ReadAuthorization(request, &query); authorization.ok()) {
    const std::string_view credential = authorization->credential;
    sender->access_key_id = credential.substr(0, std::min(credential.find('/'), RefusedSender::kKeyIdMax));
  }
  return Error(error.code(), error.message(), std::move(sender));
}

}  // namespace

std::string ScopedService(const SignedRequest& request) {
  QueryAuthorization query;
  const Result<Authorization> authorization = ReadAuthorization(request, &query);
  if (!authorization.ok()) return {};
  const Result<CredentialScope> scope = ReadScope(authorization->credential);
  return scope.ok() ? std::string(scope->service) : std::string();
}

Authenticator::Authenticator(const CredentialStore& credentials, Clock& clock, std::string region,
                             std::vector<std::string> services, SessionCache* sessions, Derivation derive)
    : credentials_(credentials),
      clock_(clock),
      region_(std::move(region)),
      services_(std::move(services)),
      sessions_(sessions),
      derive_(std::move(derive)),
      nobody_(HexOf(RandomBytes(kSecretSize / 2))) {}

Error RefusedAs(const Error& error, Principal proved) {
  auto sender = std::make_shared<RefusedSender>();
  if (const RefusedSender* known = SenderOf(error)) sender->why = known->why;
  sender->access_key_id = proved.access_key_id;
  sender->proved = std::move(proved);
  return Error(error.code(), error.message(), std::move(sender));
}

Result<void> Authenticator::CheckForm(const SignedRequest& request) {
  QueryAuthorization query;
  INSULA_TRY(ReadAuthorization(request, &query));
  return {};
}

Result<Authenticated> Authenticator::ReadClaim(const SignedRequest& request) const {
  Result<Authenticated> claimed = ReadUnproved(request);
  if (!claimed.ok()) return WithSender(claimed.error(), request);
  return claimed;
}

Result<Authenticated> Authenticator::Verify(const SignedRequest& request) const {
  Result<Authenticated> verified = VerifySignature(request);
  if (!verified.ok()) return WithSender(verified.error(), request);
  return verified;
}

Result<Authenticated> Authenticator::ReadUnproved(const SignedRequest& request) const {
  ThreadScratch& thread = ThreadScratch::Get();
  INSULA_ASSIGN(const Claim claim, ReadHeader(request, Terms{clock_.Now(), region_, services_}, &thread));
  const Signatory signatory = FindSignatory(credentials_, sessions_, claim.scope.key_id, claim.token);
  if (!signatory.known()) return UnknownKey(signatory.unknown);
  INSULA_TRY(signatory.CheckExpiry(clock_.Now()));
  Authenticated claimed{signatory.ToPrincipal(), claim.service};
  INSULA_TRY(ApplyTenantHeader(thread.scratch, &claimed.principal));
  return claimed;
}

Result<Authenticated> Authenticator::VerifySignature(const SignedRequest& request) const {
  ThreadScratch& thread = ThreadScratch::Get();
  Scratch& scratch = thread.scratch;
  INSULA_ASSIGN(const Claim claim, ReadHeader(request, Terms{clock_.Now(), region_, services_}, &thread));
  const Authorization& authorization = claim.authorization;
  const SigningTime& signed_at = claim.signed_at;
  const CredentialScope& scope = claim.scope;

  const auto payload = HexOf(Sha256::Of(request.body));
  const std::string_view payload_hash(payload.data(), payload.size());
  INSULA_TRY(CheckPayload(scratch, payload_hash));
  scratch.canonical.assign(request.method).push_back('\n');
  AppendCanonicalTarget(request.target, &scratch.canonical, PathForm::kNormalized,
                        authorization.in_query ? "X-Amz-Signature" : "");
  const bool date_header_decides = !authorization.in_query && FindHeader(scratch, "x-amz-date") == nullptr;
  INSULA_TRY(AppendHeaders(&scratch, date_header_decides));
  scratch.canonical.append(payload_hash);

  const Signatory signatory = FindSignatory(credentials_, sessions_, claim.scope.key_id, claim.token);
  const auto derive = [&] {
    const SecretText& secret = signatory.known() ? signatory.secret() : nobody_;
    return derive_(secret.view(), scope.date, scope.region, scope.service);
  };
  std::optional<HmacSha256Key> kept;
  if (signatory.known()) kept = signatory.signing_key().Find(scope.date, scope.region, scope.service);
  const HmacSha256Key key = kept ? *kept : derive();
  const auto expected = SignatureOf(key, signed_at.iso, scope.text, scratch.canonical);
  const bool equal = ConstantTimeEqual({expected.data(), expected.size()}, authorization.signature);
  if (!signatory.known()) return UnknownKey(signatory.unknown);
  if (!kept) signatory.signing_key().Keep(scope.date, scope.region, scope.service, key);
  if (!equal) {
    if (kept) (void)derive();  // so that nobody learns that the key is in use
    return Mismatch();
  }

  Authenticated authenticated{signatory.ToPrincipal(), claim.service};
  Result<void> admitted = signatory.CheckExpiry(clock_.Now());
  if (admitted.ok()) admitted = ApplyTenantHeader(scratch, &authenticated.principal);
  if (!admitted.ok()) return RefusedAs(admitted.error(), std::move(authenticated.principal));
  return authenticated;
}

}  // namespace insula::access
