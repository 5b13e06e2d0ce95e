// The streams of a context's tables, those that ended lately included.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/table_definition.h"
#include "tenancy/catalog/catalog.h"

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

 private:
  Catalog& catalog_;
};

}  // namespace insula::tenancy
