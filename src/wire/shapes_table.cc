// Operations on tables.
#include "wire/backup_shapes.h"
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

Shape AttributeDefinitions(std::vector<Constraint> constraints = {}) {
  return List(Structure("AttributeDefinition",
                        {
                            {"AttributeName", String({NotNull(), MinLength(1), MaxLength(255)})},
                            {"AttributeType", String({NotNull(), Enum({"B", "N", "S"})})},
                        }),
              std::move(constraints));
}

Shape KeySchema(std::int64_t length_max) {
  return List(Structure("KeySchemaElement",
                        {
                            {"AttributeName", String({NotNull(), MinLength(1), MaxLength(255)})},
                            {"KeyType", String({NotNull(), Enum({"HASH", "RANGE"})})},
                        }),
              {NotNull(), MinLength(1), MaxLength(length_max)});
}
constexpr std::int64_t kTableKeyMax = 2;
constexpr std::int64_t kGlobalIndexKeyMax = 8;  // up to four attributes of each kind

Shape Projection() {
  return Structure(
      "Projection",
      {
          {"ProjectionType", String({Enum({"ALL", "INCLUDE", "KEYS_ONLY"})})},
          {"NonKeyAttributes", List(String({MinLength(1), MaxLength(255)}), {MinLength(1), MaxLength(20)})},
      },
      {NotNull()});
}

Shape ProvisionedThroughput(std::vector<Constraint> constraints = {}) {
  return Structure("ProvisionedThroughput",
                   {
                       {"WriteCapacityUnits", Long({NotNull(), MinValue(1)})},
                       {"ReadCapacityUnits", Long({NotNull(), MinValue(1)})},
                   },
                   std::move(constraints));
}

Shape OnDemandThroughput() {
  return Structure("OnDemandThroughput", {{"MaxReadRequestUnits", Long()}, {"MaxWriteRequestUnits", Long()}});
}

Shape WarmThroughput() {
  return Structure("WarmThroughput", {{"ReadUnitsPerSecond", Long()}, {"WriteUnitsPerSecond", Long()}});
}

Shape ReplicationMode() { return String({Enum({"ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES"})}); }

Shape StreamSpecification() {
  return Structure(
      "StreamSpecification",
      {
          {"StreamEnabled", Boolean({NotNull()})},
          {"StreamViewType", String({Enum({"OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"})})},
      });
}

Shape SseSpecification() {
  return Structure(
      "SSESpecification",
      {{"Enabled", Boolean()}, {"SSEType", String({Enum({"AES256", "KMS"})})}, {"KMSMasterKeyId", String()}});
}

// Of a new index, in CreateTable or UpdateTable.
Shape VectorIndex(const char* class_name) {
  return Structure(
      class_name,
      {
          {"IndexName", IndexName({NotNull()})},
          {"VectorAttribute",
           Structure("VectorAttributeDefinition",
                     {{"AttributeName", String({NotNull(), MinLength(1), MaxLength(255)})}}, {NotNull()})},
          {"SearchSchema",
           List(Structure("SearchSchemaElement",
                          {
                              {"AttributeName", String({NotNull(), MinLength(1), MaxLength(255)})},
                              {"SearchSchemaElementType", String({NotNull(), Enum({"HASH", "INLINE_FILTER"})})},
                          }))},
          {"Projection", Projection()},
          {"Dimensions", Integer({NotNull(), MinValue(1)})},
          {"DistanceFunction", String({NotNull(), Enum({"DOT_PRODUCT", "COSINE", "EUCLIDEAN"})})},
      });
}

Shape ReplicaMember(const char* class_name) {
  const auto read_units = [](const char* name) {
    return Structure(name, {{"ReadCapacityUnits", Long({MinValue(1)})}});
  };
  const auto request_units = [] { return Structure("OnDemandThroughputOverride", {{"MaxReadRequestUnits", Long()}}); };
  return Structure(
      class_name,
      {
          {"RegionName", RegionName({NotNull()})},
          {"KMSMasterKeyId", String()},
          {"ProvisionedThroughputOverride", read_units("ProvisionedThroughputOverride")},
          {"OnDemandThroughputOverride", request_units()},
          {"GlobalSecondaryIndexes",
           List(Structure("ReplicaGlobalSecondaryIndex",
                          {
                              {"IndexName", IndexName({NotNull()})},
                              {"ProvisionedThroughputOverride", read_units("ProvisionedThroughputOverride")},
                              {"OnDemandThroughputOverride", request_units()},
                          }),
                {MinLength(1)})},
          {"TableClassOverride", TableClass()},
      });
}

