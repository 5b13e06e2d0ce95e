#include "iam/tags.h"

#include <algorithm>

#include "iam/ignoring_case.h"
#include "iam/quotas.h"
#include "iam/refusals.h"

namespace insula::iam {
namespace {

bool KeyLess(const Tag& a, const Tag& b) { return LessIgnoringCase(a.key, b.key); }
bool SameKey(const Tag& a, const Tag& b) { return SameIgnoringCase(a.key, b.key); }

}  // namespace

Result<void> CheckTagKeys(const Tags& tags) {
  Tags sorted = tags;
  std::sort(sorted.begin(), sorted.end(), KeyLess);
  if (std::adjacent_find(sorted.begin(), sorted.end(), SameKey) != sorted.end()) return DuplicateTagKeys();
  return {};
}

Result<Tags> TagsWith(const Tags& tags, const Tags& more) {
  INSULA_TRY(CheckTagKeys(more));
  Tags all = more;
  for (const Tag& tag : tags) {
    const auto replaced = [&](const Tag& other) { return SameKey(tag, other); };
    if (std::none_of(more.begin(), more.end(), replaced)) all.push_back(tag);
  }
  if (all.size() > kTagsMax) return QuotaExceeded("TagsPerResource", kTagsMax);
  std::sort(all.begin(), all.end(), KeyLess);
  return all;
}

Tags TagsWithout(const Tags& tags, const std::vector<std::string>& keys) {
  Tags left;
  for (const Tag& tag : tags) {
    const auto same = [&](const std::string& key) { return SameIgnoringCase(key, tag.key); };
    if (std::none_of(keys.begin(), keys.end(), same)) left.push_back(tag);
  }
  return left;
}

}  // namespace insula::iam
