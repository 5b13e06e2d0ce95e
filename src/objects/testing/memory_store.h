// Objects in memory, for tests, with faults on request.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "base/mutex.h"
#include "objects/object_store.h"

namespace insula::objects::testing {

// Safe from any thread. A step is a List, an Open, a Create, a Read, a Write, a Finish or a Delete.
class MemoryStore : public ObjectStore {
 public:
  // The `nth` step from now (from 1) fails with `code`, and so do the ones after it, `times` in all.
  void Fail(int nth, ErrorCode code, int times = 1) {
    const MutexLock lock(mutex_);
    until_failure_ = nth;
    failures_ = times;
    code_ = code;
  }
  std::size_t steps() const { return steps_; }
  std::map<std::string, std::string> objects() const {
    const MutexLock lock(mutex_);
    return objects_;
  }
  void Put(const std::string& key, std::string bytes) {
    const MutexLock lock(mutex_);
    objects_[key] = std::move(bytes);
  }

  Result<ObjectPage> List(std::string_view prefix, std::string_view after, std::size_t limit) override {
    INSULA_TRY(CheckPrefix(prefix));
    INSULA_TRY(Step());
    const MutexLock lock(mutex_);
    ObjectPage page;
    for (const auto& [key, bytes] : objects_) {
      if (!key.starts_with(prefix) || key <= after) continue;
      if (page.objects.size() == limit) {
        page.more = true;
        break;
      }
      page.objects.push_back({key, bytes.size(), {}});
    }
    return page;
  }
  Result<std::unique_ptr<ObjectReader>> Open(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    INSULA_TRY(Step());
    const MutexLock lock(mutex_);
    const auto found = objects_.find(std::string(key));
    if (found == objects_.end()) return Error(ErrorCode::kNotFound, "There is no such object");
    return std::unique_ptr<ObjectReader>(new Reader(*this, found->second));
  }
  Result<std::unique_ptr<ObjectWriter>> Create(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    INSULA_TRY(Step());
    return std::unique_ptr<ObjectWriter>(new Writer(*this, std::string(key)));
  }
  Result<void> Delete(std::string_view key) override {
    INSULA_TRY(CheckKey(key));
    INSULA_TRY(Step());
    const MutexLock lock(mutex_);
    objects_.erase(std::string(key));
    return {};
  }

 private:
  class Reader : public ObjectReader {
   public:
    Reader(MemoryStore& store, std::string bytes) : store_(store), bytes_(std::move(bytes)) {}
    Result<std::size_t> Read(std::span<char> buffer) override {
      INSULA_TRY(store_.Step());
      const std::size_t count = bytes_.copy(buffer.data(), buffer.size(), at_);
      at_ += count;
      return count;
    }

   private:
    MemoryStore& store_;
    const std::string bytes_;
    std::size_t at_ = 0;
  };
  class Writer : public ObjectWriter {
   public:
    Writer(MemoryStore& store, std::string key) : store_(store), key_(std::move(key)) {}
    Result<void> Write(std::string_view bytes) override {
      INSULA_TRY(store_.Step());
      bytes_ += bytes;
      return {};
    }
    Result<ObjectInfo> Finish() override {
      INSULA_TRY(store_.Step());
      store_.Put(key_, bytes_);
      return ObjectInfo{key_, bytes_.size(), "etag-1"};
    }

   private:
    MemoryStore& store_;
    const std::string key_;
    std::string bytes_;
  };

  Result<void> Step() {
    ++steps_;
    const MutexLock lock(mutex_);
    if (until_failure_ == 0 || --until_failure_ > 0) return {};
    if (failures_ == 0) return {};
    --failures_;
    until_failure_ = failures_ > 0 ? 1 : 0;
    return Error(code_, "a fault of the test");
  }

  mutable Mutex mutex_;
  std::map<std::string, std::string> objects_ INSULA_GUARDED_BY(mutex_);
  int until_failure_ INSULA_GUARDED_BY(mutex_) = 0;
  int failures_ INSULA_GUARDED_BY(mutex_) = 0;
  ErrorCode code_ INSULA_GUARDED_BY(mutex_) = ErrorCode::kIo;
  std::atomic<std::size_t> steps_ = 0;
};

}  // namespace insula::objects::testing
