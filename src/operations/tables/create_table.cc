// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "operations/core/authorize.h"
#include "operations/core/refusal.h"
#include "operations/core/settled.h"
#include "operations/core/unoffered.h"
#include "operations/tables/table_description.h"
#include "operations/tables/table_input.h"
#include "operations/tables/table_operations.h"
#include "operations/tables/table_rules.h"
#include "operations/tables/unused_definitions.h"

namespace insula::operations {
namespace {

constexpr std::size_t kTableNameSizeMin = 3;
constexpr std::size_t kTableNameSizeMax = 255;

bool IsNameCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
}

// The name to create, which may be given as the ARN that the table will have.
Result<std::string> NameToCreate(const Call& call, const std::string& given) {
  if (!given.starts_with("arn:")) return given;
  std::string prefix = fmt::format("arn:aws:dynamodb:{}:{}:table/", call.services.options.region,
                                   tenancy::AccountOf(call.context()).value());
  if (!given.starts_with(prefix)) return NotAuthorized(call, given);
  std::string name = given.substr(prefix.size());
  if (name.size() < kTableNameSizeMin || name.size() > kTableNameSizeMax ||
      !std::ranges::all_of(name, IsNameCharacter)) {
    return ValidationError("TableName must be at least 3 characters long and at most 255 characters long");
  }
  return name;
}

// What the request asks for that isn't offered.
Result<void> CheckOffered(wire::StructureView input) {
  if (input.Has("GlobalTableSourceArn") || input.Has("GlobalTableSettingsReplicationMode")) {
    return GlobalTablesNotOffered();
  }
  if (input.Has("ResourcePolicy")) return ResourcePoliciesNotOffered();
  return {};
}

void WarnOfUnused(const std::vector<std::string>& left_out, const std::string& table) {
  if (left_out.empty()) return;
  Log(LogLevel::kWarn, "a table was made without the attribute definitions that no key uses; DynamoDB refuses them",
      {{"room", "operations"}, {"table", table}, {"attributes", fmt::format("{}", fmt::join(left_out, ","))}});
}

}  // namespace

Task<Result<std::string>> CreateTable(Call& call) {
  INSULA_CO_TRY(CheckOffered(call.input()));
  CreateTableInput input = ReadCreateTable(call.input());
  const std::string& region = call.services.options.region;
  if (call.services.options.takes_unused_definitions) WarnOfUnused(LeaveOutUnusedDefinitions(&input), input.table_name);
  INSULA_CO_TRY(CheckCreateTable(input, region));
  INSULA_CO_ASSIGN(input.table_name, NameToCreate(call, input.table_name));
  TableDefinition definition = DefinitionOf(input, call.services.clock.Now());
  const bool warm_asked = input.warm.has_value();
  tenancy::Context context = call.context();
  Result<tenancy::TablePtr> created =
      co_await call.services.catalog.CreateTable(std::move(context), std::move(definition));
  if (!created.ok()) co_return std::move(created).error();

  co_await AwaitSettled(call, *created);
  const tenancy::Table& table = **created;
  TableDefinition shown = table.definition;
  shown.status = TableStatus::kCreating;
  TableView view{shown, table.arn, region, {}, call.services.clock.Now(), DescriptionPart::kJustCreated};
  view.warm_asked = warm_asked;
  co_return DescriptionAnswer("TableDescription", view);
}

}  // namespace insula::operations
