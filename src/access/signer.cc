#include "access/signer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "access/canonical_request.h"

namespace insula::access {
namespace {

std::string Lower(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
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

  std::map<std::string, std::string> signed_values;
  const auto add = [&](std::string_view name, std::string_view value) {
    auto [place, fresh] = signed_values.try_emplace(Lower(name));
    if (!fresh) place->second.push_back(',');
    AppendCanonicalValue(value, &place->second);
  };
  for (const auto& [name, value] : headers) add(name, value);
  for (const auto& [name, value] : added) add(name, value);

  std::string canonical(method);
  canonical.push_back('\n');
  AppendCanonicalTarget(target, &canonical, is_s3 ? PathForm::kAsSent : PathForm::kNormalized);
  std::string names;
  for (const auto& [name, value] : signed_values) {
    canonical.append(name).append(":").append(value).append("\n");
    if (!names.empty()) names.push_back(';');
    names += name;
  }
  canonical.append("\n").append(names).append("\n").append(payload.data(), payload.size());

  const std::string date = timestamp.substr(0, 8);
  const std::string scope = fmt::format("{}/{}/{}/{}", date, region_, service_, kTerminator);
  const auto signature = SignatureOf(KeyOf(date), timestamp, scope, canonical);
  added.emplace_back("Authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                                                  credentials_.access_key_id, scope, names,
                                                  std::string_view(signature.data(), signature.size())));
  return added;
}

}  // namespace insula::access
