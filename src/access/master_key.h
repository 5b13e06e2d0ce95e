// The master key: what secrets at rest are sealed under. It comes from a file, the environment or a command, and
// never from the data itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"

namespace insula::access {

// 32 bytes, and a fingerprint that tells which key sealed something without telling the key.
class MasterKey {
 public:
  static MasterKey Generate();
  // 64 hexadecimal digits, white space around them ignored. InvalidArgument otherwise; the message holds none of it.
  static Result<MasterKey> Parse(std::string_view text);

  std::string_view bytes() const { return bytes_.view(); }
  const std::string& fingerprint() const { return fingerprint_; }  // 16 hexadecimal digits
  std::string Text() const;                                        // what Parse takes

 private:
  explicit MasterKey(SecretText bytes);
  SecretText bytes_;
  std::string fingerprint_;
};

// "file:PATH", "env:NAME" or "command:COMMAND LINE" (run by /bin/sh; its standard output is the key).
// InvalidArgument for another form, NotFound or Io where the source doesn't give a key.
Result<MasterKey> LoadMasterKey(std::string_view source);

// Writes a new key to `path`, readable by its owner only. AlreadyExists rather than overwriting one.
Result<MasterKey> CreateMasterKeyFile(const std::filesystem::path& path);

// What an operator should be told about `source`: that a key file lies under the data it protects, so that whoever
// copies one has both; or that others than its owner may read it. Empty where nothing is wrong.
std::vector<std::string> MasterKeyWarnings(std::string_view source, const std::filesystem::path& data_directory);

// The key that seals, and older ones that still open: what a rotation needs.
struct Keyring {
  MasterKey current;
  std::vector<MasterKey> previous;
  const MasterKey* Find(std::string_view fingerprint) const;
};

// A sealed secret as text: "1.FINGERPRINT.HEX". `id` is bound to it: it doesn't open under another.
std::string SealSecret(const MasterKey& key, std::string_view id, std::string_view secret);
// FailedPrecondition if no key of the ring sealed it, Corruption if it was changed.
Result<SecretText> OpenSecret(const Keyring& keyring, std::string_view id, std::string_view sealed);

}  // namespace insula::access
