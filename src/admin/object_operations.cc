// Any context's objects: what its exports wrote, and what imports read.
#include "operations/object_operations.h"
#include "admin/call.h"
#include "operations/copies/object_keeper.h"

namespace insula::admin {
namespace {

Result<operations::ObjectKeeper*> KeeperOf(const Call& call) {
  if (call.services.objects != nullptr) return call.services.objects;
  return Error(ErrorCode::kFailedPrecondition,
               "There is no place for objects: objects.directory or objects.s3_endpoint would name one");
}

Task<Result<std::string>> ListObjects(Call& call) {
  INSULA_CO_ASSIGN(operations::ObjectKeeper* const keeper, KeeperOf(call));
  INSULA_CO_ASSIGN(tenancy::Context context, call.ActiveContext());
  INSULA_CO_ASSIGN(const std::optional<std::string> bucket, call.OptionalText("Bucket"));
  INSULA_CO_ASSIGN(const std::optional<std::string> prefix, call.OptionalText("Prefix"));
  INSULA_CO_ASSIGN(const std::optional<std::string> after, call.OptionalText("StartAfter"));
  std::string name = bucket.value_or(""), front = prefix.value_or(""), start = after.value_or("");
  INSULA_CO_ASSIGN(const operations::ObjectListing listing,
                   co_await keeper->List(std::move(context), std::move(name), std::move(front), std::move(start)));
  co_return operations::AnswerOf(listing);
}

// All of them, call by call.
Task<Result<std::string>> DeleteObjects(Call& call) {
  INSULA_CO_ASSIGN(operations::ObjectKeeper* const keeper, KeeperOf(call));
  INSULA_CO_ASSIGN(const tenancy::Context context, call.ActiveContext());
  INSULA_CO_ASSIGN(const std::string bucket, call.Text("Bucket"));
  INSULA_CO_ASSIGN(const std::optional<std::string> prefix, call.OptionalText("Prefix"));
  operations::DeletedObjects all;
  do {
    tenancy::Context of_bucket = context;
    std::string name = bucket, front = prefix.value_or("");
    INSULA_CO_ASSIGN(const operations::DeletedObjects deleted,
                     co_await keeper->Delete(std::move(of_bucket), std::move(name), std::move(front)));
    all.count += deleted.count;
    all.bytes += deleted.bytes;
    all.more = deleted.more && deleted.count > 0;
  } while (all.more);
  co_return operations::AnswerOf(all);
}

}  // namespace

std::span<const AdminOperation> ObjectOperations() {
  static constexpr std::string_view kList[] = {"Environment", "Service", "Tenant", "Bucket", "Prefix", "StartAfter"};
  static constexpr std::string_view kDelete[] = {"Environment", "Service", "Tenant", "Bucket", "Prefix"};
  static constexpr AdminOperation kOperations[] = {{"ListObjects", ListObjects, kList},
                                                   {"DeleteObjects", DeleteObjects, kDelete}};
  return kOperations;
}

}  // namespace insula::admin
