#include "federation/jwt.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/base64.h"

namespace insula::federation {
namespace {

constexpr std::size_t kKeyIdMax = 512;

Error NotJwt() {
  return {ErrorCode::kInvalidIdentityToken,
          "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"};
}

// Canonical base64url without padding (RFC 7515, section 2).
std::optional<std::string> FromBase64Url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  if (!IsBase64(standard)) return std::nullopt;
  return DecodeBase64(standard);
}

// Members that come twice are read one way here and another way elsewhere.
bool EachComesOnce(simdjson::dom::object object) {
  std::set<std::string_view> seen;
  for (const auto& member : object) {
    if (!seen.insert(member.key).second) return false;
  }
  return true;
}

}  // namespace

Result<Jwt> ParseJwt(std::string_view token) {
  if (token.size() > kJwtMax) return NotJwt();
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return NotJwt();
  const std::optional<std::string> header = FromBase64Url(token.substr(0, first));
  std::optional<std::string> claims = FromBase64Url(token.substr(first + 1, second - first - 1));
  const std::optional<std::string> signature = FromBase64Url(token.substr(second + 1));
  if (!header || !claims || !signature || signature->empty()) return NotJwt();

  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(*header).get(object) != simdjson::SUCCESS || !EachComesOnce(object)) return NotJwt();
  std::string_view name;
  if (object["alg"].get(name) != simdjson::SUCCESS) return NotJwt();
  const std::optional<SignatureAlgorithm> algorithm = FromName<SignatureAlgorithm>(name);
  if (!algorithm) return NotJwt();
  for (const char* extension : {"crit", "b64", "zip"}) {
    if (object[extension].error() == simdjson::SUCCESS) return NotJwt();
  }
  Jwt jwt;
  jwt.compact = token;
  jwt.algorithm = *algorithm;
  if (auto key_id = object["kid"]; key_id.error() == simdjson::SUCCESS) {
    std::string_view text;
    if (key_id.get(text) != simdjson::SUCCESS || text.size() > kKeyIdMax) return NotJwt();
    jwt.key_id = text;
  }
  if (parser.parse(*claims).get(object) != simdjson::SUCCESS || !EachComesOnce(object)) return NotJwt();
  jwt.claims = *std::move(claims);
  return jwt;
}

}  // namespace insula::federation
