// What was promised of a store's files: which manifest and logs, how much of each, and the last sequence acknowledged.
//
// RocksDB takes a log that ends early for one whose last write was torn, and a log that isn't there for one that it
// doesn't need: what they held is then gone without a word. The witness lies beside them, and is written after each
// synced write, but not synced with it: after the process was killed it is exact; after a loss of power it is at most
// behind, as each state of it was true when it was written and what it names only grows. Only before a file that it
// names is deleted it is synced, without that file.
//
//   witness := "INSULAW1" sequence(8) manifests(2) logs(2) file* zeros checksum(8)        512 bytes: one sector
//   file    := number(8) bytes(8)
//
// Integers are big-endian; the checksum is XXH3-64 of all before it. Where the files are more than there is room for,
// the oldest logs aren't named: they are in the manifest, with their sizes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <rocksdb/file_system.h>

#include "base/mutex.h"
#include "base/result.h"

namespace insula::storage::rocks {

inline constexpr char kWitnessFile[] = "WITNESS";

struct Promise {
  std::uint64_t sequence = 0;                        // acknowledged, and with it all before
  std::map<std::uint64_t, std::uint64_t> manifests;  // bytes that are synced, by file number
  std::map<std::uint64_t, std::uint64_t> logs;       // the same

  bool operator==(const Promise&) const = default;
};

std::string EncodePromise(const Promise& promise);
std::optional<Promise> DecodePromise(std::string_view bytes);  // nothing if it is damaged

// Safe from any thread.
class Witness {
 public:
  // What was promised in `directory`. NotFound if there is no witness; Corruption if it is damaged; Io.
  static Result<Promise> Read(rocksdb::FileSystem& files, const std::string& directory);
  // Goes on from `promise`, which is durable in `directory` from here on. `log` is told where writing it fails later:
  // it then says less than was promised.
  static Result<std::shared_ptr<Witness>> Begin(rocksdb::FileSystem& files, const std::string& directory,
                                                Promise promise, std::function<void(std::string_view)> log);

  // So much of a file is synced. A log's is promised with the next acknowledgement, a manifest's at once.
  void LogSynced(std::uint64_t number, std::uint64_t bytes);
  void ManifestSynced(std::uint64_t number, std::uint64_t bytes);
  // All writes up to `sequence` are durable, in what is synced.
  void Acknowledge(std::uint64_t sequence);
  // The file is about to be deleted. It may be once this has succeeded.
  rocksdb::IOStatus ForgetLog(std::uint64_t number);
  rocksdb::IOStatus ForgetManifest(std::uint64_t number);

  Promise promise() const;

 private:
  Witness(std::string path, std::unique_ptr<rocksdb::FSRandomRWFile> file, Promise promise,
          std::function<void(std::string_view)> log)
      : path_(std::move(path)), file_(std::move(file)), log_(std::move(log)), promise_(std::move(promise)) {}
  rocksdb::IOStatus Write() INSULA_REQUIRES(mutex_);
  rocksdb::IOStatus MakeForgetfulnessDurable() INSULA_EXCLUDES(mutex_);

  const std::string path_;
  const std::unique_ptr<rocksdb::FSRandomRWFile> file_;
  const std::function<void(std::string_view)> log_;

  mutable Mutex mutex_;
  Promise promise_ INSULA_GUARDED_BY(mutex_);
  std::map<std::uint64_t, std::uint64_t> synced_logs_ INSULA_GUARDED_BY(mutex_);  // not yet promised
  std::uint64_t forgotten_ INSULA_GUARDED_BY(mutex_) = 0;                         // how often something was forgotten
  std::uint64_t durably_forgotten_ INSULA_GUARDED_BY(mutex_) = 0;                 // how often of that is durable
  bool failing_ INSULA_GUARDED_BY(mutex_) = false;
};

}  // namespace insula::storage::rocks
