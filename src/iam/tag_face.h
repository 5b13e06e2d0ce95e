// The tags of users, roles, managed policies and instance profiles, as requests change them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

// T is User, Role, ManagedPolicy or InstanceProfile. `key` is a name, or the ARN of a managed policy; NoSuchEntity if
// there is nothing of that. Safe from any thread; the store outlives it.
template <class T>
class TagFace {
 public:
  explicit TagFace(EntityStore& store) : store_(store) {}

  Task<Result<void>> Put(Realm realm, std::string key, Tags tags);  // InvalidInput, LimitExceeded, ValidationError
  Task<Result<void>> Remove(Realm realm, std::string key, std::vector<std::string> tag_keys);
  Result<Page<Tag>> List(const Realm& realm, std::string_view key, const PageRequest& page) const;

 private:
  EntityStore& store_;
};

extern template class TagFace<User>;
extern template class TagFace<Role>;
extern template class TagFace<ManagedPolicy>;
extern template class TagFace<InstanceProfile>;

}  // namespace insula::iam
