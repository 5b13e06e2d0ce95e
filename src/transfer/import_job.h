// One import, from where its record says it is to its end.
//
// Objects are read in order of their keys, records in order within them, and put in batches of which some are on their
// way at once. Now and then all that was read is made durable and the record is saved with how far that is; after a
// crash the records since then are put once more, which changes nothing. A record that PutItem would refuse is counted
// and logged (error_log.h); an object that can't be unpacked is read as far as that goes.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "tenancy/transfer_records.h"
#include "transfer/job.h"

namespace insula::transfer {

// Saves the record as COMPLETED or, if records were left out, as FAILED with the code ItemValidationError; or returns
// what kept it from the end.
Task<Result<void>> RunImport(const JobServices& services, tenancy::TransferPtr transfer);

}  // namespace insula::transfer
