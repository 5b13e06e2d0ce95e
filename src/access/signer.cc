#include "access/signer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "access/canonical_request.h"

namespace insula::access {
namespace {

// Lower-case names and canonical values, sorted.
class SignedHeaders {
 public:
  void Add(std::string_view name, std::string_view value) {
    std::string lower(name);
    ToLowerCase(&lower);
    auto [place, fresh] = values_.try_emplace(std::move(lower));
    if (!fresh) place->second.push_back(',');
    AppendCanonicalValue(value, &place->second);
  }
  void AppendTo(std::string* canonical) const {
    for (const auto& [name, value] : values_) canonical->append(name).append(":").append(value).append("\n");
  }
  std::string Names() const {
    std::string names;
    for (const auto& [name, value] : values_) names.append(names.empty() ? "" : ";").append(name);
    return names;
  }

 private:
  std::map<std::string, std::string> values_;
};

std::string CanonicalRequest(std::string_view method, std::string_view target, const SignedHeaders& headers,
                             const std::array<char, 64>& payload, PathForm form) {
  std::string canonical(method);
  canonical.push_back('\n');
  AppendCanonicalTarget(target, &canonical, form);
  headers.AppendTo(&canonical);
  canonical.append("\n").append(headers.Names()).append("\n").append(payload.data(), payload.size());
  return canonical;
}

}  // namespace

Signer::Signer(ClientCredentials credentials, std::string region, std::string service)
    : credentials_(std::move(credentials)), region_(std::move(region)), service_(std::move(service)) {}

const HmacSha256Key& Signer::KeyOf(std::string_view date) {
  if (date != date_) {
    key_ = DeriveSigningKey(credentials_.secret, date, region_, service_);
    date_ = std::string(date);
  }
  return *key_;
}

std::string Signer::ScopeOn(std::string_view date) const {
  return fmt::format("{}/{}/{}/{}", date, region_, service_, kTerminator);
}

std::vector<std::pair<std::string, std::string>> Signer::Sign(
    std::string_view method, std::string_view target,
    std::span<const std::pair<std::string_view, std::string_view>> headers, std::string_view body, WallTime time) {
  std::vector<std::pair<std::string, std::string>> added;
  const std::string timestamp = IsoBasicOf(time);
  added.emplace_back("X-Amz-Date", timestamp);
  const bool is_s3 = service_ == "s3";
  const auto payload = HexOf(Sha256::Of(body));
  if (is_s3) added.emplace_back("X-Amz-Content-Sha256", std::string(payload.data(), payload.size()));
  if (!credentials_.session_token.empty()) added.emplace_back("X-Amz-Security-Token", credentials_.session_token);

  SignedHeaders to_sign;
  for (const auto& [name, value] : headers) to_sign.Add(name, value);
  for (const auto& [name, value] : added) to_sign.Add(name, value);
  const std::string date = timestamp.substr(0, 8);
  const std::string scope = ScopeOn(date);
  const auto signature = SignatureOf(
      KeyOf(date), timestamp, scope,
      CanonicalRequest(method, target, to_sign, payload, is_s3 ? PathForm::kAsSent : PathForm::kNormalized));
  added.emplace_back("Authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                                                  credentials_.access_key_id, scope, to_sign.Names(),
                                                  std::string_view(signature.data(), signature.size())));
  return added;
}

std::string Signer::Presign(std::string_view method, std::string_view target,
                            std::span<const std::pair<std::string_view, std::string_view>> headers,
                            std::string_view body, WallTime time, std::optional<std::chrono::seconds> valid_for) {
  SignedHeaders to_sign;
  for (const auto& [name, value] : headers) to_sign.Add(name, value);
  const std::string timestamp = IsoBasicOf(time);
  const std::string date = timestamp.substr(0, 8);
  const std::string scope = ScopeOn(date);
  std::string presigned(target);
  char separator = target.find('?') == std::string_view::npos ? '?' : '&';
  const auto add = [&](std::string_view name, std::string_view value) {
    presigned.push_back(separator);
    presigned.append(name).push_back('=');
    AppendUriEncoded(value, &presigned);
    separator = '&';
  };
  add("X-Amz-Algorithm", kAlgorithm);
  add("X-Amz-Credential", fmt::format("{}/{}", credentials_.access_key_id, scope));
  add("X-Amz-Date", timestamp);
  if (valid_for) add("X-Amz-Expires", std::to_string(valid_for->count()));
  add("X-Amz-SignedHeaders", to_sign.Names());
  if (!credentials_.session_token.empty()) add("X-Amz-Security-Token", credentials_.session_token);
  const auto signature =
      SignatureOf(KeyOf(date), timestamp, scope,
                  CanonicalRequest(method, presigned, to_sign, HexOf(Sha256::Of(body)), PathForm::kNormalized));
  add("X-Amz-Signature", {signature.data(), signature.size()});
  return presigned;
}

}  // namespace insula::access
