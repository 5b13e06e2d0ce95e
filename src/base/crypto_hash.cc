// SHA-256 by OpenSSL's one-shot structure. EVP's contexts are allocated and reference-counted; every request hashes
// half a dozen short texts, where that costs more than the hashing.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "base/crypto.h"

namespace insula {
namespace {

static_assert(sizeof(SHA256_CTX) == 112 && alignof(SHA256_CTX) <= 8);
static_assert(std::is_trivially_copyable_v<SHA256_CTX>);

constexpr std::size_t kBlockBytes = 64;

SHA256_CTX* ContextOf(std::array<std::uint8_t, 112>& state) { return reinterpret_cast<SHA256_CTX*>(state.data()); }

}  // namespace

Sha256::Sha256() { SHA256_Init(ContextOf(state_)); }

Sha256::Sha256(const Chaining& after_one_block) : Sha256() {
  SHA256_CTX* context = ContextOf(state_);
  std::copy(after_one_block.begin(), after_one_block.end(), context->h);
  context->Nl = kBlockBytes * 8;  // bits hashed so far
}

Sha256& Sha256::Update(std::string_view data) {
  SHA256_Update(ContextOf(state_), data.data(), data.size());
  return *this;
}

Sha256Digest Sha256::Finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), ContextOf(state_));
  return digest;
}

Sha256Digest Sha256::Of(std::string_view data) { return Sha256().Update(data).Finish(); }

Sha256::Chaining Sha256::OfOneBlock(std::span<const char, kBlockBytes> block) {
  Sha256 hash;
  hash.Update({block.data(), block.size()});
  Chaining chaining;
  std::copy_n(ContextOf(hash.state_)->h, chaining.size(), chaining.begin());
  return chaining;
}

HmacSha256Key::HmacSha256Key(std::string_view key) {
  std::array<char, kBlockBytes> block{};
  if (key.size() > kBlockBytes) {
    const Sha256Digest digest = Sha256::Of(key);
    std::memcpy(block.data(), digest.data(), digest.size());
  } else {
    std::memcpy(block.data(), key.data(), key.size());
  }
  for (char& c : block) c = static_cast<char>(c ^ 0x36);
  inner_ = Sha256::OfOneBlock(block);
  for (char& c : block) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  outer_ = Sha256::OfOneBlock(block);
}

Sha256Digest HmacSha256Key::Sign(std::string_view data) const {
  const Sha256Digest digest = Sha256(inner_).Update(data).Finish();
  return Sha256(outer_).Update(AsText(digest)).Finish();
}

}  // namespace insula
