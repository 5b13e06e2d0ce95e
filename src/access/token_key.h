// The key that tokens and iterators are sealed with (NextToken, shard iterators): made once for an organization and
// kept as a record, so that what clients hold stays good across restarts and on every gateway.
#pragma once

#include <string>

#include "access/master_key.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::access {

// 32 bytes. Made if there is none; sealed anew under the current master key if an older one sealed it. Where no key of
// the ring opens it, a new one takes its place: tokens that clients hold are refused then.
Task<Result<std::string>> LoadTokenKey(RecordStore& records, const Keyring& keyring);

}  // namespace insula::access
