// The operations that read many items of one table, page by page; each in the file of its name.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> PageOperations();

Task<Result<std::string>> Query(Call& call);
Task<Result<std::string>> Scan(Call& call);

}  // namespace insula::operations
