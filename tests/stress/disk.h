// A disk that fails and loses power. What RocksDB writes goes to the files below at once, so that a SIGKILL leaves what
// a system leaves; what was synced is remembered, so that a power loss can take the rest: the bytes that no sync
// covered (but for a torn part of them), files and renames that no sync of their directory covered.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/mutex.h"
#include "tests/stress/setup.h"

namespace insula::stress {

// Safe from any thread.
class Disk final : public rocksdb::FileSystemWrapper {
 public:
  // `syncs_lie`: a sync does nothing and says that it did.
  Disk(std::shared_ptr<rocksdb::FileSystem> files, bool syncs_lie)
      : FileSystemWrapper(std::move(files)), syncs_lie_(syncs_lie) {}
  const char* Name() const override { return "InsulaStressDisk"; }

  void Arm(Fault fault);
  bool has_power() const;
  // From here on all I/O fails.
  void CutPower();
  // Takes from the files below what a power loss would. Nothing may use them any more.
  void TakeUnsynced(std::uint64_t seed);

  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

  // --- for its files ---
  // What an I/O of this kind comes to before it is tried.
  rocksdb::IOStatus Before(Fault::Kind kind);
  void Written(const std::string& name, std::uint64_t size);
  void Synced(const std::string& name);
  void WillOverwrite(const std::string& name);  // part of what is in it
  void DirectorySynced(const std::string& name);

 private:
  struct File {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
    bool entry_synced = false;  // in its directory
  };
  struct Rename {
    std::string from, to;
    std::optional<std::string> replaced;  // what `to` was
  };

  void TakeTail(const std::string& name, const File& file, std::mt19937_64* random);

  const bool syncs_lie_;
  mutable Mutex mutex_;
  std::optional<Fault> fault_ INSULA_GUARDED_BY(mutex_);
  std::uint64_t count_ INSULA_GUARDED_BY(mutex_) = 0;  // of the armed kind's I/Os
  bool power_ INSULA_GUARDED_BY(mutex_) = true;
  std::map<std::string, File> files_ INSULA_GUARDED_BY(mutex_);  // written since the start
  std::vector<Rename> renames_ INSULA_GUARDED_BY(mutex_);        // that no sync of the directory covers
  // Files written to in place: what was in them when last synced.
  std::map<std::string, std::string> overwritten_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::stress
