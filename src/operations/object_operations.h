// Insula's own operations on the data port, for what DynamoDB leaves to S3: a context lists and deletes its objects.
//
//   X-Amz-Target: InsulaObjects_20261129.ListObjects     {"Bucket"?, "Prefix"?, "StartAfter"?}
//     {"Objects":[{"Bucket","Key","Bytes"}…], "More"}
//   X-Amz-Target: InsulaObjects_20261129.DeleteObjects   {"Bucket", "Prefix"?}
//     {"Deleted", "Bytes", "More"}
//
// Signed as DynamoDB's are. A call takes at most ObjectKeeper::kListedMax objects; "More" says that there are others.
#pragma once

#include <string>
#include <string_view>

#include "operations/api.h"
#include "operations/copies/object_keeper.h"

namespace insula::operations {

inline constexpr std::string_view kObjectsTarget = "InsulaObjects_20261129.";

bool IsObjectOperation(std::string_view operation);
// `keeper`: nullptr where there is no place for objects. `body` lives until the task ends. Precondition:
// IsObjectOperation.
Task<ApiResponse> HandleObjectOperation(ObjectKeeper* keeper, std::string_view operation, std::string_view body,
                                        tenancy::Context context);

std::string AnswerOf(const ObjectListing& listing);
std::string AnswerOf(const DeletedObjects& deleted);

}  // namespace insula::operations
