// The ResourceArn parameter of the operations that name a table by its ARN alone.
#pragma once

#include <string>

#include "base/result.h"

namespace insula::operations {

// ValidationException where this isn't arn:aws:dynamodb:REGION:ACCOUNT:table/NAME. Whose account it is, is not looked
// at: the catalog does that.
Result<void> CheckTableArn(const std::string& arn);

}  // namespace insula::operations
