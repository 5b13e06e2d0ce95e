// The operations in PartiQL; each in the file of its name.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> PartiQlOperations();

Task<Result<std::string>> BatchExecuteStatement(Call& call);
Task<Result<std::string>> ExecuteStatement(Call& call);
Task<Result<std::string>> ExecuteTransaction(Call& call);

}  // namespace insula::operations
