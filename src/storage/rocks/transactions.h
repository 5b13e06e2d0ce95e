// TransactWriteItems and TransactGetItems: all items locked in order, one commit; one snapshot for reads.
#pragma once

#include <vector>

#include "storage/rocks/engine_parts.h"

namespace insula::storage::rocks {

Task<Result<TransactWriteOutcome>> TransactWrite(EngineParts* parts, TransactWriteRequest request);
Task<Result<std::vector<MaybeItem>>> TransactGet(EngineParts* parts, std::vector<GetRequest> requests,
                                                 ReadBounds bounds);

}  // namespace insula::storage::rocks
