// The API in-process for tests: a tenant of one service under a given partition model, over the embedded engine in
// memory.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "control/provisioner.h"
#include "metering/usage.h"
#include "operations/api.h"
#include "operations/registry.h"
#include "storage/rocks/rocks_engine.h"
#include "tenancy/testing/await.h"
#include "tenancy/testing/world.h"

namespace insula::operations::testing {

using tenancy::PartitionModel;
using tenancy::testing::Await;
using tenancy::testing::Must;

// Sums by table.
class SummingMeter : public metering::UsageMeter {
 public:
  UsageCells* CellsOf(std::string_view context, std::string_view table) override {
    const MutexLock lock(mutex_);
    return &counted_[{std::string(context), std::string(table)}].cells;
  }
  std::vector<metering::Usage> Snapshot() const override {
    const MutexLock lock(mutex_);
    std::vector<metering::Usage> all;
    for (const auto& [key, of] : counted_) {
      all.push_back({key.first, key.second, of.cells.read(), of.cells.written(), of.cells.requests()});
    }
    return all;
  }
  // "read/written" in units, since the last call.
  std::string Take(const std::string& table) {
    const MutexLock lock(mutex_);
    HalfUnits read, written;
    for (auto& [key, of] : counted_) {
      if (key.second != table) continue;
      read += Since(of.cells.read(), &of.read_taken);
      written += Since(of.cells.written(), &of.written_taken);
    }
    return fmt::format("{}/{}", read.units(), written.units());
  }

 private:
  struct Counted {
    UsageCells cells;
    HalfUnits read_taken, written_taken;
  };
  static HalfUnits Since(HalfUnits now, HalfUnits* taken) {
    return HalfUnits(now.value() - std::exchange(*taken, now).value());
  }

  mutable Mutex mutex_;
  std::map<std::pair<std::string, std::string>, Counted> counted_ INSULA_GUARDED_BY(mutex_);
};

class Server {
 public:
  explicit Server(PartitionModel model = PartitionModel::kIndex, ApiOptions api_options = {}) {
    storage::rocks::RocksOptions options;
    options.directory = "/test";
    options.in_memory = true;
    engine = Must(storage::rocks::RocksEngine::Open(std::move(options), world.clock));
    world.Service("prod", "shop", model, true);
    tenant = world.Tenant("prod", "shop", "acme");
    provisioner = std::make_unique<control::Provisioner>(*world.catalog, *engine);
    provisioner->Start();
    api = std::make_unique<Api>(Services{*world.catalog, *engine, meter, world.clock, std::move(api_options)});
  }
  ~Server() {
    api.reset();
    provisioner->Stop();
    Must(Await(engine->Stop()));
  }

  // "200 {…}"
  std::string Call(std::string_view operation, std::string_view body) { return CallAs(tenant, operation, body); }
  std::string CallAs(const tenancy::Context& context, std::string_view operation, std::string_view body) {
    const Operation* found = FindOperation(operation);
    const Caller caller{context, "AKIDTEST"};
    const ApiResponse response = found == nullptr ? ErrorResponse(Error(ErrorCode::kUnknownOperation, ""))
                                                  : Await(api->Handle(*found, body, caller));
    return fmt::format("{} {}", response.status, response.body);
  }

  // Key "pk" and perhaps "sk", of type S unless said otherwise; indexes with all attributes.
  void CreateTable(std::string name, TableSchema schema) { CreateTableAs(tenant, std::move(name), std::move(schema)); }
  void CreateTableAs(const tenancy::Context& context, std::string name, TableSchema schema) {
    TableDefinition definition;
    definition.name = std::move(name);
    definition.billing_mode = BillingMode::kPayPerRequest;
    auto define = [&](const std::vector<KeyAttribute>& attributes) {
      for (const KeyAttribute& attribute : attributes) {
        auto& known = definition.attribute_definitions;
        if (std::ranges::find(known, attribute) == known.end()) known.push_back(attribute);
      }
    };
    define(schema.key.hash);
    define(schema.key.range);
    for (const IndexSchema& index : schema.indexes) {
      define(index.key.hash);
      define(index.key.range);
      definition.index_settings[index.name];
    }
    definition.schema = std::make_shared<const TableSchema>(std::move(schema));
    Must(Await(world.catalog->CreateTable(context, std::move(definition))));
    provisioner->WaitIdle();
  }

  tenancy::testing::World world;
  std::unique_ptr<storage::Engine> engine;
  tenancy::Context tenant = tenancy::testing::Nobody();  // until it is placed
  std::unique_ptr<control::Provisioner> provisioner;
  SummingMeter meter;
  std::unique_ptr<Api> api;
};

// {"__type":…} of a ValidationException with this message.
inline std::string Invalid(std::string_view message) {
  return ErrorResponse(ValidationError(std::string(message))).body.insert(0, "400 ");
}

}  // namespace insula::operations::testing
