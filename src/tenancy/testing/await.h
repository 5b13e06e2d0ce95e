// Runs a coroutine to its end on an event loop of its own, for tests.
#pragma once

#include <utility>

#include "base/run_task.h"

namespace insula::tenancy::testing {

template <class T>
T Await(Task<T> task) {
  return RunTask(std::move(task));
}

}  // namespace insula::tenancy::testing
