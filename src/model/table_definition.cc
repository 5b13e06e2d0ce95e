#include "model/table_definition.h"

#include <set>

#include "base/check.h"

namespace insula {

std::string_view NameOf(TableStatus status) {
  switch (status) {
    case TableStatus::kCreating:
      return "CREATING";
    case TableStatus::kUpdating:
      return "UPDATING";
    case TableStatus::kActive:
      return "ACTIVE";
    case TableStatus::kDeleting:
      return "DELETING";
  }
  INSULA_CHECK(false);
}

std::string_view NameOf(IndexStatus status) {
  switch (status) {
    case IndexStatus::kCreating:
      return "CREATING";
    case IndexStatus::kUpdating:
      return "UPDATING";
    case IndexStatus::kActive:
      return "ACTIVE";
    case IndexStatus::kDeleting:
      return "DELETING";
  }
  INSULA_CHECK(false);
}

std::string_view NameOf(BillingMode mode) {
  switch (mode) {
    case BillingMode::kProvisioned:
      return "PROVISIONED";
    case BillingMode::kPayPerRequest:
      return "PAY_PER_REQUEST";
  }
  INSULA_CHECK(false);
}

std::string_view StatusOf(const TimeToLive& ttl) {
  if (ttl.settling) return ttl.enabled ? "ENABLING" : "DISABLING";
  return ttl.enabled ? "ENABLED" : "DISABLED";
}

std::string_view NameOf(StreamViewType type) {
  switch (type) {
    case StreamViewType::kKeysOnly:
      return "KEYS_ONLY";
    case StreamViewType::kNewImage:
      return "NEW_IMAGE";
    case StreamViewType::kOldImage:
      return "OLD_IMAGE";
    case StreamViewType::kNewAndOldImages:
      return "NEW_AND_OLD_IMAGES";
  }
  INSULA_CHECK(false);
}

std::string_view NameOf(ContributorInsightsMode mode) {
  switch (mode) {
    case ContributorInsightsMode::kAccessedAndThrottledKeys:
      return "ACCESSED_AND_THROTTLED_KEYS";
    case ContributorInsightsMode::kThrottledKeys:
      return "THROTTLED_KEYS";
  }
  INSULA_CHECK(false);
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
