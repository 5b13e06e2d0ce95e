#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace insula {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "insula: internal error: check failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace insula
