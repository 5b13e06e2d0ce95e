#include "base/md5.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace insula {

struct Md5::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Md5::Md5() : state_(std::make_unique<State>()) {
  INSULA_CHECK(state_->context != nullptr && EVP_DigestInit_ex(state_->context, EVP_md5(), nullptr) == 1);
}
Md5::Md5(Md5&&) noexcept = default;
Md5& Md5::operator=(Md5&&) noexcept = default;
Md5::~Md5() = default;

Md5& Md5::Update(std::string_view data) {
  INSULA_CHECK(EVP_DigestUpdate(state_->context, data.data(), data.size()) == 1);
  return *this;
}

Md5Digest Md5::Finish() {
  Md5Digest digest;
  INSULA_CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) == 1);
  return digest;
}

Md5Digest Md5::Of(std::string_view data) { return Md5().Update(data).Finish(); }

}  // namespace insula
