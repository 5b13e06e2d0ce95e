// IAM as the data port serves it. https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html
#pragma once

#include "api/query/query_service.h"
#include "base/clock.h"
#include "iam/identities.h"

namespace insula::api::iam_service {

// Safe from any thread.
class IamService : public query::QueryService {
 public:
  // Both outlive the service.
  IamService(insula::iam::Identities& identities, const Clock& clock);
};

}  // namespace insula::api::iam_service