Shape ReplicaUpdates() {
  return List(
      Structure(
          "ReplicationGroupUpdate",
          {
              {"Create", ReplicaMember("CreateReplicationGroupMemberAction")},
              {"Update", ReplicaMember("UpdateReplicationGroupMemberAction")},
              {"Delete", Structure("DeleteReplicationGroupMemberAction", {{"RegionName", RegionName({NotNull()})}})},
              {"Disassociate",
               Structure("DisassociateReplicationGroupMemberAction",
                         {
                             {"RegionName", RegionName({NotNull()})},
                             {"DisassociationMode", String({NotNull(), Enum({"WAIT_FOR_REPLICATION"})})},
                         })},
          }),
      {MinLength(1)});
}

Shape WitnessUpdates() {
  return List(Structure("GlobalTableWitnessGroupUpdate",
                        {
                            {"Create", Structure("CreateGlobalTableWitnessGroupMemberAction",
                                                 {{"RegionName", RegionName({NotNull()})}})},
                            {"Delete", Structure("DeleteGlobalTableWitnessGroupMemberAction",
                                                 {{"RegionName", RegionName({NotNull()})}})},
                        }),
              {MinLength(1), MaxLength(1)});
}

Shape LocalIndexes() {
  return List(Structure("LocalSecondaryIndex", {
                                                   {"IndexName", IndexName({NotNull()})},
                                                   {"KeySchema", KeySchema(kTableKeyMax)},
                                                   {"Projection", Projection()},
                                               }));
}

Shape GlobalIndexes() {
  return List(Structure("GlobalSecondaryIndex", {
                                                    {"IndexName", IndexName({NotNull()})},
                                                    {"KeySchema", KeySchema(kGlobalIndexKeyMax)},
                                                    {"Projection", Projection()},
                                                    {"ProvisionedThroughput", ProvisionedThroughput()},
                                                    {"OnDemandThroughput", OnDemandThroughput()},
                                                    {"WarmThroughput", WarmThroughput()},
                                                }));
}

// A restore's parameters: `from`, then the overrides.
Shape Restore(const char* class_name, std::vector<Field> from) {
  from.insert(from.end(), {
                              {"BillingModeOverride", BillingMode()},
                              {"GlobalSecondaryIndexOverride", GlobalIndexes()},
                              {"LocalSecondaryIndexOverride", LocalIndexes()},
                              {"ProvisionedThroughputOverride", ProvisionedThroughput()},
                              {"OnDemandThroughputOverride", OnDemandThroughput()},
                              {"SSESpecificationOverride", SseSpecification()},
                              {"VectorIndexOverride", List(VectorIndex("VectorIndex"))},
                          });
  return Structure(class_name, std::move(from));
}

Shape OfTableNameAlone(const char* class_name) { return Structure(class_name, {{"TableName", TableNameParameter()}}); }

}  // namespace

const Shape& CreateTable() {
  static const Shape shape =
      Structure("CreateTableInput", {
                                        {"AttributeDefinitions", AttributeDefinitions({NotNull()})},
                                        {"TableName", TableNameParameter()},
                                        {"BillingMode", BillingMode()},
                                        {"ProvisionedThroughput", ProvisionedThroughput()},
                                        {"KeySchema", KeySchema(kTableKeyMax)},
                                        {"GlobalSecondaryIndexes", GlobalIndexes()},
                                        {"LocalSecondaryIndexes", LocalIndexes()},
                                        {"StreamSpecification", StreamSpecification()},
                                        {"SSESpecification", SseSpecification()},
                                        {"Tags", Tags()},
                                        {"TableClass", TableClass()},
                                        {"DeletionProtectionEnabled", Boolean()},
                                        {"OnDemandThroughput", OnDemandThroughput()},
                                        {"WarmThroughput", WarmThroughput()},
                                        {"ResourcePolicy", String()},
                                        {"GlobalTableSourceArn", String({MinLength(1), MaxLength(1024)})},
                                        {"GlobalTableSettingsReplicationMode", ReplicationMode()},
                                        {"VectorIndexes", List(VectorIndex("VectorIndex"))},
                                    });
  return shape;
}

