#include "operations/table_lookup.h"

#include <fmt/format.h>

#include "tenancy/arn.h"
#include "tenancy/refusals.h"

namespace insula::operations {

Result<tenancy::TablePtr> LookUp(const Call& call, std::string_view name_or_arn, std::string_view action) {
  if (tenancy::LooksLikeArn(name_or_arn)) {
    const auto parts = tenancy::ParseTableArn(name_or_arn);
    // The catalog would refuse it, too, but doesn't know what it is for.
    if (parts &&
        (parts->region != call.services.options.region || parts->account != tenancy::AccountOf(call.context).value())) {
      if (action.empty()) action = call.operation;
      return tenancy::NotAuthorizedElsewhere(call.context, fmt::format("dynamodb:{}", action), name_or_arn);
    }
  }
  return call.services.catalog.Find(call.context, name_or_arn);
}

}  // namespace insula::operations
