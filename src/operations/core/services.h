// What operations work with.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "access/token_keys.h"
#include "base/clock.h"
#include "base/compute_pool.h"
#include "metering/contributors.h"
#include "metering/usage.h"
#include "storage/engine.h"
#include "tenancy/faces/context_catalog.h"

namespace insula::operations {

struct ApiOptions {
  std::string region = "us-east-1";
  bool has_objects = false;  // there is a place for exports and imports
  // CreateTable takes attribute definitions that no key uses, as DynamoDB Local does, and says so in the log.
  bool takes_unused_definitions = false;
  std::string endpoint = "localhost:8000";  // host and port that DescribeEndpoints names
  // How long an answer that says that something is being made, changed or deleted waits for that to be done, at most:
  // so that the client's next request finds it done, and an SDK's waiter needn't sleep for what takes milliseconds.
  std::chrono::milliseconds settle_wait_max{0};
  std::chrono::milliseconds ttl_update_interval{3'600'000};  // between two changes of one table's time to live
  // What tokens and iterators are sealed with. None: drawn anew, and those that clients hold don't outlive the Api.
  const access::TokenKeys* token_keys = nullptr;
  // Changes of a table's log in one generation of its streams' shards. Part of what shard ids mean: only tests have
  // another number.
  std::uint64_t changes_per_shard = 1'000'000;
};

// Everything outlives the Api.
struct Services {
  tenancy::ContextCatalog catalog;
  storage::Engine& engine;
  metering::UsageMeter& usage;
  Clock& clock;
  ApiOptions options;
  metering::Contributors* contributors = nullptr;  // none: insights are a setting that nobody follows
  ComputePool* compute = nullptr;                  // for large answers; none: all is written on the event loops

  // Whether busy keys are noted of anything at all: all that a request pays where they aren't.
  bool notes_keys() const { return contributors != nullptr && contributors->watching(); }
};

}  // namespace insula::operations
