// One import, from where its record says it is to its end.
//
// Records are put in batches of which some are on their way at once. Now and then all that was read is made durable and
// the record is saved with how far that is; after a crash the records since then are put once more, which changes
// nothing: nobody else writes to the table yet. A record that PutItem would refuse is counted and reported (report.h),
// in the bucket kErrorBucket of the import's own context, in the folder of its id.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/state/transfer_records.h"
#include "transfer/job.h"

namespace insula::transfer {

inline constexpr std::string_view kErrorBucket = "insula-import-errors";

// Saves the record as COMPLETED or, if records were left out, as FAILED with the code ItemValidationError; yields; or
// returns what kept it from the end.
Task<Result<JobEnd>> RunImport(const JobServices& services, tenancy::TransferPtr transfer);

}  // namespace insula::transfer
