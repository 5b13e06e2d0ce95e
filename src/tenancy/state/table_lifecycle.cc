#include "tenancy/state/table_lifecycle.h"

#include <algorithm>
#include <utility>

namespace insula::tenancy {
namespace {

bool SameExceptIdentity(const IndexSchema& a, const IndexSchema& b) {
  return a.name == b.name && a.kind == b.kind && a.key == b.key && a.projection == b.projection && a.vector == b.vector;
}

bool Same(const IndexSettings& a, const IndexSettings& b) {
  return a.throughput == b.throughput && a.on_demand == b.on_demand && a.warm == b.warm;
}

// Of a table or an index.
template <class Settings>
void NoteThroughputChange(const Settings& before, Settings* after) {
  after->increasing |= after->last_increase_at != before.last_increase_at;
  after->decreasing |= after->last_decrease_at != before.last_decrease_at;
}
template <class Settings>
void SettleThroughput(WallTime now, Settings* settings) {
  if (std::exchange(settings->increasing, false)) settings->last_increase_at = now;
  if (std::exchange(settings->decreasing, false)) settings->last_decrease_at = now;
}

}  // namespace

bool IsPending(const TableDefinition& definition) {
  return definition.status != TableStatus::kActive || definition.ttl.settling;
}

bool TakesEffectLater(const TableDefinition& before, const TableDefinition& after) {
  if (before.schema->log_changes != after.schema->log_changes || before.schema->indexes != after.schema->indexes) {
    return true;
  }
  if (before.billing_mode != after.billing_mode || before.throughput != after.throughput ||
      before.on_demand != after.on_demand || before.warm != after.warm || before.table_class != after.table_class ||
      before.stream.enabled != after.stream.enabled || before.stream.label != after.stream.label) {
    return true;
  }
  return !std::equal(before.index_settings.begin(), before.index_settings.end(), after.index_settings.begin(),
                     after.index_settings.end(), [](const auto& a, const auto& b) {
                       // An index that goes stays in the schema until it is gone.
                       const bool goes = b.second.status == IndexStatus::kDeleting;
                       return a.first == b.first && Same(a.second, b.second) &&
                              goes == (a.second.status == IndexStatus::kDeleting);
                     });
}

bool OnlyGivesUpIndexes(const TableDefinition& before, const TableDefinition& after) {
  TableDefinition kept = after;
  for (const IndexSchema& index : before.schema->indexes) {
    const auto former = before.index_settings.find(index.name);
    const auto now = kept.index_settings.find(index.name);
    if (index.backfilling && former != before.index_settings.end() && now != kept.index_settings.end()) {
      now->second.status = former->second.status;
    }
  }
  return !TakesEffectLater(before, kept);
}

TableDefinition InitialDefinition(TableDefinition given, std::string id, WallTime now, std::uint16_t* next_index_id) {
  given.id = std::move(id);
  given.created_at = now;
  given.status = TableStatus::kCreating;
  if (given.last_on_demand_at) given.last_on_demand_at = now;
  auto schema = std::make_shared<TableSchema>(*given.schema);
  schema->epoch = 1;
  given.ttl.settling = false;  // there are no items yet
  given.ttl.changed_at.reset();
  schema->ttl_attribute = given.ttl.enabled ? given.ttl.attribute_name : "";
  for (IndexSchema& index : schema->indexes) {
    index.id = (*next_index_id)++;
    index.backfilling = false;  // there is nothing yet to fill it from
    if (!index.local()) given.index_settings[index.name].status = IndexStatus::kCreating;
  }
  given.schema = std::move(schema);
  BeginFirstStream(now, &given);
  given.ever_logged = given.schema->log_changes;
  return given;
}

TableDefinition ChangedDefinition(const TableDefinition& before, TableDefinition after, const StreamTimes& times,
                                  std::uint16_t* next_index_id) {
  after.name = before.name;
  after.id = before.id;
  after.created_at = before.created_at;
  after.status = before.status;

  auto schema = std::make_shared<TableSchema>(*before.schema);
  schema->log_changes = after.schema->log_changes;
  bool schema_changed = schema->log_changes != before.schema->log_changes;
  schema->ttl_attribute = after.ttl.enabled ? after.ttl.attribute_name : "";
  if (schema->ttl_attribute != before.schema->ttl_attribute) {
    after.ttl.settling = true;
    schema_changed = true;
  }
  for (const IndexSchema& index : before.schema->indexes) {
    if (after.schema->FindIndex(index.name) != nullptr) continue;
    const auto former = before.index_settings.find(index.name);
    IndexSettings settings = former == before.index_settings.end() ? IndexSettings{} : former->second;
    settings.status = IndexStatus::kDeleting;
    after.index_settings.insert_or_assign(index.name, settings);
    schema_changed = true;
  }
  for (const IndexSchema& index : after.schema->indexes) {
    if (before.schema->FindIndex(index.name) != nullptr) continue;
    IndexSchema added = index;
    added.id = (*next_index_id)++;
    added.backfilling = true;
    schema->indexes.push_back(std::move(added));
    after.index_settings[index.name].status = IndexStatus::kCreating;
    schema_changed = true;
  }
  if (schema_changed) {
    ++schema->epoch;
    after.schema = std::move(schema);
  } else {
    after.schema = before.schema;
  }
  NoteThroughputChange(before, &after);
  for (auto& [name, settings] : after.index_settings) {
    const auto former = before.index_settings.find(name);
    if (former != before.index_settings.end()) NoteThroughputChange(former->second, &settings);
    if (former != before.index_settings.end() && settings.status == IndexStatus::kActive &&
        !Same(former->second, settings)) {
      settings.status = IndexStatus::kUpdating;
    }
  }
  FollowStreams(before, times, &after);
  after.ever_logged = before.ever_logged || after.schema->log_changes;
  if (TakesEffectLater(before, after)) after.status = TableStatus::kUpdating;
  return after;
}

TableDefinition SettledDefinition(const TableDefinition& definition, const ChangeMarks& marks, WallTime now) {
  TableDefinition settled = definition;
  settled.status = TableStatus::kActive;
  settled.ttl.settling = false;
  SettleStreams(marks, &settled);
  SettleThroughput(now, &settled);
  const auto deleting = [&](const std::string& index) {
    const auto found = definition.index_settings.find(index);
    return found != definition.index_settings.end() && found->second.status == IndexStatus::kDeleting;
  };
  auto schema = std::make_shared<TableSchema>(*definition.schema);
  const bool removed =
      std::erase_if(schema->indexes, [&](const IndexSchema& index) { return deleting(index.name); }) > 0;
  bool filled = false;
  for (IndexSchema& index : schema->indexes) filled |= std::exchange(index.backfilling, false);
  if (removed || filled) {
    ++schema->epoch;
    settled.schema = std::move(schema);
  }
  std::erase_if(settled.index_settings,
                [](const auto& entry) { return entry.second.status == IndexStatus::kDeleting; });
  for (auto& [name, settings] : settled.index_settings) {
    settings.status = IndexStatus::kActive;
    SettleThroughput(now, &settings);
  }
  if (removed) ForgetUnusedAttributes(&settled);
  return settled;
}

bool SameKeys(const TableDefinition& a, const TableDefinition& b) {
  if (a.schema->key != b.schema->key) return false;
  const auto covers = [](const TableSchema& one, const TableSchema& other) {
    return std::all_of(one.indexes.begin(), one.indexes.end(), [&](const IndexSchema& index) {
      if (!index.local()) return true;
      const IndexSchema* same = other.FindIndex(index.name);
      return same != nullptr && SameExceptIdentity(index, *same);
    });
  };
  return covers(*a.schema, *b.schema) && covers(*b.schema, *a.schema);
}

std::optional<TableDefinition> UnderTemplate(const TableDefinition& current, const TableDefinition& wanted,
                                             WallTime now) {
  if (!SameKeys(current, wanted)) return std::nullopt;
  TableDefinition merged = current;
  if (wanted.billing_mode == BillingMode::kPayPerRequest && current.billing_mode != wanted.billing_mode) {
    merged.last_on_demand_at = now;
  }
  auto schema = std::make_shared<TableSchema>(*current.schema);
  schema->indexes.clear();
  // An index with another shape under the same name counts as gone in this round and as new in the next: a rollout
  // ends only when nothing differs.
  for (const IndexSchema& index : current.schema->indexes) {
    const IndexSchema* same = wanted.schema->FindIndex(index.name);
    if (same != nullptr && SameExceptIdentity(index, *same)) schema->indexes.push_back(index);
  }
  for (const IndexSchema& index : wanted.schema->indexes) {
    if (current.schema->FindIndex(index.name) == nullptr) schema->indexes.push_back(index);
  }
  schema->log_changes = wanted.stream.enabled || current.point_in_time_days.has_value();
  merged.schema = std::move(schema);
  merged.attribute_definitions = wanted.attribute_definitions;
  merged.billing_mode = wanted.billing_mode;
  merged.throughput = wanted.throughput;
  merged.on_demand = wanted.on_demand;
  merged.warm = wanted.warm;
  for (const auto& [name, settings] : wanted.index_settings) {
    IndexSettings& into = merged.index_settings[name];
    into.throughput = settings.throughput;
    into.on_demand = settings.on_demand;
    into.warm = settings.warm;
  }
  merged.deletion_protection = wanted.deletion_protection;
  merged.table_class = wanted.table_class;
  merged.sse_enabled = wanted.sse_enabled;
  merged.sse_kms_key = wanted.sse_kms_key;
  merged.tags = wanted.tags;
  merged.stream.enabled = wanted.stream.enabled;
  if (wanted.stream.enabled) merged.stream.view = wanted.stream.view;
  merged.ttl.enabled = wanted.ttl.enabled;
  if (wanted.ttl.enabled) merged.ttl.attribute_name = wanted.ttl.attribute_name;
  // Point-in-time recovery is the tenant's own.
  return merged;
}

}  // namespace insula::tenancy
