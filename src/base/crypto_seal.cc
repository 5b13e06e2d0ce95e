// AES-256-GCM by OpenSSL's EVP. Used where a secret is written or read, never per request.
#include <openssl/evp.h>

#include <memory>

#include "base/check.h"
#include "base/crypto.h"

namespace insula {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* Bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }
const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string AesGcmSeal(std::string_view key, std::string_view associated, std::string_view plain) {
  INSULA_CHECK(key.size() == kKeyBytes);
  const CipherContext context(EVP_CIPHER_CTX_new());
  INSULA_CHECK(context != nullptr);
  std::string sealed = RandomBytes(kNonceBytes);
  int length = 0;
  INSULA_CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(sealed)) == 1);
  INSULA_CHECK(
      EVP_EncryptUpdate(context.get(), nullptr, &length, Bytes(associated), static_cast<int>(associated.size())) == 1);
  sealed.resize(kNonceBytes + plain.size() + kTagBytes);
  INSULA_CHECK(EVP_EncryptUpdate(context.get(), Bytes(sealed.data() + kNonceBytes), &length, Bytes(plain),
                                 static_cast<int>(plain.size())) == 1);
  INSULA_CHECK(EVP_EncryptFinal_ex(context.get(), Bytes(sealed.data() + kNonceBytes + length), &length) == 1);
  INSULA_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                   sealed.data() + kNonceBytes + plain.size()) == 1);
  return sealed;
}

Result<std::string> AesGcmOpen(std::string_view key, std::string_view associated, std::string_view sealed) {
  INSULA_CHECK(key.size() == kKeyBytes);
  const auto refused = [] {
    return Error(ErrorCode::kCorruption, "a sealed secret doesn't open: its key, its name or its bytes are others");
  };
  if (sealed.size() < kNonceBytes + kTagBytes) return refused();
  const CipherContext context(EVP_CIPHER_CTX_new());
  INSULA_CHECK(context != nullptr);
  const std::string_view cipher = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plain(cipher.size(), '\0');
  int length = 0;
  INSULA_CHECK(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(sealed)) == 1);
  INSULA_CHECK(
      EVP_DecryptUpdate(context.get(), nullptr, &length, Bytes(associated), static_cast<int>(associated.size())) == 1);
  INSULA_CHECK(EVP_DecryptUpdate(context.get(), Bytes(plain.data()), &length, Bytes(cipher),
                                 static_cast<int>(cipher.size())) == 1);
  INSULA_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.get(), Bytes(plain.data() + length), &length) != 1) return refused();
  return plain;
}

}  // namespace insula
