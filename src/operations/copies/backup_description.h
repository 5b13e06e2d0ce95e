// How a backup looks in answers.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BackupDescription.html
#pragma once

#include <string_view>

#include "tenancy/state/backup_records.h"
#include "wire/json_writer.h"

namespace insula::operations {

// Members of BackupDetails, in the object that is open. `status` is what the answer says of it.
void WriteBackupMembers(const tenancy::BackupRecord& backup, std::string_view status, wire::JsonWriter* writer);

// {"BackupDescription":{…}}
std::string BackupDescriptionAnswer(const tenancy::BackupRecord& backup, std::string_view status);

}  // namespace insula::operations
