#include "base/error.h"

#include <array>
#include <cstddef>

namespace insula {

const ErrorTraits& TraitsOf(ErrorCode code) {
  static constexpr ErrorTraits kTraits[] = {
#define INSULA_ERROR_TRAITS(code, name, prefix, status, retryable) {name, prefix, status, retryable},
      INSULA_ERROR_CODES(INSULA_ERROR_TRAITS)
#undef INSULA_ERROR_TRAITS
  };
  return kTraits[static_cast<std::size_t>(code)];
}

}  // namespace insula
