#include "operations/copies/object_keeper.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>
#include <variant>

#include "objects/context_objects.h"

namespace insula::operations {
namespace {

template <class Work, class Value>
Task<void> RunInto(Work work, std::optional<Value>* value) {
  value->emplace(work());
  co_return;
}

// Runs blocking work on the pool, and goes on where the caller was.
template <class Work>
auto On(boost::asio::thread_pool& pool, Work work) -> Task<decltype(work())> {
  std::optional<decltype(work())> value;
  Task<void> running = RunInto(std::move(work), &value);
  co_await boost::asio::co_spawn(pool.get_executor(), std::move(running), boost::asio::use_awaitable);
  co_return *std::move(value);
}

}  // namespace

Result<std::string> ObjectKeeper::RootOf(const tenancy::Context& context) const {
  const ContextNames* names = tenancy::NamesOf(context);
  if (names == nullptr) return Error(ErrorCode::kAccessDenied, "An operator's key has no objects of its own");
  if (one_context_) return std::string();
  return objects::RootOf(*names, tenancy::AccountOf(context));
}

Task<Result<ObjectListing>> ObjectKeeper::List(tenancy::Context context, std::string bucket, std::string prefix,
                                               std::string after) {
  auto work = [&] { return ListBlocking(context, bucket, prefix, after); };
  co_return co_await On(pool_, std::move(work));
}

Task<Result<DeletedObjects>> ObjectKeeper::Delete(tenancy::Context context, std::string bucket, std::string prefix) {
  auto work = [&] { return DeleteBlocking(context, bucket, prefix); };
  co_return co_await On(pool_, std::move(work));
}

Result<ObjectListing> ObjectKeeper::ListBlocking(const tenancy::Context& context, const std::string& bucket,
                                                 const std::string& prefix, const std::string& after) const {
  INSULA_ASSIGN(const std::string root, RootOf(context));
  if (!bucket.empty() && !objects::IsBucketName(bucket)) {
    return Error(ErrorCode::kInvalidArgument, "'" + bucket + "' is no bucket's name");
  }
  const std::string front = bucket.empty() ? root : root + bucket + "/";
  INSULA_ASSIGN(const objects::ObjectPage page,
                store_.List(front + prefix, after.empty() ? "" : front + after, kListedMax));
  ObjectListing listing;
  listing.more = page.more;
  for (const objects::ObjectInfo& object : page.objects) {
    const std::string below = object.key.substr(root.size());
    const std::size_t slash = below.find('/');
    if (slash == std::string::npos) continue;  // not in a bucket
    listing.objects.push_back({below.substr(0, slash), below.substr(slash + 1), object.size});
  }
  return listing;
}

Result<DeletedObjects> ObjectKeeper::DeleteBlocking(const tenancy::Context& context, const std::string& bucket,
                                                    const std::string& prefix) const {
  INSULA_ASSIGN(const std::string root, RootOf(context));
  INSULA_ASSIGN(const auto objects, objects::OpenBucket(store_, root, bucket));
  INSULA_ASSIGN(const objects::ObjectPage page, objects->List(prefix, "", kDeletedMax));
  DeletedObjects deleted;
  deleted.more = page.more;
  for (const objects::ObjectInfo& object : page.objects) {
    INSULA_TRY(objects->Delete(object.key));
    ++deleted.count;
    deleted.bytes += object.size;
  }
  return deleted;
}

}  // namespace insula::operations
