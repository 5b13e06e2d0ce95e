// What DynamoDB has and Insula doesn't. A request for it is refused in words that say what to do instead: ignoring it
// would be worse.
#pragma once

#include "base/error.h"

namespace insula::operations {

// ValidationException each.
Error GlobalTablesNotOffered();
Error KinesisDestinationsNotOffered();
Error ResourcePoliciesNotOffered();
Error IonNotOffered();  // as a format of exports and imports

}  // namespace insula::operations
