// What ExportTableToPointInTime, ImportTable, StartBulkPutItems and the operations that describe and list what they
// begin have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "operations/core/call.h"
#include "tenancy/faces/transfers.h"
#include "wire/json_writer.h"

namespace insula::operations {

// ValidationException where the server has no place for objects.
Result<void> CheckHasObjects(const Call& call);

// The prefix as it is kept: without the slash at its end, and a start of keys. ValidationException for what leads
// elsewhere ("..", an empty part) or is no text of a key.
Result<std::string> PrefixOf(std::string_view parameter, std::string_view prefix);

// The parameters in one text, to tell requests with the same client token apart: the body without the token.
std::string FingerprintOf(wire::StructureView input);

// A page of the caller's transfers, `size` at most, of one table where that is given. A token is the id that the page
// before ended with; it opens nothing: whatever is asked for is looked up among the caller's own.
Result<tenancy::TransferPage> PageOf(const Call& call, tenancy::TransferKind kind,
                                     std::optional<std::string_view> table_arn, std::int64_t size);
// {"MEMBER":[{…},…],"NextToken":"…"}: `write` gives the members of each.
std::string ListAnswer(std::string_view member, const tenancy::TransferPage& page,
                       const std::function<void(const tenancy::TransferRecord&, wire::JsonWriter*)>& write);

// {"ExportDescription":{…}}, {"ImportTableDescription":{…}} and {"BulkOperationDescription":{…}}
std::string ExportAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer);
std::string ImportAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer);
std::string BulkOperationAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer);

void WriteCount(std::string_view name, std::uint64_t value, wire::JsonWriter* writer);

// StartTime, EndTime, ClientToken, FailureCode and FailureMessage, as far as there are any.
void WriteTimesAndEnd(const tenancy::TransferRecord& transfer, wire::JsonWriter* writer);

// The members of S3BucketSource, in an object.
void WriteBucketSource(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer,
                       wire::JsonWriter* writer);

}  // namespace insula::operations
