// The settings of time to live; what they do to items is the expirer's business (control/expirer.h).
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <utility>

#include "operations/core/settled.h"
#include "operations/core/table_handle.h"
#include "operations/tables/table_operations.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

struct Wanted {
  bool enable = false;
  std::string attribute;
  WallTime now;
  std::chrono::milliseconds interval;  // between two changes
};

Result<void> Change(const Wanted& wanted, TableDefinition* definition) {
  const auto& [enable, attribute, now, interval] = wanted;
  TimeToLive& ttl = definition->ttl;
  if (!ttl.enabled && !enable) return ValidationError("TimeToLive is already disabled");
  if (ttl.enabled && ttl.attribute_name != attribute) {
    return ValidationError("TimeToLive is active on a different AttributeName: current AttributeName is " +
                           ttl.attribute_name);
  }
  if (ttl.enabled && enable) return ValidationError("TimeToLive is already enabled");
  if (ttl.changed_at && now < *ttl.changed_at + interval) {
    return ValidationError("Time to live has been modified multiple times within a fixed interval");
  }
  ttl.enabled = enable;
  ttl.attribute_name = attribute;
  ttl.changed_at = now;
  return {};
}

}  // namespace

Task<Result<std::string>> UpdateTimeToLive(Call& call) {
  wire::StructureView input = call.input();
  wire::StructureView specification = *input.Structure("TimeToLiveSpecification");
  bool enable = *specification.Boolean("Enabled");
  std::string attribute(*specification.String("AttributeName"));
  INSULA_CO_ASSIGN(TableHandle found, TableHandle::OpenSettings(call, *input.String("TableName"), Access::kWrite));
  if (!found.is_settled()) {
    co_return Error(ErrorCode::kResourceNotFound,
                    fmt::format("Requested resource not found: Table: {} not found", found->definition.name));
  }

  const Wanted wanted{enable, attribute, call.services.clock.Now(), call.services.options.ttl_update_interval};
  std::function<Result<void>(TableDefinition&)> change = [wanted](TableDefinition& definition) {
    return Change(wanted, &definition);
  };
  tenancy::Context context = call.context();
  std::string action = fmt::format("dynamodb:{}", call.operation);
  Result<tenancy::TablePtr> updated = co_await call.services.catalog.UpdateTable(
      std::move(context), found->definition.name, std::move(change), std::move(action));
  if (!updated.ok()) co_return std::move(updated).error();
  co_await AwaitSettled(call, *updated);

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("TimeToLiveSpecification");
  writer.BeginObject();
  writer.StringField("AttributeName", attribute);
  writer.BooleanField("Enabled", enable);
  writer.EndObject();
  writer.EndObject();
  co_return body;
}

Task<Result<std::string>> DescribeTimeToLive(Call& call) {
  INSULA_CO_ASSIGN(TableHandle table,
                   TableHandle::OpenSettings(call, *call.input().String("TableName"), Access::kRead));
  const TableDefinition& definition = table->definition;
  if (!table.is_settled()) {
    std::string_view status = NameOf(definition.status);
    co_return ValidationError(fmt::format(
        "Cannot describe time to live while table is in {} state: Current table state is {}", status, status));
  }
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("TimeToLiveDescription");
  writer.BeginObject();
  writer.StringField("TimeToLiveStatus", StatusOf(definition.ttl));
  if (definition.ttl.enabled || definition.ttl.settling)
    writer.StringField("AttributeName", definition.ttl.attribute_name);
  writer.EndObject();
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
