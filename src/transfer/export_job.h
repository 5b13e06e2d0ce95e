// One export, from where its record says it is to its end.
//
// A full export reads a copy of the table as of the export's time; an incremental one reads the change log. Data files
// are written one after the other; after each one that is durable the record is saved with it and with where the next
// begins. What a crash left half is written again under the same name. The summary comes last: where it is, the export
// is whole.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "tenancy/state/transfer_records.h"
#include "transfer/job.h"

namespace insula::transfer {

// Saves the record as COMPLETED, yields, or returns what kept it from that.
Task<Result<JobEnd>> RunExport(const JobServices& services, tenancy::TransferPtr transfer);

// Gives back what the job of an export that ended otherwise holds.
Task<Result<void>> AbandonExport(const JobServices& services, tenancy::TransferPtr transfer);

}  // namespace insula::transfer
