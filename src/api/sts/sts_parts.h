// What STS works with.
#pragma once

#include <string>

#include "access/credential_store.h"
#include "access/token_keys.h"
#include "base/clock.h"
#include "federation/attempts.h"
#include "federation/web_identity.h"
#include "iam/identities.h"
#include "tenancy/catalog/catalog.h"

namespace insula::api::sts {

// Everything outlives the service.
struct StsParts {
  const tenancy::Catalog& catalog;
  iam::Identities& identities;
  const access::CredentialStore& credentials;
  const access::TokenKeys& token_keys;
  const federation::WebIdentityVerifier& web_identities;
  federation::Attempts& attempts;  // at identity tokens, by each address: http::AddressKey
  Clock& clock;
  std::string region;
};

}  // namespace insula::api::sts
