// RocksDB's outcomes as ours.
#pragma once

#include <string_view>

#include <rocksdb/status.h>

#include "base/error.h"

namespace insula::storage::rocks {

// `what` names the attempt: "writing to store 3". Precondition: !status.ok().
Error ErrorFrom(const rocksdb::Status& status, std::string_view what);

// ServiceUnavailable.
Error Stopping();

}  // namespace insula::storage::rocks
