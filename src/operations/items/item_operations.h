// The operations on items; each in the file of its name.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> ItemOperations();

Task<Result<std::string>> BatchGetItem(Call& call);
Task<Result<std::string>> BatchWriteItem(Call& call);
Task<Result<std::string>> DeleteItem(Call& call);
Task<Result<std::string>> GetItem(Call& call);
Task<Result<std::string>> PutItem(Call& call);
Task<Result<std::string>> SearchVectors(Call& call);
Task<Result<std::string>> TransactGetItems(Call& call);
Task<Result<std::string>> TransactWriteItems(Call& call);
Task<Result<std::string>> UpdateItem(Call& call);

}  // namespace insula::operations
