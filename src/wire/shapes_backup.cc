// Operations on backups; restoring, whose parameters are a table's, is in shapes_table.cc.
#include "wire/backup_shapes.h"
#include "wire/shape_parts.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

Shape BackupArn(std::vector<Constraint> constraints = {}) {
  constraints.insert(constraints.end(), {MinLength(37), MaxLength(1024)});
  return String(std::move(constraints));
}

Shape OfBackupArnAlone(const char* class_name) {
  return Structure(class_name, {{"BackupArn", BackupArn({NotNull()})}});
}

}  // namespace

const Shape& CreateBackup() {
  static const Shape shape = Structure(
      "CreateBackupInput", {
                               {"TableName", TableNameParameter()},
                               {"BackupName", String({NotNull(), NamePattern(), MinLength(3), MaxLength(255)})},
                           });
  return shape;
}

const Shape& DeleteBackup() {
  static const Shape shape = OfBackupArnAlone("DeleteBackupInput");
  return shape;
}

const Shape& DescribeBackup() {
  static const Shape shape = OfBackupArnAlone("DescribeBackupInput");
  return shape;
}

const Shape& ListBackups() {
  static const Shape shape =
      Structure("ListBackupsInput", {
                                        {"TableName", String({TableNameOrArn()})},
                                        {"Limit", Integer({MinValue(1), MaxValue(100)})},
                                        {"TimeRangeLowerBound", Timestamp()},
                                        {"TimeRangeUpperBound", Timestamp()},
                                        {"ExclusiveStartBackupArn", BackupArn()},
                                        {"BackupType", String({Enum({"USER", "SYSTEM", "AWS_BACKUP", "ALL"})})},
                                    });
  return shape;
}

const Shape& UpdateContinuousBackups() {
  static const Shape shape = Structure(
      "UpdateContinuousBackupsInput", {
                                          {"TableName", TableNameParameter()},
                                          {"PointInTimeRecoverySpecification",
                                           Structure("PointInTimeRecoverySpecification",
                                                     {
                                                         {"PointInTimeRecoveryEnabled", Boolean({NotNull()})},
                                                         {"RecoveryPeriodInDays", Integer({MinValue(1), MaxValue(35)})},
                                                     },
                                                     {NotNull()})},
                                      });
  return shape;
}

}  // namespace insula::wire::shapes
