// Identity tokens of the issuers that an organization trusts: what AssumeRoleWithWebIdentity takes for a proof.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "federation/attempts.h"
#include "federation/claims.h"
#include "federation/issuer_keys.h"
#include "federation/issuer_store.h"

namespace insula::federation {

// Safe from any thread. Costs one signature check at most; nothing is fetched for an issuer that isn't trusted.
class WebIdentityVerifier {
 public:
  // All outlive the verifier. `attempts`: at tokens of each issuer.
  WebIdentityVerifier(const IssuerStore& issuers, IssuerKeys& keys, Attempts& attempts, Clock& clock)
      : issuers_(issuers), keys_(keys), attempts_(attempts), clock_(clock) {}

  // In this order: InvalidIdentityToken (form, issuer, algorithm), Throttling, IDPCommunicationError,
  // InvalidIdentityToken (a key that the issuer hasn't, the signature), then as ReadClaims.
  Task<Result<WebIdentityClaims>> Verify(std::string token) const;

 private:
  const IssuerStore& issuers_;
  IssuerKeys& keys_;
  Attempts& attempts_;
  Clock& clock_;
};

}  // namespace insula::federation
