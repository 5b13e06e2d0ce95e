// TransferRecord as a record of the catalog, of kind "transfer", named by its id. Internal to the room.
#pragma once

#include <string_view>

#include "base/record_store.h"
#include "tenancy/transfer_records.h"

namespace insula::tenancy {

inline constexpr std::string_view kTransferKind = "transfer";

RecordChange Put(const TransferRecord& record);
RecordChange Remove(const TransferRecord& record);
Result<TransferRecord> ReadTransfer(const Record& record);

}  // namespace insula::tenancy
