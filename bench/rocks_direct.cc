// rocks_direct DIRECTORY [--seconds 5] [--threads 64] [--bytes 1024]: RocksDB by itself with the shared store's own
// options, many threads that each write one row of a kilobyte and wait until it is synced. What a synced write costs
// before it is a request. Prints one line of JSON.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/bench_histogram.h"
#include "storage/rocks/stores.h"

namespace {

using insula::app::LatencyHistogram;

struct Options {
  std::string directory;
  double seconds = 5;
  int threads = 64;
  std::size_t bytes = 1024;
};

bool Parse(int argc, char** argv, Options* options) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with("--")) {
      options->directory = argument;
      continue;
    }
    if (++i == argc) return false;
    if (argument == "--seconds") {
      options->seconds = std::atof(argv[i]);
    } else if (argument == "--threads") {
      options->threads = std::atoi(argv[i]);
    } else if (argument == "--bytes") {
      options->bytes = static_cast<std::size_t>(std::atoi(argv[i]));
    } else {
      return false;
    }
  }
  return !options->directory.empty();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!Parse(argc, argv, &options)) {
    std::cerr << "usage: rocks_direct DIRECTORY [--seconds 5] [--threads 64] [--bytes 1024]\n";
    return 2;
  }
  insula::storage::rocks::RocksOptions engine;
  engine.directory = options.directory;
  const insula::storage::rocks::Stores stores(engine, insula::Clock::System());
  rocksdb::Options direct = stores.OptionsFor(insula::StoreId{0});
  direct.create_if_missing = true;
  direct.allow_concurrent_memtable_write = true;  // the engine has one writer; here there are many
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(direct, options.directory, &opened);
  if (!status.ok()) {
    std::cerr << status.ToString() << "\n";
    return 1;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);

  std::atomic<bool> stop{false};
  std::atomic<int> failures{0};
  std::vector<LatencyHistogram> latencies(static_cast<std::size_t>(options.threads));
  std::vector<std::thread> threads;
  const auto started = std::chrono::steady_clock::now();
  for (int t = 0; t < options.threads; ++t) {
    threads.emplace_back([&, t] {
      rocksdb::WriteOptions synced;
      synced.sync = true;
      const std::string value(options.bytes, static_cast<char>('a' + t % 26));
      for (std::uint64_t i = 0; !stop.load(std::memory_order_relaxed); ++i) {
        const std::string key = fmt::format("key-{:04}-{:012}", t, i % 1000);
        const auto before = std::chrono::steady_clock::now();
        if (!db->Put(synced, key, value).ok()) ++failures;
        latencies[static_cast<std::size_t>(t)].Record(std::chrono::steady_clock::now() - before);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  LatencyHistogram all;
  for (const LatencyHistogram& one : latencies) all.Add(one);
  const auto micros = [&](double fraction) { return static_cast<double>(all.Percentile(fraction).count()) / 1000.0; };
  fmt::print(
      R"({{"All":{{"Operations":{},"OperationsPerSecond":{:.1f},"P50Micros":{:.1f},"P99Micros":{:.1f},"P999Micros":{:.1f}}},)"
      R"("Errors":{}}})"
      "\n",
      all.count(), static_cast<double>(all.count()) / seconds, micros(0.5), micros(0.99), micros(0.999),
      failures.load());
  return failures.load() == 0 ? 0 : 1;
}
