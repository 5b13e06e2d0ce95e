#include "operations/insights/insights.h"

#include <fmt/format.h>

#include <chrono>

namespace insula::operations {
namespace {

const IndexSchema* FindGlobal(const TableDefinition& definition, std::string_view index) {
  const IndexSchema* schema = FindLiveIndex(definition, index);
  const bool known = schema != nullptr && schema->global() && definition.index_settings.contains(std::string(index));
  return known ? schema : nullptr;
}

void Follow(Incarnation table, std::optional<std::uint16_t> index, const ContributorInsights& insights,
            metering::Contributors* contributors) {
  if (insights.enabled) {
    contributors->Watch(table, index, insights.mode);
  } else if (contributors->watching()) {
    contributors->Forget(table, index);
  }
}

}  // namespace

void FollowInsights(const tenancy::Table& table, metering::Contributors* contributors) {
  if (table.pooled) return;  // an operator's view: its parts have settings of their own
  const TableDefinition& definition = table.definition;
  const Incarnation incarnation = table.ref.incarnation();
  Follow(incarnation, std::nullopt, definition.insights, contributors);
  for (const IndexSchema& index : definition.schema->indexes) {
    if (const ContributorInsights* insights = InsightsOf(definition, index.name)) {
      Follow(incarnation, index.id, *insights, contributors);
    }
  }
}

void ForgetDroppedIndexes(const tenancy::TableRef& table, metering::Contributors* contributors) {
  const auto watched = contributors->watching() ? contributors->Find(table.incarnation()) : nullptr;
  if (watched == nullptr) return;
  for (const auto& resource : watched->resources) {
    if (resource.index && table.schema().FindIndex(*resource.index) == nullptr) {
      contributors->Forget(table.incarnation(), resource.index);
    }
  }
}

const ContributorInsights* InsightsOf(const TableDefinition& definition, std::optional<std::string_view> index) {
  if (!index) return &definition.insights;
  if (FindGlobal(definition, *index) == nullptr) return nullptr;
  return &definition.index_settings.find(std::string(*index))->second.insights;
}

ContributorInsights* InsightsOf(TableDefinition* definition, std::optional<std::string_view> index) {
  return const_cast<ContributorInsights*>(InsightsOf(std::as_const(*definition), index));
}

std::vector<std::string> InsightRules(const TableDefinition& definition, std::optional<std::string_view> index) {
  const ContributorInsights* insights = InsightsOf(definition, index);
  std::vector<std::string> rules;
  if (insights == nullptr || !insights->enabled) return rules;
  const KeySchema& key = index ? FindGlobal(definition, *index)->key : definition.schema->key;
  const auto since = std::chrono::floor<std::chrono::milliseconds>(insights->enabled_at->time_since_epoch()).count();
  const auto add = [&](std::string_view rule) {
    rules.push_back(fmt::format("DynamoDBContributorInsights-{}-{}{}{}-{}", rule, definition.name, index ? "-" : "",
                                index.value_or(""), since));
  };
  const bool accessed = insights->mode == ContributorInsightsMode::kAccessedAndThrottledKeys;
  if (accessed) add("PKC");
  add("PKT");
  if (key.range.empty()) return rules;
  if (accessed) add("SKC");
  add("SKT");
  return rules;
}

bool ChangeInsights(bool enable, std::optional<ContributorInsightsMode> mode, WallTime now,
                    ContributorInsights* insights) {
  const ContributorInsightsMode wanted = mode.value_or(ContributorInsightsMode::kAccessedAndThrottledKeys);
  if (enable ? insights->enabled && insights->mode == wanted : !insights->enabled) return false;
  if (enable) {
    if (!insights->enabled) insights->enabled_at = now;
    insights->mode = wanted;
  }
  insights->enabled = enable;
  insights->updated_at = now;
  return true;
}

}  // namespace insula::operations
