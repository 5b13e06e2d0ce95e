// What one context sees of an object store: buckets of its own, and nothing else.
//
// A bucket that a request names is no bucket of the store's, but a folder below the context's root
// ENVIRONMENT/SERVICE/ACCOUNT. The account is the context's stable one: no two contexts share it, and it is never given
// again, so that whoever is called like a tenant that is gone doesn't find what that one left.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "objects/object_store.h"

namespace insula::objects {

// Whether S3 would have a bucket of this name: 3 to 255 letters, digits, dots, dashes and underscores, with a letter or
// digit at both ends.
bool IsBucketName(std::string_view name);

// The root of a context: "prod/catalog/222222222222/".
std::string RootOf(const ContextNames& names, const AccountId& account);

// A store of the objects in one bucket below a root. `store` outlives it. InvalidArgument for what is no bucket's name.
Result<std::unique_ptr<ObjectStore>> OpenBucket(ObjectStore& store, std::string_view root, std::string_view bucket);

}  // namespace insula::objects