const Shape& UpdateTable() {
  static const Shape shape = Structure(
      "UpdateTableInput",
      {
          {"TableName", TableNameParameter()},
          {"ProvisionedThroughput", ProvisionedThroughput()},
          {"BillingMode", BillingMode()},
          {"AttributeDefinitions", AttributeDefinitions()},
          {"GlobalSecondaryIndexUpdates",
           List(Structure(
               "GlobalSecondaryIndexUpdate",
               {
                   {"Update", Structure("UpdateGlobalSecondaryIndexAction",
                                        {
                                            {"IndexName", IndexName({NotNull()})},
                                            {"ProvisionedThroughput", ProvisionedThroughput()},
                                            {"OnDemandThroughput", OnDemandThroughput()},
                                            {"WarmThroughput", WarmThroughput()},
                                        })},
                   {"Create", Structure("CreateGlobalSecondaryIndexAction",
                                        {
                                            {"Projection", Projection()},
                                            {"IndexName", IndexName({NotNull()})},
                                            {"ProvisionedThroughput", ProvisionedThroughput()},
                                            {"OnDemandThroughput", OnDemandThroughput()},
                                            {"WarmThroughput", WarmThroughput()},
                                            {"KeySchema", KeySchema(kGlobalIndexKeyMax)},
                                        })},
                   {"Delete", Structure("DeleteGlobalSecondaryIndexAction", {{"IndexName", IndexName({NotNull()})}})},
               }))},
          {"StreamSpecification", StreamSpecification()},
          {"SSESpecification", SseSpecification()},
          {"ReplicaUpdates", ReplicaUpdates()},
          {"TableClass", TableClass()},
          {"DeletionProtectionEnabled", Boolean()},
          {"MultiRegionConsistency", String({Enum({"EVENTUAL", "STRONG"})})},
          {"GlobalTableWitnessUpdates", WitnessUpdates()},
          {"OnDemandThroughput", OnDemandThroughput()},
          {"WarmThroughput", WarmThroughput()},
          {"GlobalTableSettingsReplicationMode", ReplicationMode()},
          {"DisassociationProtectionEnabled", Boolean()},
          {"VectorIndexUpdates",
           List(Structure("VectorIndexUpdate",
                          {
                              {"Create", VectorIndex("CreateVectorIndexAction")},
                              {"Delete", Structure("DeleteVectorIndexAction", {{"IndexName", IndexName({NotNull()})}})},
                          }))},
      });
  return shape;
}

const Shape& DeleteTable() {
  static const Shape shape = OfTableNameAlone("DeleteTableInput");
  return shape;
}

const Shape& DescribeTable() {
  static const Shape shape = OfTableNameAlone("DescribeTableInput");
  return shape;
}

const Shape& DescribeTimeToLive() {
  static const Shape shape = OfTableNameAlone("DescribeTimeToLiveInput");
  return shape;
}

const Shape& DescribeContinuousBackups() {
  static const Shape shape = OfTableNameAlone("DescribeContinuousBackupsInput");
  return shape;
}

const Shape& UpdateTimeToLive() {
  static const Shape shape = Structure(
      "UpdateTimeToLiveInput", {
                                   {"TableName", TableNameParameter()},
                                   {"TimeToLiveSpecification",
                                    Structure("TimeToLiveSpecification",
                                              {
                                                  {"Enabled", Boolean({NotNull()})},
                                                  {"AttributeName", String({NotNull(), MinLength(1), MaxLength(255)})},
                                              },
                                              {NotNull()})},
                               });
  return shape;
}

const Shape& ListTables() {
  static const Shape shape =
      Structure("ListTablesInput", {
                                       {"ExclusiveStartTableName", IndexName()},  // the same constraints
                                       {"Limit", Integer({MinValue(1), MaxValue(100)})},
                                   });
  return shape;
}

const Shape& DescribeLimits() {
  static const Shape shape = Structure("DescribeLimitsInput", {});
  return shape;
}

const Shape& DescribeEndpoints() {
  static const Shape shape = Structure("DescribeEndpointsRequest", {});
  return shape;
}

// A missing or malformed ResourceArn has messages of its own ("Invalid TableArn"), which come before the rest.
const Shape& TagResource() {
  static const Shape shape = Structure("TagResourceInput", {{"ResourceArn", String()}, {"Tags", Tags()}});
  return shape;
}

const Shape& UntagResource() {
  static const Shape shape = Structure("UntagResourceInput", {{"ResourceArn", String()}, {"TagKeys", List(String())}});
  return shape;
}

const Shape& ListTagsOfResource() {
  static const Shape shape = Structure("ListTagsOfResourceInput", {{"ResourceArn", String()}, {"NextToken", String()}});
  return shape;
}

const Shape& RestoreTableFromBackup() {
  static const Shape shape =
      Restore("RestoreTableFromBackupInput", {
                                                 {"TargetTableName", IndexName({NotNull()})},
                                                 {"BackupArn", String({NotNull(), MinLength(37), MaxLength(1024)})},
                                             });
  return shape;
}

const Shape& RestoreTableToPointInTime() {
  static const Shape shape =
      Restore("RestoreTableToPointInTimeInput", {
                                                    {"SourceTableArn", String({TableNameOrArn()})},
                                                    {"SourceTableName", IndexName()},
                                                    {"TargetTableName", IndexName({NotNull()})},
                                                    {"UseLatestRestorableTime", Boolean()},
                                                    {"RestoreDateTime", Timestamp()},
                                                });
  return shape;
}

}  // namespace insula::wire::shapes
