// The ResourceArn parameter of the operations that name a table by its ARN alone.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace insula::operations {

// ValidationException where this isn't arn:aws:dynamodb:REGION:ACCOUNT:table/NAME, in this region, or a table's stream;
// in capitals or not. Whose account it is and whether there is such a resource, is not looked at: the catalog does
// that.
Result<void> CheckTableArn(const std::string& arn, std::string_view region);

}  // namespace insula::operations
