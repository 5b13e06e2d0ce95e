// One bulk put, from where its record says it is to its end.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Requesting.html
//
// Records are put in batches of which some are on their way at once, into a table that others use meanwhile. Now and
// then all that was read is made durable and the record is saved with how far that is. Each put leaves a mark in its
// own commit (storage/write_marks.h) until then: after a crash a put that was made is not made again, so that what
// others have written to its item since stays.
//
// What was not put is reported where the request says so (report.h):
//   PREFIX/AWSDynamoDB/ID/_started                                  empty: the bucket can be written to
//   PREFIX/AWSDynamoDB/ID/errors/00000001.jsonl …                   records that are none, or that PutItem would refuse
//   PREFIX/AWSDynamoDB/ID/condition-check-failures/00000001.jsonl … puts whose condition failed
//   PREFIX/AWSDynamoDB/ID/manifest-summary.json                     written last: the reports are whole
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "tenancy/state/transfer_records.h"
#include "transfer/job.h"

namespace insula::transfer {

// Saves the record as COMPLETED, as COMPLETED_WITH_ERRORS if records were left out, or as CANCELLED; yields; or
// returns what kept it from the end.
Task<Result<JobEnd>> RunBulkPut(const JobServices& services, tenancy::TransferPtr transfer);

// Of one that will not be gone on with: forgets its marks. Idempotent.
Task<Result<void>> AbandonBulkPut(const JobServices& services, tenancy::TransferPtr transfer);

}  // namespace insula::transfer
