// What a restored table is to have other than its source.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"
#include "wire/request.h"

namespace insula::operations {

struct RestoreOverrides {
  std::optional<BillingMode> billing_mode;
  std::optional<std::vector<IndexInput>> local_indexes;  // given and empty: none
  std::optional<std::vector<IndexInput>> global_indexes;
  std::optional<std::vector<VectorIndexInput>> vector_indexes;
  std::optional<Throughput> throughput;
  std::optional<OnDemandThroughput> on_demand;
  std::optional<SseInput> sse;
};

// Precondition: the body passed the checks of its shape.
RestoreOverrides ReadRestoreOverrides(wire::StructureView input);

// What can be said of them without the source: ValidationException.
Result<void> CheckRestoreOverrides(const RestoreOverrides& overrides);

// Makes `definition`, which has what the source had, as the overrides say. ValidationException where an index isn't one
// of the source's or throughput is missing; LimitExceededException beyond the quota of `region`.
Result<void> ApplyRestoreOverrides(const RestoreOverrides& overrides, std::string_view region, WallTime now,
                                   TableDefinition* definition);

}  // namespace insula::operations
