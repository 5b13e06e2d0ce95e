// The directory an organization lives in.
//
//   DIR/format          {"v":1,...}: the layout's version; an older program refuses a newer one
//   DIR/lock            locked (flock) by the server that runs on it
//   DIR/master.key      the master key, where no other source is configured; 0600
//   DIR/operator.json   the operator's access key; 0600
//   DIR/server.json     where the running server listens; written at start, removed at stop
//   DIR/insula.toml     its configuration, if there is one
//   DIR/stores/         the engine's files
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/exit_code.h"
#include "base/result.h"

namespace insula::app {

struct OperatorKey {
  std::string access_key_id;
  std::string secret_access_key;
  std::string region;
};

// Where a running server can be reached.
struct RunningServer {
  std::string endpoint;        // http://127.0.0.1:8000
  std::string admin_endpoint;  // http://127.0.0.1:41234
  std::int64_t pid = 0;
  std::string certificate{};  // the file of what it shows, where it speaks TLS
};

class DataDirectory {
 public:
  explicit DataDirectory(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path stores() const { return root_ / "stores"; }
  std::filesystem::path master_key() const { return root_ / "master.key"; }
  std::filesystem::path configuration() const { return root_ / "insula.toml"; }

  // Makes an empty directory, readable by its owner only. AlreadyExists if it holds an organization, FailedPrecondition
  // if it holds anything else, Io.
  Result<void> Create() const;
  // The last step of `insula init`: from here on the directory holds an organization.
  Result<void> MarkInitialized() const;
  // NotFound, FailedPrecondition (not readable, its format lost or newer, unwritable): what is wrong and what to do.
  Result<void> Check() const;
  // FailedPrecondition, with whom to be, unless this process is the directory's owner's.
  Result<void> CheckOwner() const;

  Result<OperatorKey> ReadOperatorKey() const;
  Result<void> WriteOperatorKey(const OperatorKey& key) const;

  std::optional<RunningServer> ReadServer() const;  // none: no file, or its process is gone
  // The same of one that is about to start: waits until it has, as long as it lives. Where none has the directory yet,
  // a moment is left to one that was begun just before. Blocks. `waits` is told once, where it takes longer.
  std::optional<RunningServer> AwaitServer(const std::function<void()>& waits) const;
  Result<void> WriteServer(const RunningServer& server) const;
  void RemoveServer() const;

 private:
  bool IsHeld() const;

  std::filesystem::path root_;
};

// Holds DIR/lock for its life. FailedPrecondition, with the holder's pid, if another process has it.
class DirectoryLock {
 public:
  static Result<DirectoryLock> Take(const DataDirectory& directory);
  DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

// Writes a whole file beside `path` and renames it over it, synced, with these permissions.
Result<void> WriteFileAtomically(const std::filesystem::path& path, std::string_view content, unsigned mode);
Result<std::string> ReadWholeFile(const std::filesystem::path& path);

}  // namespace insula::app
