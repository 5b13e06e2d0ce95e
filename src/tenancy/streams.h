// The streams of a context's tables, those that ended lately included, and how long the change logs behind them are
// kept.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "model/table_definition.h"
#include "tenancy/catalog.h"

namespace insula::tenancy {

struct Stream {
  TablePtr table;  // as it is, or as it was when it was deleted
  StreamSettings settings;
  std::string arn;  // the table's, "/stream/", label
};

struct StreamPage {
  std::vector<Stream> streams;
  bool more = false;
};

// Safe from any thread; the catalog outlives it.
class Streams {
 public:
  explicit Streams(Catalog& catalog) : catalog_(catalog) {}

  // ValidationException if it is no stream's ARN; AccessDenied, which names `action` ("dynamodb:GetRecords"), for one
  // of another account or region; ResourceNotFoundException "Requested resource not found: Stream: ARN not found".
  Result<Stream> Find(const Context& context, std::string_view arn, std::string_view action) const;
  // By table name and label, from the first after `exclusive_start` (an ARN; empty: from the beginning), of one table
  // if it is given.
  Result<StreamPage> List(const Context& context, std::optional<std::string_view> table,
                          std::string_view exclusive_start, std::size_t limit) const;

  std::chrono::seconds retention() const;

  // --- the trimmer's ---
  struct Log {
    TablePtr table;
    WallTime kept_since{};  // what was committed before may go
    bool needed = false;    // by a stream or by point in time; if it isn't, kept_since is now
    bool dropped = false;   // the table is gone: so may be the log, once nothing needs it
  };
  // Of every table that has, or once had, a change log.
  std::vector<Log> Logs() const;
  // The engine has dropped a gone table's log, too.
  Task<Result<void>> Forget(TablePtr table);

 private:
  Catalog& catalog_;
};

}  // namespace insula::tenancy
