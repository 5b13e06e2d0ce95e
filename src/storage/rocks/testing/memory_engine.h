// The embedded engine in memory, for suites that any engine passes.
#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <utility>

#include "storage/rocks/rocks_engine.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::testing {

class InMemory {
 public:
  // Again after Stop(): the same data.
  std::unique_ptr<Engine> Open(Clock& clock) {
    rocks::RocksOptions options;
    options.directory = "/memory";
    options.in_memory = true;
    options.env = files_.get();
    options.past_bytes_max = 2048;  // a table's past is put together from many parts
    return Must(rocks::RocksEngine::Open(std::move(options), clock));
  }

 private:
  std::unique_ptr<rocksdb::Env> files_{rocksdb::NewMemEnv(rocksdb::Env::Default())};
};

}  // namespace insula::storage::testing
