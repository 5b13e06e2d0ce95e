// The place for exports and imports that the settings name.
#pragma once

#include <atomic>
#include <memory>

#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"
#include "objects/object_store.h"

namespace insula::app {

// nullptr where they name none. `cancelled`, once it is set, ends calls to an endpoint soon. `clock` outlives it.
Result<std::unique_ptr<objects::ObjectStore>> OpenObjectPlace(const Settings& settings,
                                                              std::shared_ptr<const std::atomic<bool>> cancelled,
                                                              Clock& clock);

}  // namespace insula::app
