#include "access/master_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace insula::access {
namespace {

constexpr std::size_t kMasterKeyBytes = 32;
constexpr std::size_t kSourceTextMax = 4096;  // bytes of a file or of a command's output that are looked at
constexpr std::string_view kFilePrefix = "file:";
constexpr std::string_view kEnvironmentPrefix = "env:";
constexpr std::string_view kCommandPrefix = "command:";

std::optional<std::string> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Result<std::string> ReadAll(std::FILE* stream, std::string_view what) {
  std::string text(kSourceTextMax, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stream));
  if (std::ferror(stream) != 0) return Error(ErrorCode::kIo, fmt::format("{} can't be read", what));
  return text;
}

Result<std::string> ReadFile(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) {
    return Error(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                 fmt::format("master key file {}: {}", path, std::strerror(errno)));
  }
  auto text = ReadAll(file, "master key file " + path);
  std::fclose(file);
  return text;
}

Result<std::string> RunCommand(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) return Error(ErrorCode::kIo, fmt::format("master key command: {}", std::strerror(errno)));
  auto text = ReadAll(pipe, "the master key command's output");
  const int status = ::pclose(pipe);
  if (status != 0) {
    return Error(ErrorCode::kIo, fmt::format("the master key command ended with status {}",
                                             WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
  }
  return text;
}

std::string Associated(std::string_view id) { return fmt::format("insula secret {}", id); }

}  // namespace

MasterKey::MasterKey(SecretText bytes) : bytes_(std::move(bytes)) {
  const Sha256Digest digest = Sha256().Update("insula master key fingerprint\n").Update(bytes_.view()).Finish();
  fingerprint_ = HexOf(AsText(digest).substr(0, 8));
}

MasterKey MasterKey::Generate() { return MasterKey(SecretText(RandomBytes(kMasterKeyBytes))); }

Result<MasterKey> MasterKey::Parse(std::string_view text) {
  auto bytes = FromHex(Trim(text));
  if (!bytes || bytes->size() != kMasterKeyBytes) {
    return Error(ErrorCode::kInvalidArgument, "a master key is 64 hexadecimal digits");
  }
  return MasterKey(SecretText(std::move(*bytes)));
}

std::string MasterKey::Text() const { return HexOf(bytes()); }

Result<MasterKey> LoadMasterKey(std::string_view source) {
  if (source.starts_with(kFilePrefix)) {
    INSULA_ASSIGN(const std::string text, ReadFile(std::string(source.substr(kFilePrefix.size()))));
    return MasterKey::Parse(text);
  }
  if (source.starts_with(kEnvironmentPrefix)) {
    const std::string name(source.substr(kEnvironmentPrefix.size()));
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): read at start
    if (value == nullptr) {
      return Error(ErrorCode::kNotFound, fmt::format("the master key's environment variable {} is not set", name));
    }
    return MasterKey::Parse(value);
  }
  if (source.starts_with(kCommandPrefix)) {
    INSULA_ASSIGN(const std::string text, RunCommand(std::string(source.substr(kCommandPrefix.size()))));
    return MasterKey::Parse(text);
  }
  return Error(ErrorCode::kInvalidArgument, "a master key's source is file:PATH, env:NAME or command:COMMAND");
}

Result<MasterKey> CreateMasterKeyFile(const std::filesystem::path& path) {
  MasterKey key = MasterKey::Generate();
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return Error(errno == EEXIST ? ErrorCode::kAlreadyExists : ErrorCode::kIo,
                 fmt::format("master key file {}: {}", path.string(), std::strerror(errno)));
  }
  const std::string text = key.Text() + "\n";
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int reason = errno;
  ::close(file);
  if (!written) {
    return Error(ErrorCode::kIo, fmt::format("master key file {}: {}", path.string(), std::strerror(reason)));
  }
  return key;
}

std::vector<std::string> MasterKeyWarnings(std::string_view source, const std::filesystem::path& data_directory) {
  std::vector<std::string> warnings;
  if (!source.starts_with(kFilePrefix)) return warnings;
  std::error_code ignored;
  const std::filesystem::path file =
      std::filesystem::weakly_canonical(std::filesystem::path(source.substr(kFilePrefix.size())), ignored);
  const std::filesystem::path data = std::filesystem::weakly_canonical(data_directory, ignored);
  const std::filesystem::path relative = file.lexically_relative(data);
  if (!relative.empty() && *relative.begin() != "..") {
    warnings.push_back(
        fmt::format("the master key {} lies beside the data it protects: whoever copies the directory can read its "
                    "secrets; keep it "
                    "elsewhere, in the environment or behind a command",
                    file.string()));
  }
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    warnings.push_back(fmt::format("the master key {} can be used by others than its owner (mode {:03o})",
                                   file.string(), status.st_mode & 0777));
  }
  return warnings;
}

const MasterKey* Keyring::Find(std::string_view fingerprint) const {
  if (current.fingerprint() == fingerprint) return &current;
  for (const MasterKey& key : previous) {
    if (key.fingerprint() == fingerprint) return &key;
  }
  return nullptr;
}

std::string SealSecret(const MasterKey& key, std::string_view id, std::string_view secret) {
  return fmt::format("1.{}.{}", key.fingerprint(), HexOf(AesGcmSeal(key.bytes(), Associated(id), secret)));
}

Result<SecretText> OpenSecret(const Keyring& keyring, std::string_view id, std::string_view sealed) {
  constexpr std::size_t kFingerprintAt = 2;
  constexpr std::size_t kFingerprintSize = 16;
  constexpr std::size_t kBytesAt = kFingerprintAt + kFingerprintSize + 1;
  if (sealed.size() <= kBytesAt || !sealed.starts_with("1.") || sealed[kBytesAt - 1] != '.') {
    return Error(ErrorCode::kCorruption, fmt::format("the secret of {} isn't in a form this version knows", id));
  }
  const MasterKey* key = keyring.Find(sealed.substr(kFingerprintAt, kFingerprintSize));
  if (key == nullptr) {
    return Error(
        ErrorCode::kFailedPrecondition,
        fmt::format(
            "the secret of {} is sealed under master key {}, and the one that is given is another: give the one "
            "that the organization was made with (secrets.master_key, or master.key in its directory)",
            id, sealed.substr(kFingerprintAt, kFingerprintSize)));
  }
  const auto bytes = FromHex(sealed.substr(kBytesAt));
  if (!bytes) return Error(ErrorCode::kCorruption, fmt::format("the secret of {} isn't readable", id));
  INSULA_ASSIGN(std::string plain, AesGcmOpen(key->bytes(), Associated(id), *bytes));
  return SecretText(std::move(plain));
}

}  // namespace insula::access
