#include "api/iam/iam_service.h"

#include <string>
#include <utility>

#include "api/iam/call.h"
#include "api/iam/operations.h"

namespace insula::api::iam_service {
namespace {

// Everything it is given lives until it ends.
Task<Result<void>> Run(iam::Identities* identities, WallTime now, const Operation* operation, const query::Query* query,
                       query::Answer* answer) {
  Call call(*identities, *query, now, *answer);
  co_return co_await operation->perform(call);
}

}  // namespace

Task<operations::ApiResponse> IamService::Perform(const http::Request& request, Asked asked,
                                                  const operations::Caller* caller) {
  Task<operations::ApiResponse> answer = QueryService::Perform(request, asked, caller);
  if (compute_ == nullptr || ComputePool::OnPoolThread()) return answer;
  return compute_->Run(std::move(answer));
}

IamService::IamService(iam::Identities& identities, const Clock& clock, ComputePool* compute)
    : QueryService("iam", "2010-05-08"), compute_(compute) {
  for (const Operations operations :
       {UserOperations(), AccessKeyOperations(), GroupOperations(), RoleOperations(), PolicyOperations(),
        InlinePolicyOperations(), AttachedPolicyOperations(), TagOperations(), InstanceProfileOperations(),
        AccountOperations(), AccountDetailsOperations(), SimulationOperations(), AbsentOperations()}) {
    for (const Operation& operation : operations) {
      Offer(std::string(operation.action),
            {[&identities, &clock, &operation](const query::Query& query, query::Answer& answer) {
              return Run(&identities, clock.Now(), &operation, &query, &answer);
            }});
    }
  }
}

}  // namespace insula::api::iam_service
