// FilterSpecification: which items an export has, and what of them.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_FilterSpecification.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Filtered.html
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "expression/expression.h"
#include "model/encoded_item.h"
#include "model/table_definition.h"
#include "wire/request.h"

namespace insula::operations {

struct ExportFilter {
  std::shared_ptr<const expression::Condition> keys, items;  // nullptr: all
  std::optional<expression::ProjectionList> projection;

  // Of an item that changed (of an incremental export), its latest image says: for one that was deleted, the old one.
  bool Admits(const EncodedItem& item) const;
  // What is exported of one that is admitted, or of its other image.
  EncodedItem Project(EncodedItem item) const;
};

// ValidationException, as a Query (where there is a KeyConditionExpression) or a Scan with these parameters would say
// it.
Result<void> CheckExportFilter(wire::StructureView specification, const TableDefinition& definition);

// Of JSON that was checked.
Result<ExportFilter> ReadExportFilter(std::string_view json);

}  // namespace insula::operations
