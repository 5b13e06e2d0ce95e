#include "tenancy/identity/arn.h"

#include <fmt/format.h>

namespace insula::tenancy {

std::string TableArn(std::string_view region, const AccountId& account, std::string_view table) {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", region, account.value(), table);
}

std::string BackupArn(std::string_view table_arn, std::string_view id) {
  return fmt::format("{}/backup/{}", table_arn, id);
}

std::optional<TableArnParts> ParseTableArn(std::string_view arn) {
  constexpr std::string_view kPrefix = "arn:aws:dynamodb:";
  constexpr std::string_view kTable = "table/";
  if (!arn.starts_with(kPrefix)) return std::nullopt;
  arn.remove_prefix(kPrefix.size());
  const std::size_t region_end = arn.find(':');
  if (region_end == std::string_view::npos) return std::nullopt;
  const std::size_t account_end = arn.find(':', region_end + 1);
  if (account_end == std::string_view::npos) return std::nullopt;
  const std::string_view resource = arn.substr(account_end + 1);
  if (!resource.starts_with(kTable)) return std::nullopt;
  const std::string_view table = resource.substr(kTable.size());
  if (table.empty() || table.find_first_of("/:") != std::string_view::npos) return std::nullopt;
  return TableArnParts{arn.substr(0, region_end), arn.substr(region_end + 1, account_end - region_end - 1), table};
}

std::optional<TransferArnParts> ParseTransferArn(std::string_view arn) {
  const std::size_t id = arn.rfind('/');
  if (id == std::string_view::npos || id == 0) return std::nullopt;
  const std::size_t kind = arn.rfind('/', id - 1);
  if (kind == std::string_view::npos) return std::nullopt;
  const auto table = ParseTableArn(arn.substr(0, kind));
  if (!table) return std::nullopt;
  return TransferArnParts{*table, arn.substr(kind + 1, id - kind - 1), arn.substr(id + 1)};
}

}  // namespace insula::tenancy
