// A record store that forgets, and can be told to fail: what tests hold control-plane state in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/record_store.h"

namespace insula {

// Safe from any thread, but for records().
class MemoryRecordStore : public RecordStore {
 public:
  using Records = std::map<std::pair<std::string, std::string>, std::string>;  // by kind and name

  enum class Failure : std::uint8_t {
    kBefore,  // nothing is kept
    kAfter,   // everything is kept, and the caller is told that it failed
  };

  Task<Result<std::vector<Record>>> Load(std::string kind) override {
    const MutexLock lock(mutex_);
    std::vector<Record> records;
    for (const auto& [key, value] : records_) {
      if (key.first == kind) records.push_back({key.first, key.second, value});
    }
    co_return records;
  }

  Task<Result<void>> Commit(std::vector<RecordChange> changes) override {
    const MutexLock lock(mutex_);
    ++commits_;
    const bool fails = fail_at_ != 0 && commits_ >= fail_at_;
    if (changes.size() > 100) co_return Error(ErrorCode::kInternalServerError, "More than 100 changes");
    if (!fails || failure_ == Failure::kAfter) {
      for (RecordChange& change : changes) {
        auto key = std::make_pair(std::move(change.kind), std::move(change.name));
        if (change.value) {
          records_[std::move(key)] = std::move(*change.value);
        } else {
          records_.erase(key);
        }
      }
    }
    if (fails) {
      failure_ = Failure::kBefore;  // the machine is down from here on
      co_return Error(ErrorCode::kIo, "The disk is gone");
    }
    co_return Result<void>();
  }

  // The `nth` commit from now (1: the next) fails, and every later one, until Heal().
  void FailFrom(std::size_t nth, Failure failure) {
    const MutexLock lock(mutex_);
    fail_at_ = commits_ + nth;
    failure_ = failure;
  }
  void Heal() {
    const MutexLock lock(mutex_);
    fail_at_ = 0;
  }

  std::size_t commits() const {
    const MutexLock lock(mutex_);
    return commits_;
  }
  std::optional<std::string> Get(const std::string& kind, const std::string& name) const {
    const MutexLock lock(mutex_);
    const auto found = records_.find({kind, name});
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }
  // To look into, and to damage. Not while anybody commits.
  Records& records() INSULA_NO_THREAD_SAFETY_ANALYSIS { return records_; }

 private:
  mutable Mutex mutex_;
  Records records_ INSULA_GUARDED_BY(mutex_);
  std::size_t commits_ INSULA_GUARDED_BY(mutex_) = 0;  // that were tried
  std::size_t fail_at_ INSULA_GUARDED_BY(mutex_) = 0;  // 0: none fails
  Failure failure_ INSULA_GUARDED_BY(mutex_) = Failure::kBefore;
};

}  // namespace insula
