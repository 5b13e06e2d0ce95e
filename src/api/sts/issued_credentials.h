// Temporary credentials as an answer shows them.
#pragma once

#include "access/session.h"
#include "access/session_token.h"
#include "api/query/element.h"

namespace insula::api::sts {

// https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
void WriteCredentials(const access::IssuedSession& issued, WallTime expires, query::Element result);

}  // namespace insula::api::sts
