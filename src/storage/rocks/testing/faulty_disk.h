// For tests: an engine on a disk that fails and loses power when it is told to.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include <rocksdb/env.h>

#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/testing/fault_file_system.h"

namespace insula::storage::rocks {

class Disk {
 public:
  Disk() : below_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {}
  // Opens with faults in between. Call Crash() before the next one.
  Result<std::unique_ptr<Engine>> Open(Clock& clock) {
    faults_ = std::make_shared<FaultFileSystem>(below_->GetFileSystem());
    env_ = rocksdb::NewCompositeEnv(faults_);
    if (arm_) arm_(*faults_);
    RocksOptions options;
    options.directory = "/disk";
    options.background_bytes_per_second = 0;  // files in memory can't take a limiter
    options.env = env_.get();
    options.shared_write_buffer_bytes = 64 << 10;  // so that flushes are among the failures
    options.account_write_buffer_bytes = 64 << 10;
    options.free_bytes_min = 0;
    options.upkeep_tick = std::chrono::milliseconds(2);
    options.log = [](std::string_view) {};
    options.on_fatal = [this](const Error&) { fatal_ = true; };
    if (tune_) tune_(options);
    return RocksEngine::Open(std::move(options), clock);
  }
  FaultFileSystem& faults() { return *faults_; }
  rocksdb::Env& files() { return *below_; }  // what the disk kept, without faults
  void ArmNext(std::function<void(FaultFileSystem&)> arm) { arm_ = std::move(arm); }
  // For openings to come.
  void Tune(std::function<void(RocksOptions&)> tune) { tune_ = std::move(tune); }
  bool fatal() const { return fatal_; }

 private:
  std::unique_ptr<rocksdb::Env> below_;
  std::shared_ptr<FaultFileSystem> faults_;
  std::unique_ptr<rocksdb::Env> env_;
  std::function<void(FaultFileSystem&)> arm_;
  std::function<void(RocksOptions&)> tune_;
  std::atomic<bool> fatal_{false};
};

}  // namespace insula::storage::rocks
