// Engines with a bug each, to see that the tester finds it. They wrap a whole engine; the shipped program has none.
#pragma once

#include <memory>
#include <string>

#include "storage/engine.h"

namespace insula::stress {

// `engine` with `bug` (setup.h) in it; nullptr if an engine isn't where that bug is. `engine` outlives it.
std::unique_ptr<storage::Engine> PlantBug(const std::string& bug, storage::Engine& engine);

}  // namespace insula::stress
