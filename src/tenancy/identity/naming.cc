#include "tenancy/identity/naming.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <initializer_list>

#include "tenancy/identity/naming_proof.h"

namespace insula::tenancy {
namespace {

constexpr std::size_t kNaturalLengthMax = 254;
constexpr std::size_t kHashCharacters = 40;  // five bits each: 200 bits

std::string HashText(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  INSULA_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  static constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  unsigned int bits = 0, count = 0;
  for (std::size_t i = 0; out.size() < kHashCharacters; ++i) {
    bits = (bits << 8) | digest[i];
    count += 8;
    while (count >= 5 && out.size() < kHashCharacters) {
      count -= 5;
      out.push_back(kDigits[(bits >> count) & 31]);
    }
  }
  return out;
}

Result<NameTemplate> ParseWith(std::string_view label, std::string_view text,
                               std::initializer_list<Placeholder> required,
                               std::initializer_list<Placeholder> forbidden) {
  INSULA_ASSIGN(NameTemplate parsed, NameTemplate::Parse(text));
  for (const Placeholder placeholder : required) {
    if (!parsed.Has(placeholder)) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("The {} name template '{}' must contain {{{}}}: without it two {}s would share a name",
                               label, text, NameOf(placeholder), NameOf(placeholder)));
    }
  }
  for (const Placeholder placeholder : forbidden) {
    if (parsed.Has(placeholder)) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("The {} name template '{}' can't contain {{{}}}", label, text, NameOf(placeholder)));
    }
  }
  return parsed;
}

}  // namespace

std::string Shortened(std::string name, std::string_view identity) {
  if (name.size() <= kNaturalLengthMax) return name;
  name.resize(255 - 1 - kHashCharacters);
  return name + "." + HashText(identity);
}

Result<Naming> Naming::Make(const NameTemplates& templates) {
  using enum Placeholder;
  INSULA_ASSIGN(NameTemplate account, ParseWith("account", templates.account, {kService, kTable}, {}));
  INSULA_ASSIGN(NameTemplate table, ParseWith("table", templates.table, {kService, kTenant, kTable}, {}));
  INSULA_ASSIGN(NameTemplate pool, ParseWith("pool", templates.pool, {kService, kTable}, {kTenant}));
  INSULA_ASSIGN(NameTemplate service, ParseWith("service", templates.service, {kService, kTable}, {kTenant}));
  const std::array shared = {TemplateInProof{"table", &table}, TemplateInProof{"pool", &pool},
                             TemplateInProof{"service", &service}};
  INSULA_TRY(ProveInjective(shared));
  const std::array own = {TemplateInProof{"account", &account}};
  INSULA_TRY(ProveInjective(own));
  return Naming(std::move(account), std::move(table), std::move(pool), std::move(service));
}

std::string Naming::PhysicalName(PartitionModel model, const ContextNames& names, std::string_view table) const {
  const NameTemplate& chosen = model == PartitionModel::kAccount ? account_
                               : model == PartitionModel::kTable ? table_
                                                                 : pool_;
  const std::string_view tenant = model == PartitionModel::kIndex ? std::string_view() : TextOf(names.tenant);
  std::string name = chosen.Expand({names.environment.value(), names.service.value(), tenant, table});
  const std::string identity = fmt::format("{}/{}/{}/{}/{}", static_cast<int>(model), names.environment.value(),
                                           names.service.value(), tenant, table);
  return Shortened(std::move(name), identity);
}

std::string Naming::ServiceTableName(const ContextNames& names, std::string_view table) const {
  std::string name = service_.Expand({names.environment.value(), names.service.value(), "", table});
  return Shortened(std::move(name),
                   fmt::format("service/{}/{}/{}", names.environment.value(), names.service.value(), table));
}

}  // namespace insula::tenancy
