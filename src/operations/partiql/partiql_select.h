// SELECT: by key as a get, by key conditions as queries one after another, else as a scan.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "expression/partiql/statement.h"
#include "model/encoded_item.h"
#include "operations/core/table_handle.h"
#include "operations/partiql/partiql_statement.h"
#include "tenancy/catalog/catalog.h"
#include "wire/json_writer.h"

namespace insula::operations {

// What a SELECT's list of columns makes of an item.
class RowWriter {
 public:
  explicit RowWriter(std::vector<partiql::Column> columns);

  void Write(const EncodedItem& item, wire::JsonWriter* writer) const;
  // Top-level attributes, each once, in the order of the text; empty: all. And those that are looked into.
  const std::vector<std::string>& attributes() const { return attributes_; }
  const std::vector<std::string>& nested_attributes() const { return nested_attributes_; }

 private:
  std::vector<partiql::Column> columns_;
  std::vector<std::string> attributes_;
  std::vector<std::string> nested_attributes_;
  std::vector<std::string> selected_;  // attributes_ in byte order
};

struct SelectRequest {
  StatementInput input;
  partiql::SelectStatement statement;          // its columns are the RowWriter's
  std::vector<std::string> attributes;         // that the columns name; empty: all
  std::vector<std::string> nested_attributes;  // those that they look into
  bool consistent = false;
  std::optional<std::uint64_t> limit;  // items evaluated
  std::optional<std::string_view> next_token;
};

struct SelectResult {
  std::vector<EncodedItem> items;         // whole, as far as the index has them
  std::optional<std::string> next_token;  // there may be more
  std::optional<AttributeMap> last_evaluated_key;
};

// That PartiQL doesn't read an index whose key has several hash or several range attributes. The table's other indexes,
// and the table itself, it does.
Result<void> CheckIndexIsReadable(const IndexSchema& index);
// What the parser has left to be told after that.
Result<void> CheckColumns(const partiql::SelectStatement& statement);

// One page: up to 1 MB, or `limit`. `table` outlives the task.
Task<Result<SelectResult>> RunSelect(Call& call, TableHandle& table, SelectRequest request);

}  // namespace insula::operations
