// Contributor insights of a table and its global indexes: the setting, by resource, and who follows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metering/contributors.h"
#include "model/table_definition.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

// Makes what is watched of the table what its definition says: at the start, and after each change.
void FollowInsights(const tenancy::Table& table, metering::Contributors* contributors);

// What was seen of the table's indexes that aren't in its schema any more goes.
void ForgetDroppedIndexes(const tenancy::TableRef& table, metering::Contributors* contributors);

// The setting of the table, or of one of its indexes; nullptr if it has none of that name that can have one.
const ContributorInsights* InsightsOf(const TableDefinition& definition, std::optional<std::string_view> index);
ContributorInsights* InsightsOf(TableDefinition* definition, std::optional<std::string_view> index);

// "DynamoDBContributorInsights-PKC-Orders-1576629651520", …: of what is enabled; none where nothing is.
std::vector<std::string> InsightRules(const TableDefinition& definition, std::optional<std::string_view> index);

// Applies an action; false if it changes nothing. A mode that isn't given is the wider one.
bool ChangeInsights(bool enable, std::optional<ContributorInsightsMode> mode, WallTime now,
                    ContributorInsights* insights);

}  // namespace insula::operations
