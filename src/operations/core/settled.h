// The end of an operation that leaves work behind: its answer says CREATING, UPDATING or DELETING, as DynamoDB's does,
// but is sent when the engine has followed, or has been waited for long enough (ApiOptions::settle_wait_max).
#pragma once

#include "operations/core/call.h"

namespace insula::operations {

// For what was done to `table`, one of the caller's.
inline Task<void> AwaitSettled(const Call& call, tenancy::TablePtr table) {
  tenancy::Context context = call.context();
  co_await call.services.catalog.AwaitSettled(std::move(context), std::move(table),
                                              call.services.options.settle_wait_max);
}
inline Task<void> AwaitMade(const Call& call, tenancy::BackupPtr backup) {
  co_await call.services.catalog.backups().AwaitMade(std::move(backup), call.services.options.settle_wait_max);
}

}  // namespace insula::operations
