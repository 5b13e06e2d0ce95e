// What IAM can be asked for, one file per kind of entity.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
#pragma once

#include <span>
#include <string_view>

#include "api/iam/call.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::api::iam_service {

struct Operation {
  std::string_view action;  // "CreateRole"
  Task<Result<void>> (*perform)(Call& call);
};
using Operations = std::span<const Operation>;

Operations UserOperations();
Operations AccessKeyOperations();
Operations GroupOperations();
Operations RoleOperations();
Operations PolicyOperations();
Operations InlinePolicyOperations();
Operations AttachedPolicyOperations();
Operations TagOperations();
Operations InstanceProfileOperations();
Operations AccountOperations();
Operations AccountDetailsOperations();
Operations SimulationOperations();
Operations AbsentOperations();

}  // namespace insula::api::iam_service
