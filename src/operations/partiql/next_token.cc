#include "operations/partiql/next_token.h"

#include "model/encoded_item.h"
#include "wire/base64.h"

namespace insula::operations {
namespace {

using access::TokenPurpose;

constexpr std::size_t kSealBytes = 28;  // nonce and tag

}  // namespace

//   position := read(varint) item?
std::string SealNextToken(const ReadPosition& position, std::string_view binding, const access::TokenKeys& keys) {
  std::string plain;
  AppendVarint(position.read, &plain);
  if (position.start) plain += EncodedItem::From(*position.start).bytes();
  std::string token;
  wire::AppendBase64(keys.Seal(TokenPurpose::kNextToken, binding, plain), &token);
  return token;
}

Result<ReadPosition> OpenNextToken(std::string_view token, std::string_view binding, const access::TokenKeys& keys) {
  if (!wire::CheckBase64(token).ok()) return ValidationError("Invalid NextToken");
  const std::string sealed = wire::DecodeBase64(token);
  if (sealed.size() <= kSealBytes) return ValidationError("Invalid NextToken");
  Result<std::string> plain = keys.Open(TokenPurpose::kNextToken, binding, sealed);
  if (!plain.ok()) return ValidationError("NextToken does not match request");
  std::string_view rest = *plain;
  ReadPosition position;
  position.read = ConsumeVarint(&rest);
  if (!rest.empty()) position.start = EncodedItem::FromBytes(std::string(rest)).Decode();
  return position;
}

}  // namespace insula::operations
