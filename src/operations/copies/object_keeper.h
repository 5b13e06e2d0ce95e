// The objects of a context, for it and for the operator to list and to delete: what exports left behind takes room that
// is the context's to give back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "base/result.h"
#include "base/task.h"
#include "objects/object_store.h"
#include "tenancy/identity/context.h"

namespace insula::operations {

struct ObjectListing {
  struct Object {
    std::string bucket;
    std::string key;
    std::uint64_t bytes = 0;
  };
  std::vector<Object> objects;  // in order of bucket and key
  bool more = false;
};

struct DeletedObjects {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  bool more = false;  // there are others yet: the same call goes on
};

// Safe from any thread. The store's calls block, so they are made on a thread of its own.
class ObjectKeeper {
 public:
  static constexpr std::size_t kListedMax = 1'000;
  static constexpr std::size_t kDeletedMax = 1'000;  // in one call

  // `one_context`: buckets are right below the place, else below the context's root. `store` outlives the keeper.
  ObjectKeeper(objects::ObjectStore& store, bool one_context) : store_(store), one_context_(one_context) {}
  ~ObjectKeeper() { pool_.join(); }

  // Of one bucket, or of all where it is empty: those whose key (where it is empty: bucket/key) begins with `prefix`
  // and comes after `after`. AccessDenied for an operator's context; InvalidArgument; errors of the store.
  Task<Result<ObjectListing>> List(tenancy::Context context, std::string bucket, std::string prefix, std::string after);
  // Those of one bucket whose key begins with `prefix`; all where it is empty. Not while something is written there by
  // the same context: what comes after the list stays.
  Task<Result<DeletedObjects>> Delete(tenancy::Context context, std::string bucket, std::string prefix);

 private:
  Result<std::string> RootOf(const tenancy::Context& context) const;
  Result<ObjectListing> ListBlocking(const tenancy::Context& context, const std::string& bucket,
                                     const std::string& prefix, const std::string& after) const;
  Result<DeletedObjects> DeleteBlocking(const tenancy::Context& context, const std::string& bucket,
                                        const std::string& prefix) const;

  objects::ObjectStore& store_;
  const bool one_context_;
  boost::asio::thread_pool pool_{1};
};

}  // namespace insula::operations
