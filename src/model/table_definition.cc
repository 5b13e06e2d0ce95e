#include "model/table_definition.h"

#include <set>

#include "base/enum_names.h"

namespace insula {

namespace {

constexpr std::string_view kStatuses[] = {"CREATING", "UPDATING", "ACTIVE", "DELETING"};
constexpr std::string_view kBillingModes[] = {"PROVISIONED", "PAY_PER_REQUEST"};
constexpr std::string_view kViewTypes[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr std::string_view kInsightsModes[] = {"ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"};

}  // namespace

std::span<const std::string_view> AllNames(TableStatus) { return kStatuses; }
std::span<const std::string_view> AllNames(IndexStatus) { return kStatuses; }
std::span<const std::string_view> AllNames(BillingMode) { return kBillingModes; }
std::span<const std::string_view> AllNames(StreamViewType) { return kViewTypes; }
std::span<const std::string_view> AllNames(ContributorInsightsMode) { return kInsightsModes; }

std::string_view NameOf(TableStatus status) { return NameFromTable(status); }
std::string_view NameOf(IndexStatus status) { return NameFromTable(status); }
std::string_view NameOf(BillingMode mode) { return NameFromTable(mode); }
std::string_view NameOf(StreamViewType type) { return NameFromTable(type); }
std::string_view NameOf(ContributorInsightsMode mode) { return NameFromTable(mode); }

std::string_view StatusOf(const TimeToLive& ttl) {
  if (ttl.settling) return ttl.enabled ? "ENABLING" : "DISABLING";
  return ttl.enabled ? "ENABLED" : "DISABLED";
}

const IndexSchema* FindLiveIndex(const TableDefinition& definition, std::string_view name) {
  const auto settings = definition.index_settings.find(std::string(name));
  if (settings != definition.index_settings.end() && settings->second.status == IndexStatus::kDeleting) return nullptr;
  return definition.schema->FindIndex(name);
}

void ForgetUnusedAttributes(TableDefinition* definition) {
  std::set<std::string> used;
  const auto use = [&](const std::vector<KeyAttribute>& attributes) {
    for (const KeyAttribute& attribute : attributes) used.insert(attribute.name);
  };
  use(definition->schema->key.hash);
  use(definition->schema->key.range);
  for (const IndexSchema& index : definition->schema->indexes) {
    use(index.key.hash);
    use(index.key.range);
    use(index.vector.filters);
  }
  std::erase_if(definition->attribute_definitions,
                [&](const KeyAttribute& attribute) { return !used.contains(attribute.name); });
}

}  // namespace insula
