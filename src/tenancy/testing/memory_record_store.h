// A record store in memory that can be told to fail, for tests of those who keep state through one.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/record_store.h"

namespace insula::tenancy::testing {

// Safe from any thread.
class MemoryRecordStore : public RecordStore {
 public:
  enum class Failure : std::uint8_t {
    kBefore,  // nothing is kept
    kAfter,   // everything is kept, and the caller is told that it failed
  };

  Task<Result<std::vector<Record>>> Load(std::string kind) override {
    const std::lock_guard lock(mutex_);
    std::vector<Record> result;
    for (const auto& [key, value] : records_) {
      if (key.first == kind) result.push_back({key.first, key.second, value});
    }
    co_return result;
  }

  Task<Result<void>> Commit(std::vector<RecordChange> changes) override {
    const std::lock_guard lock(mutex_);
    ++commits_;
    const bool fails = fail_at_ != 0 && commits_ >= fail_at_;
    if (changes.size() > 100) co_return Error(ErrorCode::kInternalServerError, "More than 100 changes");
    if (!fails || failure_ == Failure::kAfter) {
      for (RecordChange& change : changes) {
        const std::pair key(change.kind, change.name);
        if (change.value) {
          records_[key] = *change.value;
        } else {
          records_.erase(key);
        }
      }
    }
    if (fails) {
      if (failure_ == Failure::kAfter) failure_ = Failure::kBefore;  // the machine is down from here on
      co_return Error(ErrorCode::kIo, "The disk is gone");
    }
    co_return Result<void>{};
  }

  // The `nth` commit from now (1: the next) fails, and every later one.
  void FailFrom(std::size_t nth, Failure failure) {
    const std::lock_guard lock(mutex_);
    fail_at_ = commits_ + nth;
    failure_ = failure;
  }
  void Heal() {
    const std::lock_guard lock(mutex_);
    fail_at_ = 0;
  }
  std::size_t commits() const { return commits_; }
  std::map<std::pair<std::string, std::string>, std::string>& records() { return records_; }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::string> records_;
  std::size_t commits_ = 0;
  std::size_t fail_at_ = 0;
  Failure failure_ = Failure::kBefore;
};

}  // namespace insula::tenancy::testing
