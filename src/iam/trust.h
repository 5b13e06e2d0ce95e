// Trust policies: who may assume a role. They name users and roles by ARN, and mean those that have the ARN when the
// policy is put: a later one of the same name isn't trusted. So a name that changes is changed in them, and one that is
// deleted becomes its unique id, as AWS does it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/realm.h"

namespace insula::iam {

// A trust policy as a request gives it. MalformedPolicyDocument, also if it names another account than the realm's, or
// a user or role that is neither in `now` nor in `shared`, the account's across services; LimitExceeded.
Result<PolicyText> CompileTrust(const Snapshot& now, const Snapshot& shared, const Realm& realm, std::string text);

// Puts `to`, an ARN or a unique id, in the place of the ARN `from` in every trust policy of the change's scope: as
// steps of the change, or, where they are too many for one, committed before it.
Task<Result<void>> RenameInTrusts(EntityChange* change, std::string from, std::string to);

}  // namespace insula::iam
