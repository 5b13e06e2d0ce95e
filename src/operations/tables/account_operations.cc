// DescribeLimits and DescribeEndpoints.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
#include "operations/tables/table_operations.h"
#include "operations/tables/throughput_rules.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {
constexpr std::int64_t kEndpointCacheMinutes = 1440;
}

Task<Result<std::string>> DescribeLimits(Call&) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.IntegerField("AccountMaxReadCapacityUnits", kAccountCapacityUnitsMax);
  writer.IntegerField("AccountMaxWriteCapacityUnits", kAccountCapacityUnitsMax);
  writer.IntegerField("TableMaxReadCapacityUnits", kTableCapacityUnitsMax);
  writer.IntegerField("TableMaxWriteCapacityUnits", kTableCapacityUnitsMax);
  writer.EndObject();
  co_return body;
}

Task<Result<std::string>> DescribeEndpoints(Call& call) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Endpoints");
  writer.BeginArray();
  writer.BeginObject();
  writer.StringField("Address", call.services.options.endpoint);
  writer.IntegerField("CachePeriodInMinutes", kEndpointCacheMinutes);
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
