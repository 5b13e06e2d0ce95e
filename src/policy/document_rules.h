// What AWS asks of a policy document beyond its syntax, in AWS's order and words as far as these are known.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "policy/document.h"
#include "policy/document_text.h"

namespace insula::policy {

// All errors are kMalformedPolicyDocument. In this order, each over all statements:
//   Policy document must be version 2012-10-17 or greater.
//   Policy document should not specify a principal.        Has prohibited field Resource
//   Missing required field Principal
//   The policy failed legacy parsing                       "allow" for "Allow"; ARNs that lack parts
//   Statement IDs (SID) must be alpha-numeric. …           Statement IDs (SID) in a single policy must be unique.
//   Policy statement must contain actions.                 Policy statement must contain resources.
//   Resource … must be in ARN format or "*".               Partition "…" is not valid for resource "…".
//   Resource vendor must be fully qualified and cannot contain regexes.
//   IAM resource … cannot contain region information.      Resource … can not contain region information.
//   IAM resource path must either be "*" or start with …
//   Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.
//   Actions/Condition can contain only one colon.          Vendor … is not valid
//   AssumeRole policy may only specify STS AssumeRole actions.
Result<void> CheckDocument(const DocumentText& document, DocumentKind kind);

inline Error MalformedDocument(std::string message) {
  return {ErrorCode::kMalformedPolicyDocument, std::move(message)};
}
inline Error FailedLegacyParsing() { return MalformedDocument("The policy failed legacy parsing"); }

}  // namespace insula::policy
