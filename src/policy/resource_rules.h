// What AWS asks of the ARNs in Resource and NotResource.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace insula::policy {

// Whether the text lacks parts of an ARN in a way that AWS's older parser refuses.
bool LacksParts(std::string_view resource);

// Errors: as document_rules.h has them, from "Resource … must be in ARN format" on.
Result<void> CheckResource(const std::string& resource, bool variables);

}  // namespace insula::policy
