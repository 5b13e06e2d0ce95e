// Global tables and the auto scaling of their replicas.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

// The same constraints as an index's name has.
Shape GlobalTableName(std::vector<Constraint> first = {}) { return IndexName(std::move(first)); }

Shape OfGlobalTableNameAlone(const char* class_name) {
  return Structure(class_name, {{"GlobalTableName", GlobalTableName({NotNull()})}});
}

Shape ScalingPolicy() {
  return Structure("AutoScalingPolicyUpdate",
                   {
                       {"PolicyName", String({MinLength(1), MaxLength(256)})},
                       {"TargetTrackingScalingPolicyConfiguration",
                        Structure("AutoScalingTargetTrackingScalingPolicyConfigurationUpdate",
                                  {
                                      {"DisableScaleIn", Boolean()},
                                      {"ScaleInCooldown", Integer()},
                                      {"ScaleOutCooldown", Integer()},
                                      {"TargetValue", Double({NotNull()})},
                                  },
                                  {NotNull()})},
                   });
}

Shape AutoScalingSettings() {
  return Structure("AutoScalingSettingsUpdate", {
                                                    {"MinimumUnits", Long({MinValue(1)})},
                                                    {"MaximumUnits", Long({MinValue(1)})},
                                                    {"AutoScalingDisabled", Boolean()},
                                                    {"AutoScalingRoleArn", String({MinLength(1), MaxLength(1600)})},
                                                    {"ScalingPolicyUpdate", ScalingPolicy()},
                                                });
}

Shape ReplicaIndexSettings() {
  return List(Structure("ReplicaGlobalSecondaryIndexSettingsUpdate",
                        {
                            {"IndexName", IndexName({NotNull()})},
                            {"ProvisionedReadCapacityUnits", Long({MinValue(1)})},
                            {"ProvisionedReadCapacityAutoScalingSettingsUpdate", AutoScalingSettings()},
                        }),
              {MinLength(1), MaxLength(20)});
}

}  // namespace

const Shape& CreateGlobalTable() {
  static const Shape shape =
      Structure("CreateGlobalTableInput",
                {
                    {"GlobalTableName", GlobalTableName({NotNull()})},
                    {"ReplicationGroup", List(Structure("Replica", {{"RegionName", RegionName()}}), {NotNull()})},
                });
  return shape;
}

const Shape& UpdateGlobalTable() {
  static const Shape shape = Structure(
      "UpdateGlobalTableInput",
      {
          {"GlobalTableName", GlobalTableName({NotNull()})},
          {"ReplicaUpdates",
           List(Structure("ReplicaUpdate",
                          {
                              {"Create", Structure("CreateReplicaAction", {{"RegionName", RegionName({NotNull()})}})},
                              {"Delete", Structure("DeleteReplicaAction", {{"RegionName", RegionName({NotNull()})}})},
                          }),
                {NotNull()})},
      });
  return shape;
}

const Shape& UpdateGlobalTableSettings() {
  static const Shape shape = Structure(
      "UpdateGlobalTableSettingsInput",
      {
          {"GlobalTableName", GlobalTableName({NotNull()})},
          {"GlobalTableBillingMode", BillingMode()},
          {"GlobalTableProvisionedWriteCapacityUnits", Long({MinValue(1)})},
          {"GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate", AutoScalingSettings()},
          {"GlobalTableGlobalSecondaryIndexSettingsUpdate",
           List(Structure("GlobalTableGlobalSecondaryIndexSettingsUpdate",
                          {
                              {"IndexName", IndexName({NotNull()})},
                              {"ProvisionedWriteCapacityUnits", Long({MinValue(1)})},
                              {"ProvisionedWriteCapacityAutoScalingSettingsUpdate", AutoScalingSettings()},
                          }),
                {MinLength(1), MaxLength(20)})},
          {"ReplicaSettingsUpdate",
           List(Structure("ReplicaSettingsUpdate",
                          {
                              {"RegionName", RegionName({NotNull()})},
                              {"ReplicaProvisionedReadCapacityUnits", Long({MinValue(1)})},
                              {"ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate", AutoScalingSettings()},
                              {"ReplicaGlobalSecondaryIndexSettingsUpdate", ReplicaIndexSettings()},
                              {"ReplicaTableClass", TableClass()},
                          }),
                {MinLength(1), MaxLength(50)})},
      });
  return shape;
}

const Shape& DescribeGlobalTable() {
  static const Shape shape = OfGlobalTableNameAlone("DescribeGlobalTableInput");
  return shape;
}

const Shape& DescribeGlobalTableSettings() {
  static const Shape shape = OfGlobalTableNameAlone("DescribeGlobalTableSettingsInput");
  return shape;
}

const Shape& ListGlobalTables() {
  static const Shape shape =
      Structure("ListGlobalTablesInput", {
                                             {"ExclusiveStartGlobalTableName", GlobalTableName()},
                                             {"Limit", Integer({MinValue(1)})},
                                             {"RegionName", RegionName()},
                                         });
  return shape;
}

const Shape& DescribeTableReplicaAutoScaling() {
  static const Shape shape = Structure("DescribeTableReplicaAutoScalingInput", {{"TableName", TableNameParameter()}});
  return shape;
}

const Shape& UpdateTableReplicaAutoScaling() {
  static const Shape shape = Structure(
      "UpdateTableReplicaAutoScalingInput",
      {
          {"TableName", TableNameParameter()},
          {"GlobalSecondaryIndexUpdates",
           List(Structure("GlobalSecondaryIndexAutoScalingUpdate",
                          {
                              {"IndexName", IndexName()},
                              {"ProvisionedWriteCapacityAutoScalingUpdate", AutoScalingSettings()},
                          }),
                {MinLength(1)})},
          {"ProvisionedWriteCapacityAutoScalingUpdate", AutoScalingSettings()},
          {"ReplicaUpdates",
           List(Structure("ReplicaAutoScalingUpdate",
                          {
                              {"RegionName", RegionName({NotNull()})},
                              {"ReplicaGlobalSecondaryIndexUpdates",
                               List(Structure("ReplicaGlobalSecondaryIndexAutoScalingUpdate",
                                              {
                                                  {"IndexName", IndexName()},
                                                  {"ProvisionedReadCapacityAutoScalingUpdate", AutoScalingSettings()},
                                              }))},
                              {"ReplicaProvisionedReadCapacityAutoScalingUpdate", AutoScalingSettings()},
                          }),
                {MinLength(1)})},
      });
  return shape;
}

}  // namespace insula::wire::shapes
