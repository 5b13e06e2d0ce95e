#include "storage/rocks/status.h"

#include <fmt/format.h>

#include "base/check.h"

namespace insula::storage::rocks {

Error ErrorFrom(const rocksdb::Status& status, std::string_view what) {
  INSULA_CHECK(!status.ok());
  ErrorCode code = ErrorCode::kInternalServerError;
  if (status.IsNoSpace()) {
    code = ErrorCode::kStorageFull;
  } else if (status.IsCorruption()) {
    code = ErrorCode::kCorruption;
  } else if (status.IsIOError()) {
    code = ErrorCode::kIo;
  }
  return {code, fmt::format("{}: {}", what, status.ToString())};
}

Error Stopping() { return {ErrorCode::kServiceUnavailable, "The server is stopping"}; }

}  // namespace insula::storage::rocks
