// An entity's tags. Keys are compared whatever their case, and keep the case that they were put with last.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "iam/entities.h"

namespace insula::iam {

// InvalidInput for keys that differ in case alone, or not at all.
Result<void> CheckTagKeys(const Tags& tags);

// `tags` with `more` put over them, in order of keys. InvalidInput as above; LimitExceeded beyond 50.
Result<Tags> TagsWith(const Tags& tags, const Tags& more);
// Keys that aren't there are none to remove.
Tags TagsWithout(const Tags& tags, const std::vector<std::string>& keys);

}  // namespace insula::iam
