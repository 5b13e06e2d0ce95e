// Attribute definitions that no key uses. DynamoDB refuses them, DynamoDB Local takes them: so does a server that
// serves those who come from there (ApiOptions::takes_unused_definitions).
#pragma once

#include <string>
#include <vector>

#include "operations/tables/table_input.h"

namespace insula::operations {

// Leaves them out of the input; their names.
std::vector<std::string> LeaveOutUnusedDefinitions(CreateTableInput* input);

}  // namespace insula::operations
