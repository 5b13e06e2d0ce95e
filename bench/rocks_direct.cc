// rocks_direct DIRECTORY [--workload put|get] [--seconds 5] [--threads 64] [--bytes 1024] [--block-cache-bytes N]
//
// RocksDB by itself with the shared store's own options: what a row costs before it is a request. Of `put`, many
// threads each write one row and wait until it is synced. Of `get`, they read rows of at least half of `bytes` at
// random, from the store that is in DIRECTORY, for instance a copy of a server's. Prints one line of JSON.
#include <fmt/format.h>
#include <rocksdb/db.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "load/histogram.h"
#include "storage/rocks/stores.h"

namespace {

using insula::load::LatencyHistogram;

struct Options {
  std::string directory;
  bool get = false;
  double seconds = 5;
  int threads = 64;
  std::size_t bytes = 1024;
  std::size_t block_cache_bytes = insula::storage::rocks::RocksOptions().block_cache_bytes;
};

bool Parse(int argc, char** argv, Options* options) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with("--")) {
      options->directory = argument;
      continue;
    }
    if (++i == argc) return false;
    const std::string value = argv[i];
    if (argument == "--workload" && (value == "get" || value == "put")) {
      options->get = value == "get";
    } else if (argument == "--seconds") {
      options->seconds = std::stod(value);
    } else if (argument == "--threads") {
      options->threads = std::stoi(value);
    } else if (argument == "--bytes") {
      options->bytes = std::stoul(value);
    } else if (argument == "--block-cache-bytes") {
      options->block_cache_bytes = std::stoul(value);
    } else {
      return false;
    }
  }
  return !options->directory.empty();
}

rocksdb::Status Open(const rocksdb::Options& options, const std::string& directory, std::unique_ptr<rocksdb::DB>* db,
                     std::vector<rocksdb::ColumnFamilyHandle*>* handles) {
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(options, directory, &names).ok()) names = {rocksdb::kDefaultColumnFamilyName};
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, options);
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, directory, families, handles, &opened);
  db->reset(opened);
  return status;
}

// One operation of one thread. False if it failed.
using Operation = std::function<bool(std::uint64_t i)>;

Operation Putting(rocksdb::DB* db, int thread, std::size_t bytes) {
  const std::string value(bytes, static_cast<char>('a' + thread % 26));
  return [=](std::uint64_t i) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    return db->Put(synced, fmt::format("key-{:04}-{:012}", thread, i % 1000), value).ok();
  };
}

std::vector<std::string> RowsOf(rocksdb::DB* db, std::size_t bytes) {
  std::vector<std::string> keys;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator(options));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    if (row->value().size() >= bytes / 2) keys.push_back(row->key().ToString());
  }
  return keys;
}

Operation Getting(rocksdb::DB* db, int thread, const std::vector<std::string>& keys) {
  return [=, &keys, random = std::mt19937_64(static_cast<unsigned>(thread))](std::uint64_t) mutable {
    rocksdb::PinnableSlice value;
    return db->Get({}, db->DefaultColumnFamily(), keys[random() % keys.size()], &value).ok();
  };
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!Parse(argc, argv, &options)) {
    std::cerr << "usage: rocks_direct DIRECTORY [--workload put|get] [--seconds 5] [--threads 64] [--bytes 1024] "
                 "[--block-cache-bytes N]\n";
    return 2;
  }
  insula::storage::rocks::RocksOptions engine;
  engine.directory = options.directory;
  engine.block_cache_bytes = options.block_cache_bytes;
  const insula::storage::rocks::Stores stores(engine, insula::Clock::System());
  rocksdb::Options direct = stores.OptionsFor(insula::StoreId{0});
  direct.create_if_missing = true;
  direct.allow_concurrent_memtable_write = true;  // the engine has one writer; here there are many
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status status = Open(direct, options.directory, &db, &handles);
  std::vector<std::string> keys;
  if (status.ok() && options.get) keys = RowsOf(db.get(), options.bytes);
  if (!status.ok() || (options.get && keys.empty())) {
    std::cerr << (status.ok() ? "there are no such rows in " + options.directory : status.ToString()) << "\n";
    return 1;
  }

  std::atomic<bool> stop{false};
  std::atomic<int> failures{0};
  std::vector<LatencyHistogram> latencies(static_cast<std::size_t>(options.threads));
  std::vector<std::thread> threads;
  const auto started = std::chrono::steady_clock::now();
  for (int t = 0; t < options.threads; ++t) {
    threads.emplace_back([&, t] {
      const Operation operation = options.get ? Getting(db.get(), t, keys) : Putting(db.get(), t, options.bytes);
      for (std::uint64_t i = 0; !stop.load(std::memory_order_relaxed); ++i) {
        const auto before = std::chrono::steady_clock::now();
        if (!operation(i)) ++failures;
        latencies[static_cast<std::size_t>(t)].Record(std::chrono::steady_clock::now() - before);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  for (rocksdb::ColumnFamilyHandle* handle : handles) (void)db->DestroyColumnFamilyHandle(handle);
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
