// Resource policies: no table or stream has one.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
#include <fmt/format.h>

#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"
#include "operations/tables/resource_arn.h"
#include "operations/tables/table_operations.h"
#include "operations/tables/unoffered_operations.h"

namespace insula::operations {
namespace {

// Whether the ARN is of a table, or of a stream of one, that is there.
Result<void> CheckResource(const Call& call) {
  std::string arn(*call.input().String("ResourceArn"));
  arn.resize(std::min(arn.size(), arn.find("/stream/")));
  INSULA_TRY(CheckTableArn(arn, call.services.options.region));
  INSULA_TRY(TableHandle::OpenForControl(call, arn, Access::kRead));
  return {};
}

Error NoPolicy(const Call& call) {
  return {ErrorCode::kPolicyNotFound, fmt::format("Resource-based policy not found for the provided ResourceArn: {}",
                                                  *call.input().String("ResourceArn"))};
}

}  // namespace

Task<Result<std::string>> GetResourcePolicy(Call& call) {
  INSULA_CO_TRY(CheckResource(call));
  co_return NoPolicy(call);
}

Task<Result<std::string>> PutResourcePolicy(Call& call) {
  INSULA_CO_TRY(CheckResource(call));
  co_return ResourcePoliciesNotOffered();
}

// Deleting what isn't there succeeds, unless it was expected to be.
Task<Result<std::string>> DeleteResourcePolicy(Call& call) {
  INSULA_CO_TRY(CheckResource(call));
  if (call.input().Has("ExpectedRevisionId")) co_return NoPolicy(call);
  co_return std::string("{}");
}

}  // namespace insula::operations
