#include "operations/copies/export_filter.h"

#include <utility>

#include "operations/core/parameters.h"
#include "operations/pages/page_parameters.h"
#include "operations/pages/page_plan.h"
#include "wire/shapes.h"

namespace insula::operations {

bool ExportFilter::Admits(const EncodedItem& item) const {
  return (keys == nullptr || keys->Evaluate(item)) && (items == nullptr || items->Evaluate(item));
}

EncodedItem ExportFilter::Project(EncodedItem item) const {
  return projection ? projection->Apply(item) : std::move(item);
}

Result<void> CheckExportFilter(wire::StructureView specification, const TableDefinition& definition) {
  INSULA_ASSIGN(const PageParameters parameters, DecodeExportFilter(specification));
  const auto plan = parameters.key_condition ? PlanQuery(parameters, definition) : PlanScan(parameters, definition);
  return plan.ok() ? Result<void>() : plan.error();
}

Result<ExportFilter> ReadExportFilter(std::string_view json) {
  INSULA_ASSIGN(const wire::Request request, wire::DecodeRequest(json, wire::shapes::FilterSpecification()));
  const wire::StructureView specification = request.root();
  INSULA_ASSIGN(expression::Placeholders placeholders, PlaceholdersOf(specification));
  ExportFilter filter;
  // Whatever a key condition may be is a condition, too.
  INSULA_ASSIGN(filter.keys, ConditionOf(specification, "KeyConditionExpression", placeholders));
  INSULA_ASSIGN(filter.items, ConditionOf(specification, "FilterExpression", placeholders));
  INSULA_ASSIGN(filter.projection, ProjectionOf(specification, placeholders));
  return filter;
}

}  // namespace insula::operations
