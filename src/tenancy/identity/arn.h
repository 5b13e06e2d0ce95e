// Amazon resource names of tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace insula::tenancy {

// arn:aws:dynamodb:REGION:ACCOUNT:table/NAME
std::string TableArn(std::string_view region, const AccountId& account, std::string_view table);

// arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/backup/ID
std::string BackupArn(std::string_view table_arn, std::string_view id);

struct TableArnParts {
  std::string_view region;
  std::string_view account;
  std::string_view table;
};
// nullopt if `arn` is not a table's ARN. Views into `arn`.
std::optional<TableArnParts> ParseTableArn(std::string_view arn);

// arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/KIND/ID, as those of exports and imports are.
struct TransferArnParts {
  TableArnParts table;
  std::string_view kind;
  std::string_view id;
};
std::optional<TransferArnParts> ParseTransferArn(std::string_view arn);

inline bool LooksLikeArn(std::string_view text) { return text.starts_with("arn:"); }

}  // namespace insula::tenancy
