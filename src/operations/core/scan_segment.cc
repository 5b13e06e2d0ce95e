#include "operations/core/scan_segment.h"

#include <fmt/format.h>

#include <string>

#include "model/primary_key.h"

namespace insula::operations {

bool IsInSegment(const AttributeValue& hash, const storage::Segment& segment) {
  std::string prefix;
  AppendHashPrefix(hash, &prefix);
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(prefix[static_cast<std::size_t>(i)]);
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(Wide{number} * segment.total >> 64) == segment.number;
}

Result<void> CheckInSegment(const AttributeValue& hash, const storage::Segment& segment) {
  if (IsInSegment(hash, segment)) return {};
  return NotInSegment(segment);
}

Error NotInSegment(const storage::Segment& segment) {
  return ValidationError(
      fmt::format("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with "
                  "correct Segment. TotalSegments: {} Segment: {}",
                  segment.total, segment.number));
}

}  // namespace insula::operations
