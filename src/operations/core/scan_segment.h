// Whether a key is in a segment of a parallel scan.
#pragma once

#include "base/result.h"
#include "model/attribute_value.h"
#include "storage/engine.h"

namespace insula::operations {

// By the hash attribute of a table's key.
bool IsInSegment(const AttributeValue& hash, const storage::Segment& segment);

// "The provided starting key is invalid: … Please use ExclusiveStartKey with correct Segment. …"
Error NotInSegment(const storage::Segment& segment);
Result<void> CheckInSegment(const AttributeValue& hash, const storage::Segment& segment);

}  // namespace insula::operations
