// What ExportTableToPointInTime, ImportTable and the operations that describe and list them have in common.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "operations/pipeline.h"
#include "tenancy/transfers.h"
#include "wire/json_writer.h"

namespace insula::operations {

// ValidationException where the server has no place for objects.
Result<void> CheckHasObjects(const Call& call);

// The prefix as it is kept: without the slash at its end, and a start of keys. ValidationException for what leads
// elsewhere ("..", an empty part) or is no text of a key.
Result<std::string> PrefixOf(std::string_view parameter, std::string_view prefix);

// The parameters in one text, to tell requests with the same client token apart: the body without the token.
std::string FingerprintOf(wire::StructureView input);

// {"ExportDescription":{…}} and {"ImportTableDescription":{…}}
std::string ExportAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer);
std::string ImportAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer);

// The members of S3BucketSource, in an object.
void WriteBucketSource(const tenancy::TransferRecord& transfer, wire::JsonWriter* writer);

}  // namespace insula::operations
