#include "api/iam/iam_service.h"

#include <string>

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

IamService::IamService(iam::Identities& identities, const Clock& clock) : QueryService("iam", "2010-05-08") {
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
