#include "operations/copies/restore_overrides.h"

#include <algorithm>
#include <map>
#include <set>

#include "operations/core/refusal.h"
#include "operations/tables/index_rules.h"
#include "operations/tables/settings_rules.h"
#include "operations/tables/table_members.h"
#include "operations/tables/throughput_rules.h"
#include "operations/tables/vector_index_change.h"
#include "operations/tables/vector_index_rules.h"

namespace insula::operations {
namespace {

template <class Input>
const Input* FindIndex(const std::optional<std::vector<Input>>& indexes, std::string_view name) {
  if (!indexes) return nullptr;
  const auto found = std::ranges::find(*indexes, name, &Input::name);
  return found == indexes->end() ? nullptr : &*found;
}

Result<void> CheckIndexOverrides(const std::vector<IndexInput>& indexes, std::set<std::string>* names) {
  for (const IndexInput& index : indexes) {
    INSULA_TRY(CheckIndexName(index.name, names));
    INSULA_TRY(CheckIndexProjection(index.projection, index.non_key_attributes));
    if (index.warm) return Invalid("WarmThroughput is not supported for index: {}", index.name);
  }
  return {};
}

bool SameProjection(Projection a, Projection b) {
  std::ranges::sort(a.non_key_attributes);
  std::ranges::sort(b.non_key_attributes);
  return a == b;
}

// Whether all elements of a key or search schema are attributes that the source defines.
bool AllDefined(const auto& elements, const std::vector<KeyAttribute>& known) {
  return std::ranges::all_of(elements,
                             [&](const auto& element) { return FindDefinition(known, element.name) != nullptr; });
}

bool SameIndex(const IndexInput& given, const IndexSchema& index, const TableDefinition& definition) {
  const std::vector<KeyAttribute>& known = definition.attribute_definitions;
  if (!AllDefined(given.keys, known)) return false;
  const IndexSchema wanted = IndexSchemaOf(given, index.kind, known);
  return wanted.key == index.key && SameProjection(wanted.projection, index.projection);
}

bool SameIndex(const VectorIndexInput& given, const IndexSchema& index, const TableDefinition& definition) {
  const std::vector<KeyAttribute>& known = definition.attribute_definitions;
  if (!AllDefined(given.search_schema, known)) return false;
  const IndexSchema wanted = VectorIndexSchemaOf(given, known);
  return wanted.key == index.key && wanted.vector == index.vector &&
         SameProjection(wanted.projection, index.projection);
}

// Leaves the indexes that are asked for, each of which must be one of the source's by its keys and projection. Its name
// may be another; of several that are alike, the one that has it is meant.
template <class Input>
Result<void> KeepIndexes(const std::optional<std::vector<Input>>& wanted, IndexKind kind, TableDefinition* definition) {
  if (!wanted) return {};
  std::vector<IndexSchema> of_kind, kept;
  for (const IndexSchema& index : definition->schema->indexes) (index.kind == kind ? of_kind : kept).push_back(index);
  std::map<std::string, IndexSettings> settings;
  for (const Input& given : *wanted) {
    const auto matches = [&](const IndexSchema& index) { return SameIndex(given, index, *definition); };
    auto match =
        std::ranges::find_if(of_kind, [&](const IndexSchema& i) { return i.name == given.name && matches(i); });
    if (match == of_kind.end()) match = std::ranges::find_if(of_kind, matches);
    if (match == of_kind.end()) {
      return InvalidRequest(
          "Index {} does not match a secondary index that existed in the source table and cannot be created during the "
          "restore operation",
          given.name);
    }
    if (auto found = definition->index_settings.extract(match->name)) settings[given.name] = std::move(found.mapped());
    kept.push_back(std::move(*match));
    kept.back().name = given.name;
    of_kind.erase(match);
  }
  for (const IndexSchema& left_out : of_kind) definition->index_settings.erase(left_out.name);
  definition->index_settings.merge(settings);
  auto schema = std::make_shared<TableSchema>(*definition->schema);
  schema->indexes = std::move(kept);
  definition->schema = std::move(schema);
  return {};
}

Result<void> CheckOnDemandOverride(const OnDemandThroughput& given, bool on_demand) {
  const auto check = [&](std::string_view name, const std::optional<std::int64_t>& value) -> Result<void> {
    if (!value) return {};
    if (!on_demand) {
      return InvalidRequest("Cannot override {} for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST",
                            name);
    }
    if (*value < 1) return InvalidRequest("Requested {} for OnDemandThroughput is outside of valid range", name);
    return {};
  };
  INSULA_TRY(check("MaxReadRequestUnits", given.max_read));
  return check("MaxWriteRequestUnits", given.max_write);
}

Result<void> ApplyThroughput(const RestoreOverrides& overrides, std::string_view region, WallTime now,
                             TableDefinition* definition) {
  const bool on_demand = definition->billing_mode == BillingMode::kPayPerRequest;
  if (on_demand) {
    if (overrides.throughput) {
      return InvalidRequest("Cannot override ProvisionedThroughput {}",
                            overrides.billing_mode ? "if BillingMode is overridden to PAY_PER_REQUEST"
                                                   : "unless BillingMode is PROVISIONED");
    }
    definition->throughput = {};
    definition->last_on_demand_at = now;
  } else {
    if (overrides.billing_mode && !overrides.throughput) {
      return InvalidRequest("Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
    }
    if (overrides.throughput) definition->throughput = *overrides.throughput;
    INSULA_TRY(CheckRepresentable(definition->throughput));
    definition->on_demand.reset();
  }
  if (overrides.on_demand) {
    INSULA_TRY(CheckOnDemandOverride(*overrides.on_demand, on_demand));
    definition->on_demand = overrides.on_demand;
  }
  for (auto& [name, settings] : definition->index_settings) {
    const IndexInput* given = FindIndex(overrides.global_indexes, name);
    if (on_demand) {
      if (given != nullptr && given->throughput) {
        return InvalidRequest(
            "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST for index {}", name);
      }
      settings.throughput = {};
    } else {
      if (given != nullptr) settings.throughput = given->throughput.value_or(Throughput());
      if (settings.throughput.read == 0 || settings.throughput.write == 0) {
        return InvalidRequest("Must specify provisioned throughput for index {}", name);
      }
      settings.on_demand.reset();
      INSULA_TRY(CheckCapacityMaximum(settings.throughput, name, region));
    }
    if (given != nullptr && given->on_demand) {
      INSULA_TRY(CheckOnDemand(*given->on_demand, definition->billing_mode, name, false));
      settings.on_demand = given->on_demand;
    }
    settings.warm = WarmOf(std::nullopt, definition->billing_mode, settings.throughput);
  }
  definition->warm = WarmOf(std::nullopt, definition->billing_mode, definition->throughput);
  return on_demand ? Result<void>() : CheckCapacityMaximum(definition->throughput, "", region);
}

}  // namespace

RestoreOverrides ReadRestoreOverrides(wire::StructureView input) {
  RestoreOverrides overrides;
  overrides.billing_mode = ReadBillingMode(input, "BillingModeOverride");
  overrides.local_indexes = ReadIndexes(input, "LocalSecondaryIndexOverride", IndexKind::kLocal);
  overrides.global_indexes = ReadIndexes(input, "GlobalSecondaryIndexOverride", IndexKind::kGlobal);
  overrides.vector_indexes = ReadVectorIndexes(input, "VectorIndexOverride");
  overrides.throughput = ReadThroughput(input, "ProvisionedThroughputOverride");
  overrides.on_demand = ReadOnDemand(input, "OnDemandThroughputOverride");
  overrides.sse = ReadSse(input, "SSESpecificationOverride");
  return overrides;
}

Result<void> CheckRestoreOverrides(const RestoreOverrides& overrides) {
  std::set<std::string> names;
  if (overrides.local_indexes) INSULA_TRY(CheckIndexOverrides(*overrides.local_indexes, &names));
  if (overrides.global_indexes) INSULA_TRY(CheckIndexOverrides(*overrides.global_indexes, &names));
  if (overrides.vector_indexes) {
    for (const VectorIndexInput& index : *overrides.vector_indexes) {
      INSULA_TRY(CheckIndexName(index.name, &names));
      INSULA_TRY(CheckIndexProjection(index.projection, index.non_key_attributes));
    }
  }
  if (overrides.sse) INSULA_TRY(CheckSse(*overrides.sse));
  return {};
}

Result<void> ApplyRestoreOverrides(const RestoreOverrides& overrides, std::string_view region, WallTime now,
                                   TableDefinition* definition) {
  INSULA_TRY(KeepIndexes(overrides.local_indexes, IndexKind::kLocal, definition));
  INSULA_TRY(KeepIndexes(overrides.global_indexes, IndexKind::kGlobal, definition));
  INSULA_TRY(KeepIndexes(overrides.vector_indexes, IndexKind::kVector, definition));
  ForgetUnusedAttributes(definition);
  if (overrides.billing_mode) definition->billing_mode = *overrides.billing_mode;
  if (definition->billing_mode != BillingMode::kPayPerRequest && HasVectorIndexes(*definition)) {
    return VectorIndexesNeedPayPerRequest();
  }
  INSULA_TRY(ApplyThroughput(overrides, region, now, definition));
  if (overrides.sse) {
    definition->sse_enabled = overrides.sse->enabled.value_or(false);
    definition->sse_kms_key = definition->sse_enabled ? overrides.sse->kms_key : std::nullopt;
  }
  return {};
}

}  // namespace insula::operations
