// Work behind requests that fails.
#pragma once

#include <chrono>
#include <string>

namespace insula::control {

// Work whose last turn failed, or that is being tried again after one that did.
template <class Work>
struct Failing {
  Work work;
  std::string cause;  // of the last failure
  int failures = 0;   // in a row
  std::chrono::steady_clock::time_point since;
};

}  // namespace insula::control
