// Several engines as one: each store is on one of them, and with it all that is asked about its tables. To whoever asks
// it is an engine like any other. It has what any of them has; for a table whose engine lacks it, that is refused.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/engine.h"

namespace insula::storage {

class Router : public Engine {
 public:
  // The first of the engines has all stores that Assign doesn't give to another one, the control plane's among them.
  // At least one; each capabilities().name once.
  static std::unique_ptr<Router> Make(std::vector<std::unique_ptr<Engine>> engines);

  // Before the store's first use: it is on the engine of this name. NotFound if there is no such engine.
  virtual Result<void> Assign(StoreId store, const std::string& engine) = 0;
  // Of each engine, in order.
  virtual std::vector<EngineCapabilities> AllCapabilities() const = 0;
};

}  // namespace insula::storage
