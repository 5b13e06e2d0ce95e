// UpdateContributorInsights, DescribeContributorInsights and ListContributorInsights. What they are about is seen by
// the operator: `insula table contributors`.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "operations/core/table_handle.h"
#include "operations/insights/insight_operations.h"
#include "operations/insights/insights.h"
#include "operations/tables/table_description.h"
#include "wire/base64.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::size_t kSummariesPerPageMax = 100;

Error NoIndex(std::string_view index, std::string_view table) {
  return {ErrorCode::kResourceNotFound,
          fmt::format("Requested resource not found: Index: {} not found for table: {}", index, table)};
}

// A table that is being made or dropped isn't there yet, or any more.
Result<TableHandle> Find(const Call& call, std::string_view name, Access access) {
  INSULA_ASSIGN(TableHandle table, TableHandle::OpenForControl(call, name, access));
  const TableDefinition& definition = table->definition;
  if (!table.is_settled()) {
    return Error(ErrorCode::kResourceNotFound,
                 fmt::format("Requested resource not found: Table: {} not found", definition.name));
  }
  return table;
}

Result<void> CheckIndex(const TableDefinition& definition, std::optional<std::string_view> index, bool enable) {
  if (!index) return {};
  if (InsightsOf(definition, index) == nullptr) return NoIndex(*index, definition.name);
  if (enable && definition.index_settings.find(std::string(*index))->second.status == IndexStatus::kCreating) {
    return ValidationError(
        "Table or Index is not in a valid state to update Key Access Insights: IndexStatus must be ACTIVE to enable "
        "ContributorInsights.");
  }
  return {};
}

std::optional<ContributorInsightsMode> ModeOf(wire::StructureView input) {
  const auto mode = input.String("ContributorInsightsMode");
  if (!mode) return std::nullopt;
  return *mode == NameOf(ContributorInsightsMode::kThrottledKeys) ? ContributorInsightsMode::kThrottledKeys
                                                                  : ContributorInsightsMode::kAccessedAndThrottledKeys;
}

std::string_view StatusOf(const ContributorInsights& insights) { return insights.enabled ? "ENABLED" : "DISABLED"; }

// The members that all three answers have; a mode once there was one.
void WriteResource(std::string_view table, std::optional<std::string_view> index, wire::JsonWriter* writer) {
  writer->StringField("TableName", table);
  if (index) writer->StringField("IndexName", *index);
}
void WriteStatus(std::string_view status, const ContributorInsights& insights, wire::JsonWriter* writer) {
  writer->StringField("ContributorInsightsStatus", status);
  if (insights.updated_at) writer->StringField("ContributorInsightsMode", NameOf(insights.mode));
}

// One line of the list.
struct Summary {
  std::string table;
  std::string index;  // empty: the table itself
  ContributorInsights insights;
};

// Where a list goes on: behind this table's index (empty: behind the table itself).
struct Position {
  std::string table;
  std::string index;
};

//   token := base64(table '\n' index)
std::string TokenOf(const Summary& summary) {
  std::string token;
  wire::AppendBase64(summary.table + '\n' + summary.index, &token);
  return token;
}
Result<Position> PositionOf(std::string_view token) {
  if (!wire::CheckBase64(token).ok()) return ValidationError("Invalid NextToken");
  const std::string text = wire::DecodeBase64(token);
  const std::size_t end = text.find('\n');
  if (end == std::string::npos) return ValidationError("Invalid NextToken");
  return Position{text.substr(0, end), text.substr(end + 1)};
}

// Appends what is enabled of the table: itself, then its indexes in order; only behind `after`, if that is in it.
void Summarize(const TableDefinition& definition, const Position* after, std::vector<Summary>* out) {
  if (definition.status == TableStatus::kCreating) return;
  bool skipping = after != nullptr;
  const auto add = [&](const std::string& index, const ContributorInsights& insights) {
    if (!skipping && insights.enabled) out->push_back({definition.name, index, insights});
    if (skipping && index == after->index) skipping = false;
  };
  add("", definition.insights);
  for (const IndexSchema& index : definition.schema->indexes) {
    if (const ContributorInsights* insights = InsightsOf(definition, index.name)) add(index.name, *insights);
  }
}

// Until there are more than `count`, or all.
std::vector<Summary> Summarize(const Call& call, const std::optional<Position>& after, std::size_t count) {
  const tenancy::ContextCatalog& catalog = call.services.catalog;
  std::vector<Summary> summaries;
  std::string last;
  if (after) {
    last = after->table;
    if (auto table = catalog.Find(call.context(), last); table.ok())
      Summarize((*table)->definition, &*after, &summaries);
  }
  while (summaries.size() <= count) {
    const tenancy::TableNames names = catalog.List(call.context(), last, kSummariesPerPageMax);
    for (const std::string& name : names.names) {
      if (auto table = catalog.Find(call.context(), name); table.ok())
        Summarize((*table)->definition, nullptr, &summaries);
    }
    if (!names.last_evaluated) break;
    last = *names.last_evaluated;
  }
  return summaries;
}

}  // namespace

