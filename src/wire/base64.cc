#include "wire/base64.h"

namespace insula::wire {
namespace {

Error NotBase64(std::string message) { return {ErrorCode::kSerialization, std::move(message)}; }

}  // namespace

Result<void> CheckBase64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return NotBase64("Base64 encoded length is expected a multiple of 4 bytes but found: " +
                     std::to_string(text.size()));
  }
  // DynamoDB's own spelling.
  if (!IsBase64(text)) return NotBase64("Invalid last non-pad Base64 character dectected");
  return {};
}

}  // namespace insula::wire
