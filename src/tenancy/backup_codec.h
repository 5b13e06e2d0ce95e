// Backups as records of the catalog. Internal to the room.
#pragma once

#include <functional>
#include <string_view>

#include "base/record_store.h"
#include "tenancy/backup_records.h"

namespace insula::tenancy {

inline constexpr std::string_view kBackupKind = "backup";

RecordChange Put(const BackupRecord& record);
RecordChange Remove(const BackupRecord& record);
// As ReadTable (record_codec.h).
Result<BackupRecord> ReadBackup(const Record& record, std::string_view region,
                                const std::function<AccountId(const ContextNames&)>& stable_account);

// arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/backup/ID
std::string BackupArn(std::string_view table_arn, std::string_view id);

}  // namespace insula::tenancy
