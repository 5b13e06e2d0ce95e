// The commonest shapes of DynamoDB's messages.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace insula::operations {

// ValidationException "One or more parameter values were invalid: …".
template <class... Args>
Error Invalid(fmt::format_string<Args...> format, Args&&... args) {
  return ValidationError("One or more parameter values were invalid: " +
                         fmt::format(format, std::forward<Args>(args)...));
}

// ValidationException "Invalid Request: …": the words of backups, restores, exports and imports.
template <class... Args>
Error InvalidRequest(fmt::format_string<Args...> format, Args&&... args) {
  return ValidationError("Invalid Request: " + fmt::format(format, std::forward<Args>(args)...));
}

// "[a, b]"
inline std::string ListOf(std::span<const std::string> names) { return fmt::format("[{}]", fmt::join(names, ", ")); }

// ResourceInUseException "Attempt to change a resource which is still in use: …".
template <class... Args>
Error InUse(fmt::format_string<Args...> format, Args&&... args) {
  return {ErrorCode::kResourceInUse,
          "Attempt to change a resource which is still in use: " + fmt::format(format, std::forward<Args>(args)...)};
}

}  // namespace insula::operations
