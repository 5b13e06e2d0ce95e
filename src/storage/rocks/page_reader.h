// One page of a Query or Scan: rows of a range on one snapshot, up to the limit or DynamoDB's 1 MB.
#pragma once

#include "storage/rocks/engine_parts.h"

namespace insula::storage::rocks {

Task<Result<Page>> ReadPageFrom(EngineParts* parts, PageRequest request);

}  // namespace insula::storage::rocks
