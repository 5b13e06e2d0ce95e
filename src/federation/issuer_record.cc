#include "federation/issuer_record.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "records/field_reader.h"
#include "records/field_writer.h"

namespace insula::federation {
namespace {

using records::Fielded;

constexpr std::int64_t kIssuerVersion = 1;

template <class Codec>
void Fields(Codec& codec, Fielded<Codec, Issuer> issuer) {
  codec.Field("audiences", issuer.audiences);
  codec.Field("environment_claim", issuer.environment_claim);
  codec.Field("service_claim", issuer.service_claim);
  codec.Field("tenant_claim", issuer.tenant_claim);
  codec.Field("tenants", issuer.tenants);
  codec.Field("algorithms", issuer.algorithms);
  codec.Field("keys", issuer.keys);
  codec.Field("created", issuer.created);
}

}  // namespace

std::string WriteIssuerRecord(const Issuer& issuer) {
  records::FieldWriter writer;
  writer.Field("v", kIssuerVersion);
  Fields(writer, issuer);
  return writer.Take();
}

Result<Issuer> ReadIssuerRecord(std::string_view url, std::string_view text) {
  const auto corrupt = [&](std::string_view what) {
    return Error(ErrorCode::kCorruption, fmt::format("the record of issuer {} is damaged: {}", url, what));
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) return corrupt("not a JSON object");
  std::optional<Error> failure;
  records::FieldReader reader(object, &failure);
  std::int64_t version = 0;
  reader.Field("v", version);
  if (version > kIssuerVersion) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("the record of issuer {} has version {}; this program knows up to {}", url, version,
                             kIssuerVersion));
  }
  Issuer issuer;
  issuer.url = std::string(url);
  Fields(reader, issuer);
  if (failure) return corrupt(failure->message());
  return issuer;
}

}  // namespace insula::federation
