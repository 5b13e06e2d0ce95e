#include "operations/core/authorize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>

#include "operations/core/permission.h"
#include "operations/core/table_facts.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/refusals.h"

namespace insula::operations {
namespace {

// Operations that ask for themselves: those that open tables for items as they open them, GetRecords once it has opened
// its iterator.
constexpr std::array<std::string_view, 15> kAskThemselves{"BatchExecuteStatement",
                                                          "BatchGetItem",
                                                          "BatchWriteItem",
                                                          "DeleteItem",
                                                          "ExecuteStatement",
                                                          "ExecuteTransaction",
                                                          "GetItem",
                                                          "GetRecords",
                                                          "PutItem",
                                                          "Query",
                                                          "Scan",
                                                          "SearchVectors",
                                                          "TransactGetItems",
                                                          "TransactWriteItems",
                                                          "UpdateItem"};
static_assert(std::ranges::is_sorted(kAskThemselves));

// Parameters that name what an operation is about, by ARN or as a table.
constexpr std::array<std::string_view, 10> kResources{
    "ResourceArn", "StreamArn",      "BackupArn",       "ExportArn", "ImportArn",
    "TableArn",    "SourceTableArn", "SourceTableName", "TableName", "TargetTableName"};

// Lists are of all that the caller has: no resource's in particular. (What a resource is tagged with is.)
bool IsAboutNothingInParticular(std::string_view operation) {
  return operation.starts_with("List") && operation != "ListTagsOfResource";
}

// Made once for each permission and thread. `permission`: a literal.
const policy::Action& ActionOf(std::string_view permission) {
  thread_local std::unordered_map<std::string_view, policy::Action> actions;
  const auto found = actions.find(permission);
  if (found != actions.end()) return found->second;
  return actions.try_emplace(permission, fmt::format("dynamodb:{}", permission)).first->second;
}

std::optional<std::string_view> TextAt(const Call& call, std::string_view name) {
  const wire::Field* field = call.input().shape().FindField(name);
  if (field == nullptr || field->shape.kind != wire::Kind::kString) return std::nullopt;
  return call.input().String(name);
}

}  // namespace

std::string TableArnOf(const Call& call, std::string_view name_or_arn) {
  if (tenancy::LooksLikeArn(name_or_arn)) return std::string(name_or_arn);
  return tenancy::TableArn(call.services.options.region, tenancy::AccountOf(call.context()), name_or_arn);
}

Result<void> AskPolicies(const Call& call, std::string_view table_arn, const tenancy::Table* table,
                         const Intent& intent) {
  if (call.caller.grants == nullptr) return {};
  const policy::Action& action = ActionOf(intent.action.empty() ? call.operation : intent.action);
  const TableFacts facts(call, table, intent);
  const std::string& account = tenancy::AccountOf(call.context()).value();
  const WallTime now = call.services.clock.Now();
  if (intent.index.empty()) return MustBeAllowed(call.caller, action, {table_arn, account, true}, facts, now);
  const std::string index_arn = fmt::format("{}/index/{}", table_arn, intent.index);
  return MustBeAllowed(call.caller, action, {index_arn, account, true}, facts, now);
}

Result<void> AskPoliciesOfOperation(const Call& call) {
  if (call.caller.grants == nullptr || std::ranges::binary_search(kAskThemselves, call.operation)) return {};
  const Intent intent(Access::kRead);
  if (IsAboutNothingInParticular(call.operation)) return AskPolicies(call, "*", nullptr, intent);
  bool asked = false;
  const auto ask = [&](const std::optional<std::string_view>& resource) -> Result<void> {
    if (!resource) return {};
    asked = true;
    const Result<tenancy::TablePtr> found = call.services.catalog.Find(call.context(), *resource, call.operation);
    const tenancy::Table* table = found.ok() ? found->get() : nullptr;
    return AskPolicies(call, TableArnOf(call, *resource), table, intent);
  };
  // A restore is asked about twice: its backup, and the table that it makes.
  for (const std::string_view parameter : kResources) INSULA_TRY(ask(TextAt(call, parameter)));
  if (call.input().shape().FindField("TableCreationParameters") != nullptr) {
    if (const auto made = call.input().Structure("TableCreationParameters")) INSULA_TRY(ask(made->String("TableName")));
  }
  return asked ? Result<void>() : AskPolicies(call, "*", nullptr, intent);
}

Result<void> Authorize(const Call& call, const tenancy::Table& table, const Intent& intent) {
  if (intent.access == Access::kRead || !table.read_only) return {};
  return NotAuthorized(call, table.arn, intent.action);
}

Result<void> AuthorizeInTransaction(const Call& call, const tenancy::Table& table, std::string_view action) {
  if (!table.pooled) return {};
  return NotAuthorized(call, table.arn, action);
}

Error NotAuthorized(const Call& call, std::string_view arn, std::string_view action) {
  return tenancy::NotAuthorized(call.context(), fmt::format("dynamodb:{}", action.empty() ? call.operation : action),
                                arn);
}

}  // namespace insula::operations
