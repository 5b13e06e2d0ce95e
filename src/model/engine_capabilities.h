// What an engine can do, for whoever decides where items are kept: the catalog, when a tenant is placed and a table
// made or changed.
#pragma once

#include <string>

namespace insula {

struct EngineCapabilities {
  std::string name = "embedded";  // as placements say it
  bool local_indexes = true;
  bool vector_indexes = true;
  bool streams = true;  // and what else rests on a change log: point-in-time recovery, incremental exports
};

}  // namespace insula
