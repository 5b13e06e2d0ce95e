#include "federation/key_set.h"

#include <cjose/cjose.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace insula::federation {
namespace {

constexpr std::size_t kRsaBitsMin = 2048;
constexpr std::size_t kRsaBitsMax = 8192;
constexpr std::size_t kExponentMax = 11;  // characters: eight bytes; a longer one costs more than a signature may
constexpr std::size_t kMemberMax = 2048;

using Object = simdjson::dom::object;

// Empty where it isn't there or isn't a text.
std::string_view MemberOf(Object object, const char* name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return {};
  return text;
}

bool IsBase64Url(std::string_view text) {
  return !text.empty() && text.size() <= kMemberMax && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool IsForSignatures(Object object) {
  const std::string_view use = MemberOf(object, "use");
  if (!use.empty() && use != "sig") return false;
  simdjson::dom::array operations;
  if (object["key_ops"].get(operations) != simdjson::SUCCESS) return true;
  return std::any_of(operations.begin(), operations.end(), [](simdjson::dom::element operation) {
    std::string_view name;
    return operation.get(name) == simdjson::SUCCESS && name == "verify";
  });
}

// The public members alone, so that the library sees nothing else; empty where they aren't those of the type.
std::string PublicPart(Object object, std::string_view type, std::string_view curve) {
  if (type == "RSA") {
    const std::string_view n = MemberOf(object, "n"), e = MemberOf(object, "e");
    if (!IsBase64Url(n) || !IsBase64Url(e) || e.size() > kExponentMax) return {};
    return fmt::format(R"({{"kty":"RSA","n":"{}","e":"{}"}})", n, e);
  }
  const std::string_view x = MemberOf(object, "x"), y = MemberOf(object, "y");
  if (!IsBase64Url(x) || !IsBase64Url(y)) return {};
  return fmt::format(R"({{"kty":"EC","crv":"{}","x":"{}","y":"{}"}})", curve, x, y);
}

std::string_view FitsOf(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kES256:
      return "P-256";
    case SignatureAlgorithm::kES384:
      return "P-384";
    case SignatureAlgorithm::kES512:
      return "P-521";
    default:
      return "RSA";
  }
}

void ReleaseKey(cjose_jwk_t* jwk) { cjose_jwk_release(jwk); }

struct ReleaseJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

}  // namespace

Result<KeySet> KeySet::Parse(std::string_view json) {
  const auto not_a_set = [] { return Error(ErrorCode::kInvalidArgument, "not a JWK set"); };
  simdjson::dom::parser parser;
  Object root;
  simdjson::dom::array keys;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return not_a_set();
  if (root["keys"].get(keys) != simdjson::SUCCESS || keys.size() > kKeysMax) return not_a_set();
  KeySet set;
  for (const simdjson::dom::element element : keys) {
    Object object;
    if (element.get(object) != simdjson::SUCCESS || !IsForSignatures(object)) continue;
    const std::string_view type = MemberOf(object, "kty");
    const std::string_view curve = MemberOf(object, "crv");
    const bool known_curve = curve == "P-256" || curve == "P-384" || curve == "P-521";
    if (type != "RSA" && !(type == "EC" && known_curve)) continue;
    const std::string part = PublicPart(object, type, curve);
    if (part.empty()) continue;
    cjose_jwk_t* jwk = cjose_jwk_import(part.data(), part.size(), nullptr);
    if (jwk == nullptr) continue;
    Key key{std::string(MemberOf(object, "kid")), std::string(type == "RSA" ? type : curve),
            std::string(MemberOf(object, "alg")), std::shared_ptr<cjose_jwk_t>(jwk, ReleaseKey)};
    const std::size_t bits = cjose_jwk_get_keysize(jwk, nullptr);
    if (type == "RSA" && (bits < kRsaBitsMin || bits > kRsaBitsMax)) continue;
    set.keys_.push_back(std::move(key));
  }
  const auto like = [](const Key& a) {
    return [&a](const Key& b) { return a.id == b.id && a.fits == b.fits && a.algorithm == b.algorithm; };
  };
  std::vector<Key> alone;
  for (const Key& key : set.keys_) {
    if (std::count_if(set.keys_.begin(), set.keys_.end(), like(key)) == 1) alone.push_back(key);
  }
  set.keys_ = std::move(alone);
  return set;
}

const KeySet::Key* KeySet::Find(const Jwt& jwt) const {
  const Key* found = nullptr;
  for (const Key& key : keys_) {
    if (key.fits != FitsOf(jwt.algorithm)) continue;
    if (!key.algorithm.empty() && key.algorithm != NameOf(jwt.algorithm)) continue;
    if (!jwt.key_id.empty() && key.id != jwt.key_id) continue;
    if (found != nullptr) return nullptr;  // one of several: which, isn't said
    found = &key;
  }
  return found;
}

SignatureVerdict KeySet::Verify(const Jwt& jwt) const {
  const Key* key = Find(jwt);
  if (key == nullptr) return SignatureVerdict::kUnknownKey;
  const std::unique_ptr<cjose_jws_t, ReleaseJws> jws(cjose_jws_import(jwt.compact.data(), jwt.compact.size(), nullptr));
  if (jws == nullptr) return SignatureVerdict::kWrong;
  // The library reads the header anew: it has to have found what was found here.
  const char* algorithm = cjose_header_get(cjose_jws_get_protected(jws.get()), CJOSE_HDR_ALG, nullptr);
  if (algorithm == nullptr || algorithm != NameOf(jwt.algorithm)) return SignatureVerdict::kWrong;
  return cjose_jws_verify(jws.get(), key->jwk.get(), nullptr) ? SignatureVerdict::kRight : SignatureVerdict::kWrong;
}

}  // namespace insula::federation
