// The embedded engine against RocksDB driven directly: synced writes by 64 writers, reads of what is in memory.
//
//   engine_bench [DIRECTORY]
//
// Each row runs RocksDB and the engine alternately and prints the median of their rates. The engine's caller is one
// event loop on one thread, as in the server.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/check.h"
#include "storage/rocks/rocks_engine.h"
#include "tenancy/identity/table_ref_maker.h"

namespace insula::storage {
namespace {

constexpr int kWriters = 64;
constexpr int kItems = 20'000;
constexpr std::size_t kValueBytes = 1000;
constexpr int kRounds = 5;
constexpr std::chrono::milliseconds kRoundLength{1000};

using SteadyClock = std::chrono::steady_clock;

struct Rates {
  double raw = 0;
  double engine = 0;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Rates Alternate(const std::function<double()>& raw, const std::function<double()>& engine) {
  std::vector<double> raws, engines;
  for (int round = 0; round < kRounds; ++round) {
    raws.push_back(raw());
    engines.push_back(engine());
  }
  return {Median(raws), Median(engines)};
}

void Print(const char* what, Rates rates, double goal) {
  const double ratio = rates.engine / rates.raw;
  fmt::print(
      "{:<28} rocksdb {:>10.0f}/s   engine {:>10.0f}/s   ratio {:.2f} (goal {:.2f}) {}   engine {:.2f} us, +{:.2f} "
      "us\n",
      what, rates.raw, rates.engine, ratio, goal, ratio >= goal ? "ok" : "short", 1e6 / rates.engine,
      1e6 / rates.engine - 1e6 / rates.raw);
}

std::string KeyText(std::uint64_t i) { return fmt::format("user-{:010}", i); }

// --- RocksDB directly ---

double RawWrites(rocksdb::DB* db) {
  std::atomic<std::uint64_t> done{0};
  std::atomic<bool> stop{false};
  const auto started = SteadyClock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < kWriters; ++t) {
    threads.emplace_back([&, t] {
      rocksdb::WriteOptions synced;
      synced.sync = true;
      const std::string value(kValueBytes, 'v');
      for (std::uint64_t i = 0; !stop; ++i) {
        INSULA_CHECK(db->Put(synced, KeyText((i * kWriters + static_cast<std::uint64_t>(t)) % kItems), value).ok());
        done.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  std::this_thread::sleep_for(kRoundLength);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(done) / std::chrono::duration<double>(SteadyClock::now() - started).count();
}

double RawReads(rocksdb::DB* db) {
  std::uint64_t done = 0;
  const auto started = SteadyClock::now();
  while (SteadyClock::now() - started < kRoundLength) {
    for (int i = 0; i < 100; ++i, ++done) {
      rocksdb::PinnableSlice value;
      INSULA_CHECK(db->Get({}, db->DefaultColumnFamily(), KeyText(done * 7919 % kItems), &value).ok());
    }
  }
  return static_cast<double>(done) / std::chrono::duration<double>(SteadyClock::now() - started).count();
}

// --- the engine ---

TableRef MakeTable() {
  auto schema = std::make_shared<TableSchema>();
  schema->key.hash = {{"pk", AttributeType::kS}};
  return tenancy::TableRefMaker::Make(StoreId(0), TableNumber(1), TenantNumber(1), Incarnation(1), "t", std::nullopt,
                                      schema);
}

Task<void> KeepWriting(Engine* engine, TableRef table, std::uint64_t first, const bool* stop, std::uint64_t* done) {
  const std::string value(kValueBytes, 'v');
  for (std::uint64_t i = 0; !*stop; ++i) {
    WriteRequest request{.table = table};
    request.want_items = false;
    request.key.hash = AttributeValue::S(KeyText((i * kWriters + first) % kItems));
    request.item.Set("pk", request.key.hash);
    request.item.Set("value", AttributeValue::S(value));
    auto outcome = co_await engine->Write(std::move(request));
    INSULA_CHECK(outcome.ok());
    ++*done;
  }
}

double EngineWrites(Engine* engine, const TableRef& table) {
  boost::asio::io_context loop(1);
  bool stop = false;
  std::uint64_t done = 0;
  for (std::uint64_t w = 0; w < kWriters; ++w) {
    boost::asio::co_spawn(loop, KeepWriting(engine, table, w, &stop, &done), boost::asio::detached);
  }
  boost::asio::steady_timer timer(loop, kRoundLength);
  timer.async_wait([&](auto) { stop = true; });
  const auto started = SteadyClock::now();
  loop.run();
  return static_cast<double>(done) / std::chrono::duration<double>(SteadyClock::now() - started).count();
}

Task<void> KeepReading(Engine* engine, TableRef table, std::uint64_t* done) {
  const auto started = SteadyClock::now();
  while (SteadyClock::now() - started < kRoundLength) {
    for (int i = 0; i < 100; ++i, ++*done) {
      GetRequest request{.table = table};
      request.key.hash = AttributeValue::S(KeyText(*done * 7919 % kItems));
      auto item = co_await engine->Get(std::move(request));
      INSULA_CHECK(item.ok() && item->has_value());
    }
  }
}

double EngineReads(Engine* engine, const TableRef& table) {
  boost::asio::io_context loop(1);
  std::uint64_t done = 0;
  const auto started = SteadyClock::now();
  boost::asio::co_spawn(loop, KeepReading(engine, table, &done), boost::asio::detached);
  loop.run();
  return static_cast<double>(done) / std::chrono::duration<double>(SteadyClock::now() - started).count();
}

void FillEngine(Engine* engine, const TableRef& table) {
  boost::asio::io_context loop(1);
  boost::asio::co_spawn(
      loop,
      [](Engine* to, TableRef into) -> Task<void> {
        for (std::uint64_t i = 0; i < kItems; i += 500) {
          std::vector<WriteRequest> batch;
          for (std::uint64_t j = i; j < i + 500; ++j) {
            WriteRequest request{.table = into};
            request.key.hash = AttributeValue::S(KeyText(j));
            request.item.Set("pk", request.key.hash);
            request.item.Set("value", AttributeValue::S(std::string(kValueBytes, 'v')));
            batch.push_back(std::move(request));
          }
          for (auto& result : co_await to->BatchWrite(std::move(batch))) INSULA_CHECK(result.ok());
        }
      }(engine, table),
      boost::asio::detached);
  loop.run();
}

int Main(std::string directory) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  rocksdb::DB* raw = nullptr;
  INSULA_CHECK(rocksdb::DB::Open(options, directory + "/raw", &raw).ok());
  std::unique_ptr<rocksdb::DB> db(raw);

  rocks::RocksOptions engine_options;
  engine_options.directory = directory + "/engine";
  const auto opening = SteadyClock::now();
  auto opened = rocks::RocksEngine::Open(engine_options, Clock::System());
  INSULA_CHECK(opened.ok());
  std::unique_ptr<Engine> engine = std::move(opened).value();
  fmt::print("an empty engine opened in {:.1f} ms\n",
             std::chrono::duration<double, std::milli>(SteadyClock::now() - opening).count());

  const TableRef table = MakeTable();
  for (std::uint64_t i = 0; i < kItems; ++i) {
    INSULA_CHECK(db->Put({}, KeyText(i), std::string(kValueBytes, 'v')).ok());
  }
  FillEngine(engine.get(), table);

  Print("synced writes, 64 writers",
        Alternate([&] { return RawWrites(db.get()); }, [&] { return EngineWrites(engine.get(), table); }), 0.7);
  Print("reads from memory",
        Alternate([&] { return RawReads(db.get()); }, [&] { return EngineReads(engine.get(), table); }), 0.5);
  engine.reset();
  db.reset();
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace insula::storage

int main(int argc, char** argv) {
  const std::string directory = argc > 1 ? argv[1] : std::filesystem::temp_directory_path() / "insula-engine-bench";
  return insula::storage::Main(directory);
}
