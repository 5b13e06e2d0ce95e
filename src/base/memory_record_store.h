// A record store that forgets: what tests hold control-plane state in.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/record_store.h"

namespace insula {

// Safe from any thread.
class MemoryRecordStore : public RecordStore {
 public:
  Task<Result<std::vector<Record>>> Load(std::string kind) override {
    const std::lock_guard lock(mutex_);
    std::vector<Record> records;
    for (const auto& [key, value] : records_) {
      if (key.first == kind) records.push_back(Record{key.first, key.second, value});
    }
    co_return records;
  }

  Task<Result<void>> Commit(std::vector<RecordChange> changes) override {
    const std::lock_guard lock(mutex_);
    if (failure_) co_return *failure_;
    for (RecordChange& change : changes) {
      auto key = std::make_pair(std::move(change.kind), std::move(change.name));
      if (change.value) {
        records_[std::move(key)] = std::move(*change.value);
      } else {
        records_.erase(key);
      }
    }
    co_return Result<void>();
  }

  // Every Commit from now on fails with this; nullopt: they succeed again.
  void FailCommits(std::optional<Error> failure) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
  std::optional<std::string> Get(const std::string& kind, const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find({kind, name});
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::string> records_;  // guarded by mutex_
  std::optional<Error> failure_;                                        // guarded by mutex_
};

}  // namespace insula
