// The DynamoDB API: one entry for every operation.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/compute_pool.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "base/task.h"
#include "metering/contributors.h"
#include "metering/usage.h"
#include "storage/engine.h"
#include "tenancy/catalog.h"
#include "tenancy/context.h"

namespace insula::operations {

struct ApiOptions {
  std::string region = "us-east-1";
  bool has_objects = false;                                  // there is a place for exports and imports
  std::string endpoint = "localhost:8000";                   // host and port that DescribeEndpoints names
  std::chrono::milliseconds ttl_update_interval{3'600'000};  // between two changes of one table's time to live
  // 32 bytes that tokens and iterators are sealed with: the same on every start, so that those that clients hold stay
  // good. Empty: drawn anew, and they don't outlive the process.
  std::string token_key;
  // Changes of a table's log in one generation of its streams' shards. Part of what shard ids mean: only tests have
  // another number.
  std::uint64_t changes_per_shard = 1'000'000;
};

// The two APIs that share a port: their targets are "DynamoDB_20120810.…" and "DynamoDBStreams_20120810.…".
enum class ApiService : std::uint8_t { kDynamoDb, kDynamoDbStreams };

// What operations work with. Everything outlives the Api.
struct Services {
  tenancy::Catalog& catalog;
  storage::Engine& engine;
  metering::UsageMeter& usage;
  Clock& clock;
  ApiOptions options;
  metering::Contributors* contributors = nullptr;  // none: insights are a setting that nobody follows
  ComputePool* compute = nullptr;                  // for large answers; none: all is written on the event loops
};

struct ApiResponse {
  int status = 200;
  std::string body;   // JSON; DynamoDB's error form where status isn't 200
  std::string cause;  // of a failure here, which the client isn't told: for the log
};

// Safe from any thread.
class Api {
 public:
  explicit Api(Services services);
  ~Api();

  // Whether there is such an operation: an unknown one is refused before its caller is looked at.
  static bool Knows(ApiService service, std::string_view operation);

  // `operation` is what follows the service's prefix in X-Amz-Target; no two services have one of the same name. `body`
  // must live until the task ends, and so must `memory`, to which what is read and answered is charged; null: not
  // counted.
  Task<ApiResponse> Handle(std::string_view operation, std::string_view body, tenancy::Context context,
                           MemoryCharge* memory = nullptr);

 private:
  Services services_;
};

// {"__type":"prefix#Name","message":"…"} with the details that some errors carry.
ApiResponse ErrorResponse(const Error& error);
// Of the items among those details, as stored.
std::size_t ItemBytesOf(const Error& error);

}  // namespace insula::operations
