#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <cstring>

#include "base/check.h"

namespace insula {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void AppendHex(std::string_view bytes, char* out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = kHexDigits[byte >> 4];
    *out++ = kHexDigits[byte & 15];
  }
}

}  // namespace

std::string HexOf(std::string_view bytes) {
  std::string hex(bytes.size() * 2, '\0');
  AppendHex(bytes, hex.data());
  return hex;
}

std::array<char, 64> HexOf(const Sha256Digest& digest) {
  std::array<char, 64> hex;
  AppendHex(AsText(digest), hex.data());
  return hex;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  INSULA_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

std::string RandomText(std::size_t count, std::string_view alphabet) {
  INSULA_CHECK(alphabet.size() >= 2 && alphabet.size() <= 256);
  // Bytes at or above the largest multiple of the alphabet's size would favour its first characters.
  const unsigned limit = 256 - 256 % static_cast<unsigned>(alphabet.size());
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    for (const char c : RandomBytes(count - text.size())) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < limit) text.push_back(alphabet[byte % alphabet.size()]);
    }
  }
  return text;
}

SecretText::SecretText(SecretText&& other) noexcept {
  text_ = other.text_;  // a short string that is moved from may keep its bytes
  other.Wipe();
}

SecretText& SecretText::operator=(const SecretText& other) {
  if (this != &other) {
    Wipe();
    text_ = other.text_;
  }
  return *this;
}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    Wipe();
    text_ = other.text_;
    other.Wipe();
  }
  return *this;
}

SecretText::~SecretText() { Wipe(); }

void SecretText::Wipe() {
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

}  // namespace insula
