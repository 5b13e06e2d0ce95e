#include "iam/entities.h"

#include "base/check.h"

namespace insula::iam {

const PolicyVersion* ManagedPolicy::Version(std::int64_t number) const {
  for (const PolicyVersion& version : versions) {
    if (version.number == number) return &version;
  }
  return nullptr;
}

const PolicyVersion& ManagedPolicy::Default() const {
  const PolicyVersion* version = Version(default_version);
  INSULA_CHECK(version != nullptr);
  return *version;
}

}  // namespace insula::iam
