// FilterSpecification: which items an export has, and what of them.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_FilterSpecification.html
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

  bool Admits(const EncodedItem& item) const;
};

// ValidationException, as a Query (where there is a KeyConditionExpression) or a Scan with these parameters would say
// it.
Result<void> CheckExportFilter(wire::StructureView specification, const TableDefinition& definition);

// Of JSON that was checked.
Result<ExportFilter> ReadExportFilter(std::string_view json);

}  // namespace insula::operations
