// The files of an export in Amazon's layout, and what is in those that describe it; and what a bulk put has of them.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
//
//   PREFIX/AWSDynamoDB/EXPORT-ID/_started                       empty: the bucket can be written to
//   PREFIX/AWSDynamoDB/EXPORT-ID/data/NAME.json.gz              a full export's items
//   PREFIX/AWSDynamoDB/data/NAME.json.gz                        an incremental one's
//   PREFIX/AWSDynamoDB/EXPORT-ID/manifest-files.json, .md5      a line for each data file
//   PREFIX/AWSDynamoDB/EXPORT-ID/manifest-summary.json, .md5    written last: the export is whole
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "tenancy/state/transfer_records.h"

namespace insula::transfer {

// Keys, within the bucket.
std::string StartedKey(const tenancy::TransferRecord& transfer);
std::string DataKey(const tenancy::TransferRecord& transfer, std::string_view file_name);
std::string FilesManifestKey(const tenancy::TransferRecord& transfer);
std::string SummaryManifestKey(const tenancy::TransferRecord& transfer);
std::string ChecksumKey(std::string_view manifest_key);  // ".json" becomes ".md5"

// Of a bulk put: what the keys of all its output begin with, to the slash.
std::string OutputFolder(const tenancy::TransferRecord& transfer);

// The name of a data file, 26 characters that tell nothing; the same each time it is asked for.
std::string DataFileName(const tenancy::TransferRecord& transfer, std::size_t number);

struct ManifestNames {
  std::string arn, table_arn;  // of the transfer and of its table
};
std::string FilesManifest(const tenancy::TransferRecord& transfer);
std::string SummaryManifest(const tenancy::TransferRecord& transfer, const ManifestNames& names, WallTime ended_at);
// Of a bulk put: how it ended and how many records are in its reports.
std::string BulkPutManifest(const tenancy::TransferRecord& transfer, const ManifestNames& names, WallTime ended_at);
std::string Checksum(std::string_view manifest);  // base64 of the MD5

// "2026-11-25T12:00:00.000Z"
std::string IsoTime(WallTime time);

}  // namespace insula::transfer
