// An issuer's key, for tests: signs whatever header and claims it is given, by its own reading of RFC 7518, over
// OpenSSL.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "base/base64.h"

namespace insula::federation::testing {

inline std::string Base64Url(std::string_view bytes) {
  std::string text;
  AppendBase64(bytes, &text);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

class TokenSigner {
 public:
  static TokenSigner Rsa(std::string id, unsigned int bits = 2048) {
    return {std::move(id), EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits}), 0, ""};
  }
  // "P-256", "P-384", "P-521".
  static TokenSigner Ec(std::string id, const std::string& curve) {
    const std::size_t size = curve == "P-256" ? 32 : curve == "P-384" ? 48 : 66;
    return {std::move(id), EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.c_str()), size, curve};
  }

  // `more`: further members, each with a comma before it.
  std::string Jwk(std::string_view more = "") const {
    if (curve_.empty()) {
      return fmt::format(R"({{"kty":"RSA","kid":"{}","n":"{}","e":"{}"{}}})", id_, Number(OSSL_PKEY_PARAM_RSA_N, 0),
                         Number(OSSL_PKEY_PARAM_RSA_E, 0), more);
    }
    return fmt::format(R"({{"kty":"EC","kid":"{}","crv":"{}","x":"{}","y":"{}"{}}})", id_, curve_,
                       Number(OSSL_PKEY_PARAM_EC_PUB_X, size_), Number(OSSL_PKEY_PARAM_EC_PUB_Y, size_), more);
  }

  std::string Token(std::string_view algorithm, std::string_view claims) const {
    return TokenOf(fmt::format(R"({{"typ":"JWT","alg":"{}","kid":"{}"}})", algorithm, id_), algorithm, claims);
  }
  // Whatever the header says, it is signed by `algorithm`.
  std::string TokenOf(std::string_view header, std::string_view algorithm, std::string_view claims) const {
    const std::string input = Base64Url(header) + "." + Base64Url(claims);
    return input + "." + Base64Url(Sign(algorithm, input));
  }

 private:
  TokenSigner(std::string id, EVP_PKEY* key, std::size_t size, std::string curve)
      : id_(std::move(id)), key_(key, EVP_PKEY_free), size_(size), curve_(std::move(curve)) {
    EXPECT_NE(key, nullptr);
  }

  // A number of the key, big-endian, of `size` bytes or as many as it needs.
  std::string Number(const char* name, std::size_t size) const {
    BIGNUM* number = nullptr;
    EXPECT_EQ(EVP_PKEY_get_bn_param(key_.get(), name, &number), 1);
    std::string bytes = BytesOf(number, size);
    BN_free(number);
    return Base64Url(bytes);
  }
  static std::string BytesOf(const BIGNUM* number, std::size_t size) {
    if (size == 0) size = static_cast<std::size_t>(BN_num_bytes(number));
    std::string bytes(size, '\0');
    EXPECT_GE(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)), 0);
    return bytes;
  }

  std::string Sign(std::string_view algorithm, std::string_view input) const {
    const std::string hash = "SHA" + std::string(algorithm.substr(2));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* key_context = nullptr;
    EXPECT_EQ(EVP_DigestSignInit_ex(context, &key_context, hash.c_str(), nullptr, nullptr, key_.get(), nullptr), 1);
    if (algorithm.starts_with("PS")) {
      EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING), 1);
      EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST), 1);
    }
    const auto* data = reinterpret_cast<const unsigned char*>(input.data());
    std::size_t size = 0;
    EXPECT_EQ(EVP_DigestSign(context, nullptr, &size, data, input.size()), 1);
    std::string signature(size, '\0');
    EXPECT_EQ(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, data, input.size()),
              1);
    signature.resize(size);
    EVP_MD_CTX_free(context);
    return curve_.empty() ? signature : Concatenated(signature);
  }
  // R and S of a signature in DER.
  std::string Concatenated(const std::string& der) const {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string bytes = BytesOf(ECDSA_SIG_get0_r(signature), size_) + BytesOf(ECDSA_SIG_get0_s(signature), size_);
    ECDSA_SIG_free(signature);
    return bytes;
  }

  std::string id_;
  std::shared_ptr<EVP_PKEY> key_;
  std::size_t size_;  // of an EC key's numbers, in bytes
  std::string curve_;
};

}  // namespace insula::federation::testing
