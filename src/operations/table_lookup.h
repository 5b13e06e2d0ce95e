// A table by its name or its ARN, as every operation looks it up.
#pragma once

#include <string_view>

#include "operations/pipeline.h"

namespace insula::operations {

// The table in whatever status, or the catalog's refusal: ResourceNotFoundException "Requested resource not found". An
// ARN of another account or region is AccessDeniedException, naming `action` (the operation's own where it is empty),
// in the words for what no resource-based policy allows.
Result<tenancy::TablePtr> LookUp(const Call& call, std::string_view name_or_arn, std::string_view action = {});

}  // namespace insula::operations