Task<Result<std::string>> UpdateContributorInsights(Call& call) {
  const wire::StructureView input = call.input();
  const std::optional<std::string_view> index = input.String("IndexName");
  const bool enable = *input.String("ContributorInsightsAction") == "ENABLE";
  const std::optional<ContributorInsightsMode> mode = ModeOf(input);
  INSULA_CO_ASSIGN(TableHandle table, Find(call, *input.String("TableName"), Access::kWrite));
  INSULA_CO_TRY(CheckIndex(table->definition, index, enable));

  auto changed = std::make_shared<bool>(false);
  const WallTime now = call.services.clock.Now();
  std::function<Result<void>(TableDefinition&)> change =
      [changed, enable, mode, now,
       index = index ? std::optional<std::string>(*index) : std::nullopt](TableDefinition& definition) -> Result<void> {
    INSULA_TRY(CheckIndex(definition, index, enable));
    *changed = ChangeInsights(enable, mode, now, InsightsOf(&definition, index));
    return {};
  };
  tenancy::Context context = call.context();
  std::string action = fmt::format("dynamodb:{}", call.operation);
  Result<tenancy::TablePtr> updated = co_await call.services.catalog.UpdateTable(
      std::move(context), table->definition.name, std::move(change), std::move(action));
  if (!updated.ok()) co_return std::move(updated).error();
  // As it is by now: another change may have overtaken this one.
  if (call.services.contributors != nullptr) {
    if (auto latest = call.services.catalog.Find(call.context(), table->definition.name); latest.ok()) {
      FollowInsights(**latest, call.services.contributors);
    }
  }

  const TableDefinition& definition = (*updated)->definition;
  const ContributorInsights& insights = *InsightsOf(definition, index);
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  WriteResource(definition.name, index, &writer);
  WriteStatus(!*changed ? StatusOf(insights) : enable ? "ENABLING" : "DISABLING", insights, &writer);
  writer.EndObject();
  co_return body;
}

Task<Result<std::string>> DescribeContributorInsights(Call& call) {
  const std::optional<std::string_view> index = call.input().String("IndexName");
  INSULA_CO_ASSIGN(TableHandle table, Find(call, *call.input().String("TableName"), Access::kRead));
  const TableDefinition& definition = table->definition;
  INSULA_CO_TRY(CheckIndex(definition, index, false));
  const ContributorInsights& insights = *InsightsOf(definition, index);
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  WriteResource(definition.name, index, &writer);
  if (insights.enabled) {
    writer.Key("ContributorInsightsRuleList");
    writer.BeginArray();
    for (const std::string& rule : InsightRules(definition, index)) writer.String(rule);
    writer.EndArray();
  }
  WriteStatus(StatusOf(insights), insights, &writer);
  if (insights.updated_at) WriteTime("LastUpdateDateTime", *insights.updated_at, &writer);
  writer.EndObject();
  co_return body;
}

Task<Result<std::string>> ListContributorInsights(Call& call) {
  const wire::StructureView input = call.input();
  const auto count = static_cast<std::size_t>(
      std::clamp<std::int64_t>(input.Integer("MaxResults").value_or(kSummariesPerPageMax), 1, kSummariesPerPageMax));
  std::optional<Position> after;
  if (const auto token = input.String("NextToken")) {
    INSULA_CO_ASSIGN(after, PositionOf(*token));
  }
  std::vector<Summary> summaries;
  if (const auto name = input.String("TableName")) {
    INSULA_CO_ASSIGN(TableHandle table, Find(call, *name, Access::kRead));
    const bool within = after && after->table == table->definition.name;
    Summarize(table->definition, within ? &*after : nullptr, &summaries);
  } else {
    summaries = Summarize(call, after, count);
  }
  const bool more = summaries.size() > count;
  if (more) summaries.resize(count);

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("ContributorInsightsSummaries");
  writer.BeginArray();
  for (const Summary& summary : summaries) {
    writer.BeginObject();
    WriteResource(summary.table, summary.index.empty() ? std::nullopt : std::optional<std::string_view>(summary.index),
                  &writer);
    WriteStatus(StatusOf(summary.insights), summary.insights, &writer);
    writer.EndObject();
  }
  writer.EndArray();
  if (more) writer.StringField("NextToken", TokenOf(summaries.back()));
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
