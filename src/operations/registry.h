// The table of operations: what each sub-room has, on top of all of them.
#pragma once

#include <string_view>

#include "operations/core/call.h"

namespace insula::operations {

// nullptr: unknown. No two services have an operation of the same name.
const Operation* FindOperation(std::string_view name);

}  // namespace insula::operations
