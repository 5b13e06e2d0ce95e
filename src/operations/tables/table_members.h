// One member each of a request about a table, where it was given; those of a restore have other names than a table's.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "operations/tables/table_input.h"

namespace insula::operations {

// Precondition of these: the body passed the checks of its shape.
std::optional<Throughput> ReadThroughput(wire::StructureView input, std::string_view field);
std::optional<OnDemandThroughput> ReadOnDemand(wire::StructureView input, std::string_view field);
std::optional<BillingMode> ReadBillingMode(wire::StructureView input, std::string_view field);
std::optional<SseInput> ReadSse(wire::StructureView input, std::string_view field);
std::optional<std::vector<IndexInput>> ReadIndexes(wire::StructureView input, std::string_view field, IndexKind kind);
std::optional<std::vector<VectorIndexInput>> ReadVectorIndexes(wire::StructureView input, std::string_view field);

}  // namespace insula::operations
