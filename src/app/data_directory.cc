#include "app/data_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "app/version.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"

namespace insula::app {
namespace {

namespace fs = std::filesystem;
using wire::JsonDocument;
using wire::JsonType;
using wire::JsonValue;
using wire::JsonWriter;

constexpr std::int64_t kFormatVersion = 1;

// For a server that starts: until it has the lock, and until it serves.
constexpr std::chrono::milliseconds kBeginMax{500};
constexpr std::chrono::milliseconds kStartMax{30'000};
constexpr std::chrono::milliseconds kQuiet{1'000};
constexpr std::chrono::milliseconds kLookDelay{10};

Error IoError(std::string_view what, const fs::path& path) {
  return {ErrorCode::kIo, fmt::format("{} {}: {}", what, path.string(), std::strerror(errno))};
}
Error Precondition(std::string message) { return {ErrorCode::kFailedPrecondition, std::move(message)}; }

Result<JsonDocument> ReadJson(const fs::path& path) {
  INSULA_ASSIGN(auto text, ReadWholeFile(path));
  auto document = JsonDocument::Parse(text);
  if (!document.ok() || document->root().type() != JsonType::kObject)
    return Error{ErrorCode::kCorruption, fmt::format("{} is not what Insula wrote there", path.string())};
  return document;
}

std::string TextOf(JsonValue value) { return value.type() == JsonType::kString ? std::string(value.string()) : ""; }

// A file descriptor that closes itself.
class File {
 public:
  File(const fs::path& path, int flags, unsigned mode = 0) : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace

Result<std::string> ReadWholeFile(const fs::path& path) {
  File file(path, O_RDONLY);
  if (file.fd() < 0) return IoError("cannot open", path);
  std::string content;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = ::read(file.fd(), buffer, sizeof buffer);
    if (count < 0) return IoError("cannot read", path);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

Result<void> WriteFileAtomically(const fs::path& path, std::string_view content, unsigned mode) {
  const fs::path temporary = path.string() + ".new";
  {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (file.fd() < 0) return IoError("cannot create", temporary);
    if (::fchmod(file.fd(), mode) != 0) return IoError("cannot set the permissions of", temporary);
    while (!content.empty()) {
      const ssize_t count = ::write(file.fd(), content.data(), content.size());
      if (count < 0) return IoError("cannot write", temporary);
      content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(file.fd()) != 0) return IoError("cannot sync", temporary);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return IoError("cannot rename to", path);
  File directory(path.parent_path(), O_RDONLY | O_DIRECTORY);
  if (directory.fd() >= 0 && ::fsync(directory.fd()) != 0) return IoError("cannot sync", path.parent_path());
  return {};
}

Result<void> DataDirectory::Create() const {
  std::error_code error;
  if (fs::exists(root_ / "format", error))
    return Error{ErrorCode::kAlreadyExists, fmt::format("{} already holds an organization", root_.string())};
  fs::create_directories(root_, error);
  if (error) return Error{ErrorCode::kIo, fmt::format("cannot create {}: {}", root_.string(), error.message())};
  // What an interrupted init left is ours; anything else isn't.
  for (const auto& entry : fs::directory_iterator(root_, error)) {
    const auto name = entry.path().filename();
    if (name != "stores" && name != "master.key" && name != "operator.json" && name != "insula.toml" && name != "lock")
      return Precondition(fmt::format("{} is not empty: it holds {}", root_.string(), name.string()));
  }
  if (!error) fs::permissions(root_, fs::perms::owner_all, error);
  if (error) return Error{ErrorCode::kIo, fmt::format("cannot use {}: {}", root_.string(), error.message())};
  return {};
}

Result<void> DataDirectory::MarkInitialized() const {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject();
  json.IntegerField("v", kFormatVersion);
  json.StringField("program", kVersion);
  json.EndObject();
  text.push_back('\n');
  return WriteFileAtomically(root_ / "format", text, 0644);
}

Result<void> DataDirectory::Check() const {
  std::error_code error;
  const auto hidden = [&error, this] {
    return Precondition(fmt::format("{} can't be looked into: {}", root_.string(), error.message()));
  };
  const bool there = fs::exists(root_, error);
  if (error) return hidden();
  if (!there) return Error{ErrorCode::kNotFound, fmt::format("there is no directory {}", root_.string())};
  if (!fs::is_directory(root_, error)) return Precondition(fmt::format("{} is not a directory", root_.string()));
  const bool initialized = fs::exists(root_ / "format", error);
  if (error) return hidden();
  if (!initialized && fs::exists(root_ / "operator.json", error)) {
    return Precondition(
        fmt::format("{0}/format is missing, though {0} holds an operator's key: if an `insula init` of "
                    "it was interrupted, run it again; else put the file back: {{\"v\":1}}",
                    root_.string()));
  }
  if (!initialized) return Error{ErrorCode::kNotFound, fmt::format("{} holds no organization yet", root_.string())};
  INSULA_ASSIGN(auto document, ReadJson(root_ / "format"));
  const JsonValue version = document.root().Member("v");
  if (version.type() != JsonType::kInteger)
    return Error{ErrorCode::kCorruption, fmt::format("{}/format states no version", root_.string())};
  if (version.integer() > kFormatVersion)
    return Precondition(fmt::format(
        "{} has format version {}, written by insula {}; this is insula {}, which knows versions up to {}",
        root_.string(), version.integer(), TextOf(document.root().Member("program")), kVersion, kFormatVersion));
  if (::access(root_.c_str(), W_OK | X_OK) != 0) return Precondition(fmt::format("{} is not writable", root_.string()));
  return {};
}

Result<void> DataDirectory::CheckOwner() const {
  struct stat status{};
  if (::stat(root_.c_str(), &status) != 0) return IoError("cannot look at", root_);
  if (status.st_uid == ::geteuid()) return {};
  return Precondition(fmt::format("{} belongs to user {}, and you are user {}: be its owner (sudo -u '#{}' …)",
                                  root_.string(), status.st_uid, ::geteuid(), status.st_uid));
}

Result<OperatorKey> DataDirectory::ReadOperatorKey() const {
  const auto unusable = [this](std::string_view what) {
    return Error{ErrorCode::kCorruption,
                 fmt::format("{}; with the server stopped, `insula init --new-operator-key --data {}` makes a new key",
                             what, root_.string())};
  };
  std::error_code error;
  if (!fs::exists(root_ / "operator.json", error))
    return Error{ErrorCode::kNotFound,
                 fmt::format("{0}/operator.json is missing; with the server stopped, `insula init --new-operator-key "
                             "--data {0}` makes a new key",
                             root_.string())};
  auto document = ReadJson(root_ / "operator.json");
  if (!document.ok() && document.error().code() == ErrorCode::kCorruption) return unusable(document.error().message());
  if (!document.ok()) return std::move(document).error();
  OperatorKey key{TextOf(document->root().Member("AccessKeyId")), TextOf(document->root().Member("SecretAccessKey")),
                  TextOf(document->root().Member("Region"))};
  if (key.access_key_id.empty() || key.secret_access_key.empty())
    return unusable(fmt::format("{}/operator.json holds no access key", root_.string()));
  return key;
}

Result<void> DataDirectory::WriteOperatorKey(const OperatorKey& key) const {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject();
  json.StringField("AccessKeyId", key.access_key_id);
  json.StringField("SecretAccessKey", key.secret_access_key);
  json.StringField("Region", key.region);
  json.EndObject();
  text.push_back('\n');
  return WriteFileAtomically(root_ / "operator.json", text, 0600);
}

std::optional<RunningServer> DataDirectory::ReadServer() const {
  auto document = ReadJson(root_ / "server.json");
  if (!document.ok()) return std::nullopt;
  RunningServer server{TextOf(document->root().Member("Endpoint")), TextOf(document->root().Member("AdminEndpoint")), 0,
                       TextOf(document->root().Member("Certificate"))};
  if (const JsonValue pid = document->root().Member("Pid"); pid.type() == JsonType::kInteger)
    server.pid = pid.integer();
  // A killed server leaves its file behind.
  if (server.pid <= 0 || (::kill(static_cast<pid_t>(server.pid), 0) != 0 && errno == ESRCH)) return std::nullopt;
  return server;
}

// As the kernel lists it: to try the lock would keep it from a server that starts right then, and its holder's number
// may be another process' by now.
bool DataDirectory::IsHeld() const {
  struct stat status{};
  if (::stat((root_ / "lock").c_str(), &status) != 0) return false;
  const std::string file = fmt::format(":{} ", status.st_ino);  // 1: FLOCK ADVISORY WRITE PID MAJOR:MINOR:INODE 0 EOF
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    if (line.find("FLOCK") != std::string::npos && line.find(file) != std::string::npos) return true;
  }
  return false;
}

std::optional<RunningServer> DataDirectory::AwaitServer(const std::function<void()>& waits) const {
  const auto began = std::chrono::steady_clock::now();
  for (bool told = false;;) {
    if (auto server = ReadServer()) return server;
    const auto waited = std::chrono::steady_clock::now() - began;
    if (waited > (IsHeld() ? kStartMax : kBeginMax)) return std::nullopt;
    if (!told && waited > kQuiet) {
      waits();
      told = true;
    }
    std::this_thread::sleep_for(kLookDelay);
  }
}

Result<void> DataDirectory::WriteServer(const RunningServer& server) const {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject();
  json.StringField("Endpoint", server.endpoint);
  json.StringField("AdminEndpoint", server.admin_endpoint);
  json.IntegerField("Pid", server.pid);
  json.StringField("Version", kVersion);
  if (!server.certificate.empty()) json.StringField("Certificate", server.certificate);
  json.EndObject();
  text.push_back('\n');
  return WriteFileAtomically(root_ / "server.json", text, 0644);
}

void DataDirectory::RemoveServer() const {
  std::error_code ignored;
  fs::remove(root_ / "server.json", ignored);
}

Result<DirectoryLock> DirectoryLock::Take(const DataDirectory& directory) {
  const fs::path path = directory.root() / "lock";
  File file(path, O_RDWR | O_CREAT, 0644);
  if (file.fd() < 0) return IoError("cannot open", path);
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return IoError("cannot lock", path);
    const auto holder = ReadWholeFile(path);
    return Precondition(fmt::format("{} is in use by another process{}", directory.root().string(),
                                    holder.ok() && !holder->empty() ? " (pid " + *holder + ")" : std::string()));
  }
  // Whose it is, for messages: over what is there, as a full disk has no room for another block.
  const std::string pid = std::to_string(::getpid());
  const ssize_t written = ::pwrite(file.fd(), pid.data(), pid.size(), 0);
  const int failure = errno;
  const auto length = static_cast<off_t>(std::max<ssize_t>(written, 0));
  if (::ftruncate(file.fd(), length) != 0 || (written < 0 && failure != ENOSPC && failure != EDQUOT)) {
    errno = failure;
    return IoError("cannot write", path);
  }
  return DirectoryLock(file.Release());
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace insula::app
