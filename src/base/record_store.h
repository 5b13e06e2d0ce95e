// Durable small records of the control plane (catalog, credentials, intents), keyed by (kind, name).
//
// Whoever keeps state through it loads everything at start, holds it in memory, and writes every change
// through before acting on it. Implemented over the storage engine, so that gateways can share it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace insula {

struct Record {
  std::string kind;   // "tenant", "table", "key" ...: one namespace per kind
  std::string name;   // unique within its kind
  std::string value;  // JSON with a "v" (format version) member, as its owner writes it
};

struct RecordChange {
  std::string kind;
  std::string name;
  std::optional<std::string> value;  // nullopt deletes
};

// Safe from any thread.
class RecordStore {
 public:
  virtual ~RecordStore() = default;
  // Every record of a kind, in order of name.
  virtual Task<Result<std::vector<Record>>> Load(std::string kind) = 0;
  // All changes or none; durable when it returns. At most 100 changes.
  virtual Task<Result<void>> Commit(std::vector<RecordChange> changes) = 0;
};

}  // namespace insula
