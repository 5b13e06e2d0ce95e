// INSULA_CHECK marks our own bugs, in release builds too: it ends the process with the place and the condition.
// A client's input never reaches one.
#pragma once

namespace insula {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}  // namespace insula

#define INSULA_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::insula::CheckFailed(#condition, __FILE__, __LINE__))
