// The cryptography of access and secrets at rest: SHA-256, HMAC, AES-256-GCM, random bytes. OpenSSL stays in the .cc
// files. All functions are safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace insula {

using Sha256Digest = std::array<std::uint8_t, 32>;

// SHA-256 of a text that comes in pieces. A value: copying one copies the state.
class Sha256 {
 public:
  // What is left of a text of whole blocks once it is hashed.
  using Chaining = std::array<std::uint32_t, 8>;

  Sha256();
  // Goes on behind one block of 64 bytes.
  explicit Sha256(const Chaining& after_one_block);
  Sha256& Update(std::string_view data);
  Sha256Digest Finish();  // once; nothing may follow

  static Sha256Digest Of(std::string_view data);
  static Chaining OfOneBlock(std::span<const char, 64> block);

 private:
  alignas(8) std::array<std::uint8_t, 112> state_;  // OpenSSL's SHA256_CTX
};

// An HMAC-SHA-256 key with both of its first blocks already hashed: a Sign of a short text costs two blocks. One cache
// line, since a server that signs for many keys finds most of them in none.
class HmacSha256Key {
 public:
  explicit HmacSha256Key(std::string_view key);
  Sha256Digest Sign(std::string_view data) const;

 private:
  Sha256::Chaining inner_;
  Sha256::Chaining outer_;
};

inline std::string_view AsText(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string HexOf(std::string_view bytes);  // lower case
// 64 lower-case digits, without an allocation.
std::array<char, 64> HexOf(const Sha256Digest& digest);

// Takes as long for a difference at the first byte as at the last. Texts of different length are unequal.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

// From the operating system's generator, seeded once; ends the process if there is none.
std::string RandomBytes(std::size_t count);
// `count` characters drawn uniformly from `alphabet` (2 to 256 characters).
std::string RandomText(std::size_t count, std::string_view alphabet);

// A text that must not stay in memory after use: overwritten when it goes.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string text) : text_(std::move(text)) {}
  SecretText(const SecretText&) = default;
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(const SecretText& other);
  SecretText& operator=(SecretText&& other) noexcept;
  ~SecretText();
  std::string_view view() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  void Wipe();
  std::string text_;
};

// AES-256-GCM. A sealed text is nonce (12 bytes, random) ++ ciphertext ++ tag (16 bytes); `associated` is bound to it
// and must be the same to open it. `key` has 32 bytes.
std::string AesGcmSeal(std::string_view key, std::string_view associated, std::string_view plain);
// Corruption if key, associated data or a single bit is another.
Result<std::string> AesGcmOpen(std::string_view key, std::string_view associated, std::string_view sealed);

}  // namespace insula
