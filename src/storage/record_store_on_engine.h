// RecordStore over the engine: each record is an item of TableRef::ControlPlane().
#pragma once

#include "base/record_store.h"
#include "storage/engine.h"

namespace insula::storage {

class EngineRecordStore : public RecordStore {
 public:
  explicit EngineRecordStore(Engine& engine) : engine_(engine) {}
  Task<Result<std::vector<Record>>> Load(std::string kind) override;
  Task<Result<void>> Commit(std::vector<RecordChange> changes) override;

 private:
  Engine& engine_;
};

}  // namespace insula::storage
