// IAM as the data port serves it. https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html
#pragma once

#include "api/query/query_service.h"
#include "base/clock.h"
#include "base/compute_pool.h"
#include "iam/identities.h"

namespace insula::api::iam_service {

// Safe from any thread.
class IamService : public query::QueryService {
 public:
  // All outlive the service. `compute`: where requests are served, as some look at thousands of policies; null: where
  // they come in.
  IamService(insula::iam::Identities& identities, const Clock& clock, ComputePool* compute = nullptr);

  Task<operations::ApiResponse> Perform(const http::Request& request, Asked asked,
                                        const operations::Caller* caller) override;

 private:
  ComputePool* const compute_;
};

}  // namespace insula::api::iam_service
