// What an engine refuses (storage/refusal.h), in DynamoDB's words.
#pragma once

#include "base/error.h"

namespace insula::operations {

// Any other error is returned as it is.
Error Worded(const Error& error);

}  // namespace insula::operations
