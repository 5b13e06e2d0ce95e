// What a client reads of a denied request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
#pragma once

#include <string>

#include "policy/evaluate.h"

namespace insula::policy {

// "User: arn:… is not authorized to perform: dynamodb:GetItem on resource: arn:… because no identity-based policy
// allows the dynamodb:GetItem action". Precondition: `verdict` is a denial.
std::string DenialMessage(const Principal& principal, const Request& request, Verdict verdict);

}  // namespace insula::policy
