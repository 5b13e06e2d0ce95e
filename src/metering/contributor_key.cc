#include "metering/contributor_key.h"

#include "base/check.h"
#include "model/primary_key.h"

namespace insula::metering {
namespace {

constexpr AttributeType kTypes[] = {AttributeType::kS, AttributeType::kN, AttributeType::kB};
constexpr std::size_t kHeaderBytes = 3;

char CodeOf(AttributeType type) {
  for (std::size_t code = 0; code < std::size(kTypes); ++code) {
    if (kTypes[code] == type) return static_cast<char>(code);
  }
  INSULA_CHECK(false);
}

}  // namespace

void AppendContributorValue(const AttributeValue& value, std::string* out) {
  const std::size_t at = out->size();
  out->push_back(CodeOf(value.type()));
  out->append(2, '\0');
  AppendOrderedScalar(value, out);
  const std::size_t length = out->size() - at - kHeaderBytes;
  INSULA_CHECK(length <= 0xFFFF);
  (*out)[at + 1] = static_cast<char>(length >> 8);
  (*out)[at + 2] = static_cast<char>(length & 0xFF);
}

std::optional<std::vector<AttributeValue>> ContributorValues(std::string_view key) {
  std::vector<AttributeValue> values;
  while (!key.empty()) {
    if (key.size() < kHeaderBytes) return std::nullopt;
    const auto code = static_cast<unsigned char>(key[0]);
    const std::size_t length = static_cast<unsigned char>(key[1]) * 256u + static_cast<unsigned char>(key[2]);
    if (code >= std::size(kTypes) || key.size() - kHeaderBytes < length) return std::nullopt;
    Result<AttributeValue> value = OrderedScalarFrom(key.substr(kHeaderBytes, length), kTypes[code]);
    if (!value.ok()) return std::nullopt;
    values.push_back(std::move(value).value());
    key.remove_prefix(kHeaderBytes + length);
  }
  return values;
}

}  // namespace insula::metering
